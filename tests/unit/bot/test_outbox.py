"""What Slack's answers mean for a message on its way."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.outbox import Paced, Pacer, Refused, Unclear, slack_client, translate
from tests.parts import MOMENT

SECOND = timedelta(seconds=1)
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


def test_an_answer_that_is_no_json_may_have_got_through() -> None:
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
