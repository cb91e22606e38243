"""Streams, statuses, prompts and sessions."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.integration.simulator.world import Slack, eventually


def start(slack: Slack) -> tuple[str, str]:
    """Start a stream under a question and return both timestamps."""
    root = slack.say("U2", "C1", "question")
    started = slack.client.chat_startStream(
        channel="C1", thread_ts=root, recipient_team_id="T1", recipient_user_id="U2"
    )
    return root, str(started["ts"])


def shown(slack: Slack, root: str) -> dict[str, Any]:
    return dict(slack.look(f"channels/C1/threads/{root}?as=U2")["messages"][-1])


def test_a_stream_grows_and_ends_as_a_message(slack: Slack) -> None:
    root, ts = start(slack)
    slack.client.chat_appendStream(channel="C1", ts=ts, markdown_text="Use the ")
    slack.client.chat_appendStream(channel="C1", ts=ts, markdown_text="**VPN**.")

    slack.client.chat_stopStream(channel="C1", ts=ts, blocks=[{"type": "divider"}])

    final = shown(slack, root)
    assert final["text"] == "Use the **VPN**."
    assert [block["type"] for block in final["blocks"]] == ["markdown", "divider"]
    assert "streaming_state" not in final


def test_a_stream_in_a_channel_needs_its_recipient(slack: Slack) -> None:
    root = slack.say("U2", "C1", "question")

    with pytest.raises(SlackApiError, match="missing_recipient_team_id"):
        slack.client.chat_startStream(channel="C1", thread_ts=root)


def test_nothing_can_be_added_after_the_end(slack: Slack) -> None:
    _, ts = start(slack)
    slack.client.chat_stopStream(channel="C1", ts=ts, markdown_text="done")

    with pytest.raises(SlackApiError, match="message_not_in_streaming_state"):
        slack.client.chat_appendStream(channel="C1", ts=ts, markdown_text="more")


def test_a_stream_expires_after_five_minutes(slack: Slack) -> None:
    _, ts = start(slack)
    slack.act("clock", advance=301)

    with pytest.raises(SlackApiError, match="message_not_in_streaming_state"):
        slack.client.chat_stopStream(channel="C1", ts=ts)


def test_a_person_can_stop_a_stream(slack: Slack) -> None:
    root, ts = start(slack)

    slack.act("sessions/stop", by="U2", channel="C1", thread_ts=root)

    with pytest.raises(SlackApiError, match="stopped_by_user"):
        slack.client.chat_appendStream(channel="C1", ts=ts, markdown_text="more")
    (delivery,) = eventually(lambda: slack.deliveries("agent_session_stopped"))
    assert delivery["payload"]["event"]["streaming_message_ts"] == [ts]


def test_a_streaming_message_cannot_be_updated(slack: Slack) -> None:
    _, ts = start(slack)

    with pytest.raises(SlackApiError, match="streaming_state_conflict"):
        slack.client.chat_update(channel="C1", ts=ts, text="x")


def test_tasks_collect_their_details(slack: Slack) -> None:
    root, ts = start(slack)
    task = {"type": "task_update", "id": "t1", "title": "Search", "status": "in_progress", "details": "a"}
    slack.client.chat_appendStream(channel="C1", ts=ts, chunks=[task])
    slack.client.chat_appendStream(channel="C1", ts=ts, chunks=[task | {"status": "complete", "details": "b"}])

    (card,) = shown(slack, root)["blocks"]
    assert (card["status"], card["details"]) == ("complete", "ab")


def test_a_chunk_of_more_than_12000_characters_is_too_long(slack: Slack) -> None:
    _, ts = start(slack)

    with pytest.raises(SlackApiError, match="msg_too_long"):
        slack.client.chat_appendStream(channel="C1", ts=ts, markdown_text="x" * 12_001)


def test_a_status_goes_when_the_answer_comes(slack: Slack) -> None:
    root = slack.say("U2", "C1", "question")
    slack.client.assistant_threads_setStatus(channel_id="C1", thread_ts=root, status="is thinking…")
    assert slack.look("state?as=U2")["statuses"][0]["text"] == "is thinking…"

    slack.client.chat_postMessage(channel="C1", thread_ts=root, text="answer")

    assert slack.look("state?as=U2")["statuses"] == []


def test_a_status_goes_after_two_minutes(slack: Slack) -> None:
    root = slack.say("U2", "C1", "question")
    slack.client.assistant_threads_setStatus(channel_id="C1", thread_ts=root, status="is thinking…")

    slack.act("clock", advance=121)

    assert slack.look("state?as=U2")["statuses"] == []


def test_prompts_are_shown_in_the_direct_conversation(slack: Slack) -> None:
    channel = slack.act("dm", by="U2", users=["UBOT"])["channel"]
    prompts = [{"title": "VPN", "message": "How do I get on the VPN?"}]

    slack.client.assistant_threads_setSuggestedPrompts(channel_id=channel, thread_ts="", prompts=prompts)

    assert slack.look("state?as=U2")["prompts"][0]["prompts"] == prompts


def test_a_session_has_a_status_and_a_title(slack: Slack) -> None:
    root = slack.say("U2", "C1", "question")
    slack.client.agents_sessions_setStatus(channel_id="C1", thread_ts=root, status="processing")

    renamed = slack.client.agents_sessions_rename(channel_id="C1", thread_ts=root, title="VPN")

    assert (renamed["agent_session"]["title"], renamed["agent_session"]["status"]) == ("VPN", "processing")


def test_a_status_needs_a_thread_that_exists(slack: Slack) -> None:
    with pytest.raises(SlackApiError, match="invalid_thread_ts"):
        slack.client.assistant_threads_setStatus(channel_id="C1", thread_ts="1.000001", status="x")
