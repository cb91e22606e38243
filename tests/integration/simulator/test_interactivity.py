"""Clicks, modals, commands and shortcuts, answered by a real Bolt app."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.integration.simulator.world import World, eventually

BUTTON: dict[str, Any] = {
    "type": "actions",
    "block_id": "vote",
    "elements": [
        {"type": "button", "action_id": "yes", "text": {"type": "plain_text", "text": "Yes"}, "value": "a1"},
    ],
}
FEEDBACK = {
    "type": "context_actions",
    "block_id": "fb",
    "elements": [
        {
            "type": "feedback_buttons",
            "action_id": "rate",
            "positive_button": {"text": {"type": "plain_text", "text": "Good"}, "value": "good"},
            "negative_button": {"text": {"type": "plain_text", "text": "Bad"}, "value": "bad"},
        }
    ],
}


def modal(title: str = "Suggest", **more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "text", "multiline": True, "max_length": 10}
    label = {"type": "plain_text", "text": "Answer"}
    return {
        "type": "modal",
        "callback_id": "suggest",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [{"type": "input", "block_id": "answer", "label": label, "element": element}],
    } | more


def entered(text: str) -> dict[str, Any]:
    return {"answer": {"text": {"type": "plain_text_input", "value": text}}}


def post_button(world: World) -> str:
    return str(world.slack.client.chat_postMessage(channel="C1", text="x", blocks=[BUTTON])["ts"])


def press(world: World, ts: str) -> tuple[int, dict[str, Any]]:
    return world.slack.try_to("actions", by="U2", channel="C1", ts=ts, block_id="vote", action_id="yes")


def trigger(world: World) -> str:
    """Have a button pressed and return the trigger id that comes with it."""

    @world.app.action("yes")
    def pressed(ack: Any, body: dict[str, Any]) -> None:
        ack()
        world.hear(body)

    before = len(world.heard)
    press(world, post_button(world))
    return str(world.wait_for(before + 1)[-1]["trigger_id"])


def open_modal(world: World, view: dict[str, Any] | None = None) -> str:
    """Open a modal for Ben and return its id."""
    return str(world.slack.client.views_open(trigger_id=trigger(world), view=view or modal())["view"]["id"])


def stack(world: World) -> list[dict[str, Any]]:
    return list(world.slack.look("views?as=U2")["views"])


def test_a_click_carries_the_button_its_message_and_the_person(world: World) -> None:
    trigger(world)

    body = world.heard[0]
    assert body["actions"][0]["value"] == "a1"
    assert (body["user"]["id"], body["channel"]["id"]) == ("U2", "C1")
    assert body["message"]["ts"] == body["container"]["message_ts"]


def test_feedback_buttons_say_which_half_was_pressed(world: World) -> None:
    @world.app.action("rate")
    def rated(ack: Any, body: dict[str, Any]) -> None:
        ack()
        world.hear(body)

    ts = world.slack.client.chat_postMessage(channel="C1", text="x", blocks=[FEEDBACK])["ts"]
    world.slack.act("actions", by="U2", channel="C1", ts=ts, block_id="fb", action_id="rate", value="bad")

    action = world.wait_for(1)[0]["actions"][0]
    assert (action["type"], action["value"]) == ("feedback_buttons", "bad")


def test_an_unhandled_click_is_shown_as_a_failure(world: World) -> None:
    status, answer = press(world, post_button(world))

    assert (status, "did not respond" in answer["error"]) == (502, True)


def test_a_button_that_is_not_there_cannot_be_pressed(world: World) -> None:
    ts = world.slack.say("U2", "C1", "no buttons")

    assert press(world, ts)[0] == 404


def test_a_message_somebody_cannot_see_cannot_be_clicked(world: World) -> None:
    ts = world.slack.client.chat_postMessage(channel="C3", text="x", blocks=[BUTTON])["ts"]

    status, _ = world.slack.try_to("actions", by="U2", channel="C3", ts=ts, block_id="vote", action_id="yes")

    assert status == 404


def test_a_trigger_opens_one_modal_only(world: World) -> None:
    used = trigger(world)
    world.slack.client.views_open(trigger_id=used, view=modal())

    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        world.slack.client.views_open(trigger_id=used, view=modal())


def test_a_trigger_expires_after_three_seconds(world: World) -> None:
    used = trigger(world)
    world.slack.act("clock", advance=3.5)

    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        world.slack.client.views_open(trigger_id=used, view=modal())


def test_a_trigger_out_of_the_air_is_invalid(world: World) -> None:
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        world.slack.client.views_open(trigger_id="1.2", view=modal())


def test_a_modal_with_an_input_needs_a_submit_button(world: World) -> None:
    view = {key: value for key, value in modal().items() if key != "submit"}
    with pytest.raises(SlackApiError) as error:
        open_modal(world, view)

    assert "missing required field: submit [json-pointer:/view]" in str(error.value.response)


def test_problems_in_a_view_point_into_the_view(world: World) -> None:
    with pytest.raises(SlackApiError, match="/view/blocks/0/type"):
        open_modal(world, modal(blocks=[{"type": "markdown", "text": "x"}]))


def test_a_submitted_modal_closes(world: World) -> None:
    @world.app.view("suggest")
    def submitted(ack: Any, body: dict[str, Any]) -> None:
        ack()
        world.hear(body)

    view = open_modal(world)
    world.slack.act(f"views/{view}/submit", by="U2", state=entered("yes"))

    assert world.heard[-1]["view"]["state"]["values"]["answer"]["text"]["value"] == "yes"
    assert stack(world) == []


def test_refused_input_shows_its_error(world: World) -> None:
    @world.app.view("suggest")
    def submitted(ack: Any) -> None:
        ack(response_action="errors", errors={"answer": "Too vague"})

    view = open_modal(world)
    answer = world.slack.act(f"views/{view}/submit", by="U2", state=entered("hm"))

    assert answer == {"response_action": "errors", "errors": {"answer": "Too vague"}}
    assert stack(world)[0]["errors"] == {"answer": "Too vague"}


@pytest.mark.parametrize(("text", "complaint"), [("", "required"), ("x" * 11, "no more than 10")])
def test_incomplete_input_never_reaches_the_app(world: World, text: str, complaint: str) -> None:
    view = open_modal(world)

    answer = world.slack.act(f"views/{view}/submit", by="U2", state=entered(text))

    assert complaint in answer["errors"]["answer"]


def test_a_submit_can_replace_the_modal(world: World) -> None:
    @world.app.view("suggest")
    def submitted(ack: Any) -> None:
        ack(response_action="update", view=modal("Thanks"))

    view = open_modal(world)
    world.slack.act(f"views/{view}/submit", by="U2", state=entered("yes"))

    assert [(v["id"], v["title"]["text"]) for v in stack(world)] == [(view, "Thanks")]


def test_a_submit_can_push_and_the_next_can_clear(world: World) -> None:
    @world.app.view("suggest")
    def submitted(ack: Any) -> None:
        ack(response_action="push", view=modal("More", callback_id="more"))

    @world.app.view("more")
    def more(ack: Any) -> None:
        ack(response_action="clear")

    first = open_modal(world)
    world.slack.act(f"views/{first}/submit", by="U2", state=entered("yes"))
    top = stack(world)[-1]
    assert (len(stack(world)), top["root_view_id"]) == (2, first)

    world.slack.act(f"views/{top['id']}/submit", by="U2", state=entered("yes"))
    assert stack(world) == []


def test_a_stack_is_three_deep(world: World) -> None:
    open_modal(world)
    for _ in range(2):
        world.slack.client.views_push(trigger_id=trigger(world), view=modal())

    with pytest.raises(SlackApiError, match="push_limit_reached"):
        world.slack.client.views_push(trigger_id=trigger(world), view=modal())


def test_a_stale_hash_is_a_conflict(world: World) -> None:
    view = world.slack.client.views_open(trigger_id=trigger(world), view=modal())["view"]
    world.slack.client.views_update(view_id=view["id"], view=modal("Second"))

    with pytest.raises(SlackApiError, match="hash_conflict"):
        world.slack.client.views_update(view_id=view["id"], view=modal("Third"), hash=view["hash"])


def test_closing_is_announced_when_asked_for(world: World) -> None:
    @world.app.view_closed("suggest")
    def closed(ack: Any, body: dict[str, Any]) -> None:
        ack()
        world.hear(body)

    view = open_modal(world, modal(notify_on_close=True))
    world.slack.act(f"views/{view}/close", by="U2")

    assert world.heard[-1]["type"] == "view_closed"


def test_home_shows_what_was_published(world: World) -> None:
    blocks = [{"type": "divider"}]
    world.slack.client.views_publish(user_id="U2", view={"type": "home", "blocks": blocks})

    assert world.slack.look("home?as=U2")["view"]["blocks"][0]["type"] == "divider"
    assert world.slack.look("home?as=U1")["view"] is None


def test_a_click_in_home_comes_with_its_view(world: World) -> None:
    @world.app.action("yes")
    def pressed(ack: Any, body: dict[str, Any]) -> None:
        ack()
        world.hear(body)

    home = world.slack.client.views_publish(user_id="U2", view={"type": "home", "blocks": [BUTTON]})["view"]
    world.slack.act("actions", by="U2", view_id=home["id"], block_id="vote", action_id="yes")

    body = world.wait_for(1)[0]
    assert (body["view"]["id"], body["container"]["type"]) == (home["id"], "view")


def test_a_command_can_answer_in_its_ack(world: World) -> None:
    @world.app.command("/ask")
    def asked(ack: Any, command: dict[str, Any]) -> None:
        ack(f"you asked: {command['text']}")

    world.slack.act("commands", by="U2", channel="C1", command="/ask", text="why?")

    (message,) = world.slack.messages("U2", "C1")
    assert (message["text"], message["ephemeral"]) == ("you asked: why?", True)


def test_an_unknown_command_is_refused(world: World) -> None:
    status, answer = world.slack.try_to("commands", by="U2", channel="C1", command="/sing", text="")

    assert (status, "/sing" in answer["error"]) == (400, True)


def test_a_response_url_takes_five_messages(world: World) -> None:
    @world.app.command("/ask")
    def asked(ack: Any, command: dict[str, Any]) -> None:
        ack()
        world.hear(command)

    world.slack.act("commands", by="U2", channel="C1", command="/ask", text="why?")
    path = world.wait_for(1)[0]["response_url"].removeprefix(world.slack.url)
    answers = [world.slack.fetch(path, b'{"text": "because"}') for _ in range(6)]

    assert [status for status, _ in answers] == [200] * 5 + [404]
    assert answers[5][1] == "used_url"


def test_a_response_url_lives_thirty_minutes(world: World) -> None:
    @world.app.command("/ask")
    def asked(ack: Any, command: dict[str, Any]) -> None:
        ack()
        world.hear(command)

    world.slack.act("commands", by="U2", channel="C1", command="/ask", text="why?")
    path = world.wait_for(1)[0]["response_url"].removeprefix(world.slack.url)
    world.slack.act("clock", advance=31 * 60)

    assert world.slack.fetch(path, b'{"text": "because"}') == (404, "expired_url")


def test_an_ephemeral_is_replaced_through_its_response_url(world: World) -> None:
    @world.app.action("yes")
    def pressed(ack: Any, respond: Any) -> None:
        ack()
        respond(replace_original=True, text="thanks")

    ts = world.slack.client.chat_postEphemeral(channel="C1", user="U2", text="x", blocks=[BUTTON])["message_ts"]
    press(world, ts)

    assert eventually(lambda: [m for m in world.slack.messages("U2", "C1") if m["text"] == "thanks"])


def test_a_response_can_be_shared_in_the_channel(world: World) -> None:
    @world.app.command("/ask")
    def asked(ack: Any, respond: Any) -> None:
        ack()
        respond(response_type="in_channel", text="for all")

    world.slack.act("commands", by="U2", channel="C1", command="/ask", text="why?")

    assert eventually(lambda: [m for m in world.slack.messages("U1", "C1") if m["text"] == "for all"])


def test_a_message_shortcut_brings_the_message(world: World) -> None:
    @world.app.shortcut("answer_message")
    def used(ack: Any, body: dict[str, Any]) -> None:
        ack()
        world.hear(body)

    ts = world.slack.say("U2", "C1", "how?")
    world.slack.act("shortcuts", by="U3", type="message", callback_id="answer_message", channel="C1", ts=ts)

    body = world.wait_for(1)[0]
    assert (body["type"], body["message"]["text"]) == ("message_action", "how?")


def test_a_global_shortcut_opens_a_modal(world: World) -> None:
    @world.app.shortcut("ask_global")
    def used(ack: Any, client: WebClient, body: dict[str, Any]) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal("Ask"))

    world.slack.act("shortcuts", by="U2", type="global", callback_id="ask_global")

    assert eventually(lambda: stack(world))[0]["title"]["text"] == "Ask"


def test_a_menu_takes_its_options_from_the_app(world: World) -> None:
    @world.app.options("pick")
    def options(ack: Any, payload: dict[str, Any]) -> None:
        ack(options=[{"text": {"type": "plain_text", "text": payload["value"]}, "value": "v"}])

    element = {"type": "external_select", "action_id": "pick"}
    menu = {"type": "actions", "block_id": "menu", "elements": [element]}
    ts = world.slack.client.chat_postMessage(channel="C1", text="x", blocks=[menu])["ts"]

    answer = world.slack.act("options", by="U2", channel="C1", ts=ts, block_id="menu", action_id="pick", value="vp")
    assert answer["options"][0]["text"]["text"] == "vp"


def test_a_button_for_others_cannot_be_pressed(world: World) -> None:
    blocks = [BUTTON | {"elements": [BUTTON["elements"][0] | {"visible_to_user_ids": ["U1"]}]}]
    ts = world.slack.client.chat_postMessage(channel="C1", text="x", blocks=blocks)["ts"]

    assert press(world, str(ts))[0] == 403


def test_only_the_top_modal_can_be_submitted(world: World) -> None:
    first = open_modal(world)
    world.slack.client.views_push(trigger_id=trigger(world), view=modal())

    assert world.slack.try_to(f"views/{first}/submit", by="U2", state=entered("yes"))[0] == 409


def test_an_external_id_names_one_view(world: World) -> None:
    open_modal(world, modal(external_id="mine"))
    world.slack.client.views_update(external_id="mine", view=modal("Second", external_id="mine"))

    assert stack(world)[0]["title"]["text"] == "Second"


def test_selected_state_comes_with_a_click(world: World) -> None:
    @world.app.action("pick")
    def picked(ack: Any, body: dict[str, Any]) -> None:
        ack()
        world.hear(body)

    option = {"text": {"type": "plain_text", "text": "One"}, "value": "1"}
    element = {"type": "static_select", "action_id": "pick", "options": [option]}
    menu = {"type": "actions", "block_id": "menu", "elements": [element]}
    ts = world.slack.client.chat_postMessage(channel="C1", text="x", blocks=[menu])["ts"]
    at = {"channel": "C1", "ts": ts, "block_id": "menu", "action_id": "pick"}
    world.slack.act("actions", by="U2", selected_option=option, **at)

    body = world.wait_for(1)[0]
    assert body["actions"][0]["selected_option"]["value"] == "1"
    assert body["state"]["values"]["menu"]["pick"]["selected_option"]["value"] == "1"
