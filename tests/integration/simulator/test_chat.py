"""chat.*: what the app posts, and what Slack refuses."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.integration.simulator.world import Slack


def refused(error: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(error.value.response["error"])


def test_a_posted_message_is_seen_by_people(slack: Slack) -> None:
    ts = slack.client.chat_postMessage(channel="C1", text="hello")["ts"]

    assert [m["ts"] for m in slack.messages("U2", "C1")] == [ts]


def test_reserved_characters_are_escaped_once(slack: Slack) -> None:
    message = slack.client.chat_postMessage(channel="C1", text="a < b &amp; c <@U1>")["message"]

    assert message["text"] == "a &lt; b &amp; c <@U1>"


def test_timestamps_are_unique_with_six_digits(slack: Slack) -> None:
    stamps = [slack.client.chat_postMessage(channel="C1", text="x")["ts"] for _ in range(5)]

    assert len(set(stamps)) == 5
    assert all(len(ts.split(".")[1]) == 6 for ts in stamps)


def test_blocks_without_an_id_get_one(slack: Slack) -> None:
    message = slack.client.chat_postMessage(channel="C1", text="x", blocks=[{"type": "divider"}])["message"]

    assert message["blocks"][0]["block_id"]


def test_posting_where_the_bot_is_not_fails(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as error:
        slack.client.chat_postMessage(channel="C2", text="x")

    assert refused(error) == "not_in_channel"


def test_an_unknown_channel_is_not_found(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as error:
        slack.client.chat_postMessage(channel="C999", text="x")

    assert refused(error) == "channel_not_found"


def test_an_empty_message_has_no_text(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as error:
        slack.client.api_call("chat.postMessage", json={"channel": "C1"})

    assert refused(error) == "no_text"


def test_refused_blocks_say_where(slack: Slack) -> None:
    header = {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}
    with pytest.raises(SlackApiError) as error:
        slack.client.chat_postMessage(channel="C1", text="x", blocks=[header])

    assert refused(error) == "invalid_blocks"
    assert "[json-pointer:/blocks/0/text/type]" in error.value.response["response_metadata"]["messages"][0]


def test_a_refused_message_leaves_no_trace(slack: Slack) -> None:
    with pytest.raises(SlackApiError):
        slack.client.chat_postMessage(channel="C1", text="x", blocks=[{"type": "nonsense"}])

    assert slack.messages("U1", "C1") == []


def test_markdown_text_excludes_text(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as error:
        slack.client.chat_postMessage(channel="C1", text="x", markdown_text="y")

    assert refused(error) == "markdown_text_conflict"


def test_a_reply_brings_its_root_up_to_date(slack: Slack) -> None:
    root = slack.say("U2", "C1", "question")

    reply = slack.client.chat_postMessage(channel="C1", text="answer", thread_ts=root)["ts"]

    shown = slack.messages("U2", "C1")[0]
    assert (shown["reply_count"], shown["latest_reply"], shown["reply_users"]) == (1, reply, ["UBOT"])


def test_a_reply_to_nothing_finds_no_thread(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as error:
        slack.client.chat_postMessage(channel="C1", text="x", thread_ts="1.000001")

    assert refused(error) == "thread_not_found"


def test_a_reply_can_be_sent_to_the_channel_too(slack: Slack) -> None:
    root = slack.say("U2", "C1", "question")

    slack.client.chat_postMessage(channel="C1", text="answer", thread_ts=root, reply_broadcast=True)

    assert slack.messages("U2", "C1")[1]["subtype"] == "thread_broadcast"


def test_an_update_marks_the_message_as_edited(slack: Slack) -> None:
    ts = slack.client.chat_postMessage(channel="C1", text="old")["ts"]

    slack.client.chat_update(channel="C1", ts=ts, text="new")

    shown = slack.messages("U1", "C1")[0]
    assert (shown["text"], shown["edited"]["user"]) == ("new", "UBOT")


def test_the_app_cannot_update_what_a_person_wrote(slack: Slack) -> None:
    ts = slack.say("U2", "C1", "mine")
    with pytest.raises(SlackApiError) as error:
        slack.client.chat_update(channel="C1", ts=ts, text="yours")

    assert refused(error) == "cant_update_message"


def test_an_update_is_at_most_4000_characters(slack: Slack) -> None:
    ts = slack.client.chat_postMessage(channel="C1", text="old")["ts"]
    with pytest.raises(SlackApiError) as error:
        slack.client.chat_update(channel="C1", ts=ts, text="x" * 4001)

    assert refused(error) == "msg_too_long"


def test_a_deleted_root_with_replies_leaves_a_tombstone(slack: Slack) -> None:
    root = slack.client.chat_postMessage(channel="C1", text="root")["ts"]
    slack.say("U2", "C1", "reply", thread_ts=root)

    slack.client.chat_delete(channel="C1", ts=root)

    assert slack.messages("U1", "C1")[0]["subtype"] == "tombstone"


def test_an_ephemeral_is_seen_by_one_person_only(slack: Slack) -> None:
    slack.client.chat_postEphemeral(channel="C1", user="U2", text="psst")

    assert slack.messages("U2", "C1")[0]["ephemeral"] is True
    assert slack.messages("U1", "C1") == []


def test_an_ephemeral_for_an_outsider_is_refused(slack: Slack) -> None:
    with pytest.raises(SlackApiError) as error:
        slack.client.chat_postEphemeral(channel="C3", user="U2", text="psst")

    assert refused(error) == "user_not_in_channel"


def test_a_permalink_names_the_thread(slack: Slack) -> None:
    root = slack.say("U2", "C1", "question")
    reply = slack.client.chat_postMessage(channel="C1", text="answer", thread_ts=root)["ts"]

    link = slack.client.chat_getPermalink(channel="C1", message_ts=reply)["permalink"]

    assert f"/archives/C1/p{reply.replace('.', '')}?thread_ts={root}&cid=C1" in link


def test_metadata_is_shown_only_on_request(slack: Slack) -> None:
    about = {"event_type": "answer", "event_payload": {"id": "a1"}}
    ts = slack.client.chat_postMessage(channel="C1", text="x", metadata=about)["ts"]

    plain = slack.client.conversations_replies(channel="C1", ts=ts)["messages"][0]
    full = slack.client.conversations_replies(channel="C1", ts=ts, include_all_metadata=True)["messages"][0]

    assert "metadata" not in plain
    assert full["metadata"] == about


def test_posting_to_a_person_opens_the_direct_conversation(slack: Slack) -> None:
    posted = slack.client.chat_postMessage(channel="U2", text="psst")

    assert slack.messages("U2", posted["channel"])[0]["text"] == "psst"


def test_a_repeated_client_msg_id_is_a_duplicate(slack: Slack) -> None:
    slack.client.api_call("chat.postMessage", json={"channel": "C1", "text": "x", "client_msg_id": "m1"})
    with pytest.raises(SlackApiError) as error:
        slack.client.api_call("chat.postMessage", json={"channel": "C1", "text": "x", "client_msg_id": "m1"})

    assert refused(error) == "duplicate_message"
