"""Messages that ask nothing get a plain reply."""

import pytest

from flywheel.answering.courtesy import reply


@pytest.mark.parametrize("text", ["hi", "Hello there!", "<@U1> good morning :wave:", "Hey team"])
def test_a_greeting_is_returned(text: str) -> None:
    assert (reply(text) or "").startswith("Hello!")


@pytest.mark.parametrize("text", ["thanks", "Thank you so much!", "ok great, thanks :pray:"])
def test_thanks_are_accepted(text: str) -> None:
    assert (reply(text) or "").startswith("You're welcome!")


@pytest.mark.parametrize("text", ["", "   ", "???", "<@U1>", ":tada:"])
def test_an_empty_message_is_told_how_to_ask(text: str) -> None:
    assert "I can't see a question" in (reply(text) or "")


@pytest.mark.parametrize(
    "text", ["hello, how do I connect?", "what is the vpn", "thanks for nothing, where is my laptop", "why?"]
)
def test_a_question_is_left_to_the_documents(text: str) -> None:
    assert reply(text) is None
