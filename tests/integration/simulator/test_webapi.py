"""The Web API's envelope: argument styles, tokens, scopes, faults and limits; and the methods that only look."""

import http.client
import time
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.simulator.install import AppInstall
from bot.simulator.server import running
from bot.simulator.workspace import Workspace
from tests.integration.simulator.world import Slack

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def bearer(slack: Slack) -> dict[str, str]:
    return {"Authorization": f"Bearer {slack.install.bot_token}"}


def test_arguments_may_stand_in_the_query_of_a_post(slack: Slack) -> None:
    query = urlencode({"channel": "C1", "text": "x"})

    assert slack.fetch(f"/api/chat.postMessage?{query}", b"", bearer(slack) | FORM)[1]["ok"]


def test_blocks_may_come_as_a_json_string_in_a_form(slack: Slack) -> None:
    body = urlencode({"channel": "C1", "text": "x", "blocks": '[{"type": "divider"}]'}).encode()

    answer = slack.fetch("/api/chat.postMessage", body, bearer(slack) | FORM)[1]

    assert answer["message"]["blocks"][0]["type"] == "divider"


def test_an_unknown_method_is_named_so(slack: Slack) -> None:
    with pytest.raises(SlackApiError, match="unknown_method"):
        slack.client.api_call("chat.sing")


def test_no_token_is_not_authed(slack: Slack) -> None:
    assert slack.fetch("/api/auth.test")[1] == {"ok": False, "error": "not_authed"}


def test_a_wrong_token_is_invalid(slack: Slack) -> None:
    with pytest.raises(SlackApiError, match="invalid_auth"):
        WebClient("xoxb-wrong", base_url=f"{slack.url}/api/").auth_test()


def test_the_app_token_is_for_connections_only(slack: Slack) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        WebClient(slack.install.app_token, base_url=f"{slack.url}/api/").auth_test()


def test_a_revoked_token_stays_revoked(slack: Slack) -> None:
    slack.client.auth_revoke()

    with pytest.raises(SlackApiError, match="token_revoked"):
        slack.client.auth_test()


def test_a_missing_scope_says_which() -> None:
    install = AppInstall(scopes=frozenset({"chat:write"}))
    with running(Workspace.small(lambda: datetime.now(UTC)), install) as url, pytest.raises(SlackApiError) as error:
        WebClient(install.bot_token, base_url=f"{url}/api/").users_list()

    assert (error.value.response["error"], error.value.response["needed"]) == ("missing_scope", "users:read")


def test_a_prepared_limit_answers_429_with_retry_after(slack: Slack) -> None:
    slack.act("faults", method="chat.postMessage", status=429, retry_after=7, times=1)
    with pytest.raises(SlackApiError) as error:
        slack.client.chat_postMessage(channel="C1", text="x")

    assert (error.value.response.status_code, error.value.response.headers["Retry-After"]) == (429, "7")


def test_a_fault_is_used_up(slack: Slack) -> None:
    slack.act("faults", method="*", error="internal_error", times=1)
    with pytest.raises(SlackApiError, match="internal_error"):
        slack.client.auth_test()

    assert slack.client.auth_test()["ok"]


def test_a_delayed_call_takes_its_time(slack: Slack) -> None:
    slack.act("faults", method="auth.test", delay=0.2, times=1)
    started = time.monotonic()

    slack.client.auth_test()

    assert time.monotonic() - started >= 0.2


def test_a_lost_reply_takes_effect_all_the_same(slack: Slack) -> None:
    slack.act("faults", method="chat.postMessage", lose_reply=True, times=1)
    client = WebClient(slack.install.bot_token, base_url=f"{slack.url}/api/", retry_handlers=[])

    with pytest.raises((http.client.HTTPException, ConnectionError)):
        client.chat_postMessage(channel="C1", text="x")

    assert len(slack.messages("U1", "C1")) == 1


def test_the_limiter_allows_one_message_per_second_and_channel(slack: Slack) -> None:
    slack.act("limits", on=True)
    slack.client.chat_postMessage(channel="C1", text="1")
    slack.client.chat_postMessage(channel="C3", text="elsewhere")
    with pytest.raises(SlackApiError, match="ratelimited"):
        slack.client.chat_postMessage(channel="C1", text="2")

    slack.act("clock", advance=1)

    assert slack.client.chat_postMessage(channel="C1", text="2")["ok"]


def test_calls_are_listed_without_their_token(slack: Slack) -> None:
    slack.client.chat_postMessage(channel="C1", text="x")

    (record,) = slack.look("calls?method=chat.postMessage")["calls"]
    assert (record["ok"], record["args"]) == (True, {"channel": "C1", "text": "x"})


