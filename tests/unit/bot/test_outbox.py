"""What Slack's answers mean for a message on its way."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.blocks.message import note
from bot.outbox import POST_JOB, Outbox, Outgoing, Paced, Pacer, Refused, Unclear, slack_client, translate
from flywheel.store.jobs import Job, JobState
from tests.parts import MOMENT, StoppedClock

SECOND = timedelta(seconds=1)
WELCOME = Outgoing("answer:1", note("Lunch is at noon."), channel="C1", thread_ts="5.1")
REFUSED: Any = SlackApiError  # its constructor has no types


def refusal(status: int, error: str, headers: dict[str, Any] | None = None) -> Any:
    response = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data={"ok": False, "error": error},
        headers=headers or {},
        status_code=status,
    )
    return REFUSED("refused", response)


def test_a_rate_limit_says_when_to_come_again() -> None:
    paced = translate(refusal(429, "ratelimited", {"Retry-After": "7"}), MOMENT)

    assert isinstance(paced, Paced)
    assert paced.run_at == MOMENT + 7 * SECOND


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "not_in_channel", "invalid_blocks"])
def test_a_named_error_is_final(error: str) -> None:
    assert isinstance(translate(refusal(200, error), MOMENT), Refused)


@pytest.mark.parametrize("failure", [refusal(503, "x"), refusal(200, "internal_error"), TimeoutError(), OSError()])
def test_anything_else_may_have_got_through(failure: Exception) -> None:
    assert isinstance(translate(failure, MOMENT), Unclear)


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth"])
def test_a_message_waits_while_the_token_is_not_accepted(error: str) -> None:
    assert isinstance(translate(refusal(200, error), MOMENT), Unclear)


@pytest.mark.parametrize("status", [200, 502])
def test_an_answer_that_is_no_json_may_have_got_through(status: int) -> None:
    failure = refusal(status, "Received a response in a non-JSON format: <html>")

    assert isinstance(translate(failure, MOMENT), Unclear)


def test_a_failure_without_a_body_may_have_got_through() -> None:
    assert isinstance(translate(REFUSED("odd", {"status": 502, "headers": {}}), MOMENT), Unclear)


def test_a_channel_gets_one_message_a_second() -> None:
    pacer = Pacer()
    pacer.take("C1", MOMENT)

    with pytest.raises(Paced) as paced:
        pacer.take("C1", MOMENT)
    assert paced.value.run_at == MOMENT + SECOND


def test_channels_do_not_wait_for_each_other() -> None:
    pacer = Pacer()
    pacer.take("C1", MOMENT)

    pacer.take("C2", MOMENT)


def test_a_held_channel_waits_as_long_as_slack_says() -> None:
    pacer = Pacer()
    pacer.hold("C1", MOMENT + 7 * SECOND)

    with pytest.raises(Paced) as paced:
        pacer.take("C1", MOMENT + SECOND)
    assert paced.value.run_at == MOMENT + 7 * SECOND


def test_the_client_never_posts_again_by_itself() -> None:
    assert slack_client("xoxb-1", "http://127.0.0.1:9/api").retry_handlers == []


class Thread:
    """A Slack that knows one thread and takes no message."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self._messages = messages

    def conversations_replies(self, **_: Any) -> dict[str, Any]:
        return {"ok": True, "messages": list(self._messages)}


def sent_again(*messages: dict[str, Any]) -> Any:
    """Send `WELCOME` after an attempt of which nothing is known, into a thread of these messages."""
    client: Any = Thread(*messages)
    nothing: Any = None
    job = Job("post:answer:1", POST_JOB, asdict(WELCOME), JobState.RUNNING, attempts=2, fence=2, sending=True)
    return Outbox(client, nothing, StoppedClock()).send(job)["ts"]


def test_a_message_that_got_through_is_known_by_its_mark() -> None:
    mark = {"event_type": "flywheel_answer", "event_payload": {"key": "answer:1"}}

    assert sent_again({"ts": "5.2", "bot_id": "B1", "text": "edited since", "metadata": mark}) == "5.2"


def test_a_message_that_got_through_is_known_by_its_words_where_metadata_is_not_kept() -> None:
    asked = {"ts": "5.1", "user": "U1", "text": "Lunch is at noon."}

    assert sent_again(asked, {"ts": "5.2", "bot_id": "B1", "text": "Lunch is at noon."}) == "5.2"
