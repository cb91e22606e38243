"""A small Slack app for the page's tests: it answers mentions, takes corrections and publishes a Home."""

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

Json = dict[str, Any]

ANSWER = "Install the profile *Office-2*, then restart the client."


def register(app: App) -> None:
    """Attach every listener."""
    app.event("app_mention")(_answer)
    app.event("app_home_opened")(_publish_home)
    app.event("message")(_ignore)
    app.action("helpful")(_thank)
    app.action("correct")(_ask_for_a_better_answer)
    app.action("silent")(_say_nothing)
    app.shortcut("save_answer")(_ask_for_a_better_answer)
    app.view("correction")(_take_correction)
    app.command("/ask")(_answer_privately)


def answer_blocks() -> list[Json]:
    """Return an answer with a citation and four ways to react to it."""
    return [
        {"type": "section", "block_id": "body", "text": {"type": "mrkdwn", "text": f"{ANSWER} [1]"}},
        {
            "type": "context",
            "block_id": "sources",
            "elements": [{"type": "mrkdwn", "text": "[1] <https://wiki.example/vpn|VPN handbook>"}],
        },
        {
            "type": "actions",
            "block_id": "reactions",
            "elements": [_button("helpful", "Yes"), _button("correct", "No"), _button("silent", "Ask a person")],
        },
    ]


def correction_view() -> Json:
    """Return the form for a better answer."""
    return {
        "type": "modal",
        "callback_id": "correction",
        "title": {"type": "plain_text", "text": "A better answer"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "better",
                "label": {"type": "plain_text", "text": "What should it say?"},
                "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
            }
        ],
    }


def _button(action_id: str, text: str) -> Json:
    return {"type": "button", "action_id": action_id, "text": {"type": "plain_text", "text": text}, "value": "a1"}


def _answer(event: Json, client: WebClient) -> None:
    thread = event.get("thread_ts") or event["ts"]
    client.chat_postMessage(channel=event["channel"], thread_ts=thread, text=ANSWER, blocks=answer_blocks())


def _ignore() -> None:
    """Messages that are not for the app need no answer."""


def _thank(ack: Ack, body: Json, client: WebClient) -> None:
    ack()
    section = {"type": "section", "text": {"type": "mrkdwn", "text": f"<@{body['user']['id']}> found this helpful."}}
    client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Thank you", blocks=[section])


def _ask_for_a_better_answer(ack: Ack, body: Json, client: WebClient) -> None:
    ack()
    view = correction_view() | {"private_metadata": body["channel"]["id"]}
    client.views_open(trigger_id=body["trigger_id"], view=view)


def _say_nothing() -> None:
    """Leave the click without an ack."""


def _take_correction(ack: Ack, body: Json, view: Json, client: WebClient) -> None:
    text = view["state"]["values"]["better"]["text"]["value"]
    if len(text) < 10:
        ack(response_action="errors", errors={"better": "Please write a sentence."})
        return
    ack()
    client.chat_postEphemeral(channel=view["private_metadata"], user=body["user"]["id"], text="An owner will check it.")


def _answer_privately(ack: Ack, command: Json, respond: Respond) -> None:
    ack()
    respond(f"You asked: {command['text']}")


def _publish_home(event: Json, client: WebClient) -> None:
    if event["tab"] == "home":
        header = {"type": "header", "text": {"type": "plain_text", "text": "This week"}}
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [header]})