def test_history_is_newest_first_and_pages(slack: Slack) -> None:
    stamps = [slack.say("U2", "C1", str(n)) for n in range(3)]

    first = slack.client.conversations_history(channel="C1", limit=2)
    second = slack.client.conversations_history(channel="C1", cursor=first["response_metadata"]["next_cursor"])

    assert [m["ts"] for m in (*first["messages"], *second["messages"])] == stamps[::-1]


def test_history_begins_after_oldest(slack: Slack) -> None:
    first, second = (slack.say("U2", "C1", text) for text in ("a", "b"))

    assert [m["ts"] for m in slack.client.conversations_history(channel="C1", oldest=first)["messages"]] == [second]


def test_history_of_a_channel_without_the_bot_is_refused(slack: Slack) -> None:
    with pytest.raises(SlackApiError, match="not_in_channel"):
        slack.client.conversations_history(channel="C2")


def test_joining_twice_warns(slack: Slack) -> None:
    slack.client.conversations_join(channel="C2")

    assert slack.client.conversations_join(channel="C2")["warning"] == "already_in_channel"


def test_opening_a_direct_conversation_twice_gives_the_same(slack: Slack) -> None:
    first = slack.client.conversations_open(users="U2")["channel"]["id"]

    assert slack.client.conversations_open(users=["U2"])["channel"]["id"] == first


def test_a_private_channel_without_the_bot_does_not_exist(slack: Slack) -> None:
    made = slack.act("channels/create", by="U1", name="secret", private=True)["channel"]

    with pytest.raises(SlackApiError, match="channel_not_found"):
        slack.client.conversations_info(channel=made)


def test_lists_hold_what_was_asked_for(slack: Slack) -> None:
    channels = slack.client.conversations_list(types="private_channel")["channels"]

    assert [channel["id"] for channel in channels] == ["C3"]


def test_people_are_found_by_address(slack: Slack) -> None:
    assert slack.client.users_lookupByEmail(email="BEN@example.com")["user"]["id"] == "U2"


def test_a_stranger_is_not_found(slack: Slack) -> None:
    with pytest.raises(SlackApiError, match="user_not_found"):
        slack.client.users_info(user="U99")


def test_members_are_listed(slack: Slack) -> None:
    assert slack.client.conversations_members(channel="C3")["members"] == ["U1", "U3", "UBOT"]


def test_team_and_bot_introduce_themselves(slack: Slack) -> None:
    assert slack.client.team_info()["team"]["id"] == "T1"
    assert slack.client.bots_info(bot="B1")["bot"]["user_id"] == "UBOT"


def test_a_reaction_counts_once_per_person(slack: Slack) -> None:
    ts = slack.say("U2", "C1", "hello")
    slack.client.reactions_add(channel="C1", timestamp=ts, name="eyes")

    with pytest.raises(SlackApiError, match="already_reacted"):
        slack.client.reactions_add(channel="C1", timestamp=ts, name="eyes")


def test_taking_back_a_reaction_that_is_not_there_is_refused(slack: Slack) -> None:
    ts = slack.say("U2", "C1", "hello")

    with pytest.raises(SlackApiError, match="no_reaction"):
        slack.client.reactions_remove(channel="C1", timestamp=ts, name="eyes")


def test_blocks_validate_lists_every_problem(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as error:
        slack.client.api_call("blocks.validate", json={"blocks": [{"type": "header"}, {"type": "nope"}]})

    assert [e["pointer"] for e in error.value.response["errors"]] == ["/blocks/0", "/blocks/1/type"]


def test_an_uploaded_file_appears_as_a_message(slack: Slack) -> None:
    slack.client.files_upload_v2(channel="C1", filename="chart.png", content=b"png", alt_txt="A chart")

    (message,) = slack.messages("U1", "C1")
    assert (message["subtype"], message["files"][0]["alt_txt"]) == ("file_share", "A chart")


def test_a_file_is_read_by_those_who_see_it(slack: Slack) -> None:
    slack.client.files_upload_v2(channel="C3", filename="a.txt", content=b"secret")
    address = slack.messages("U1", "C3")[0]["files"][0]["url_private"].removeprefix(slack.url)

    assert slack.fetch(f"{address}?as=U3")[0] == 200
    assert slack.fetch(f"{address}?as=U2")[0] == 404


def test_a_file_without_bytes_cannot_be_completed(slack: Slack) -> None:
    file_id = slack.client.files_getUploadURLExternal(filename="a.txt", length=3)["file_id"]

    with pytest.raises(SlackApiError, match="file_not_found"):
        slack.client.files_completeUploadExternal(files=[{"id": file_id}], channel_id="C1")


def test_files_need_membership(slack: Slack) -> None:
    with pytest.raises(SlackApiError, match="not_in_channel"):
        slack.client.files_upload_v2(channel="C2", filename="a.txt", content=b"x")
