"""What asks the bot to keep quiet in a thread, and what does not."""

from typing import Any

import pytest

from bot.face import Face
from bot.identity import Identity
from bot.muting import is_wanted


def face() -> Face:
    """Return a face that knows who the bot is, and nothing else: a mention needs no more."""
    nothing: Any = None
    return Face(nothing, nothing, Identity("T1", "UBOT"), nothing, nothing, nothing)


def said(text: str) -> dict[str, Any]:
    return {"channel": "C1", "thread_ts": "1.1", "text": f"<@UBOT> {text}"}


@pytest.mark.parametrize(
    "text", ["mute", "please stop", "Stop answering here, please", "be quiet!", "mute this thread"]
)
def test_a_plea_for_quiet_is_heard(text: str) -> None:
    assert is_wanted(face(), said(text))


@pytest.mark.parametrize(
    "text", ["how do I mute a call?", "stop the server how?", "what does mute do?", "", "when does the bus stop?"]
)
def test_a_question_about_quiet_is_a_question(text: str) -> None:
    assert not is_wanted(face(), said(text))
