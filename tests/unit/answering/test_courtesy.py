"""Messages that ask nothing get a plain reply."""

import pytest

from flywheel.answering.courtesy import reply


@pytest.mark.parametrize(
    "text", ["hi", "Hello there!", "<@U1> good morning :wave:", "Hey team", "hello, how are you?", "hey what's up"]
)
def test_a_greeting_is_returned(text: str) -> None:
    assert (reply(text) or "").startswith("Hello!")


@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "Thank you so much!",
        "ok great, thanks :pray:",
        "thanks, that worked!",
        "Hi! Thanks for the quick help",
    ],
)
def test_thanks_are_accepted(text: str) -> None:
    assert (reply(text) or "").startswith("You're welcome!")


@pytest.mark.parametrize("text", ["", "   ", "???", "<@U1>", ":tada:"])
def test_an_empty_message_is_told_how_to_ask(text: str) -> None:
    assert "I can't see a question" in (reply(text) or "")


@pytest.mark.parametrize(
    "text",
    [
        "hello, how do I connect?",
        "hi, how do I reset my password?",
        "good morning, who owns the VPN handbook?",
        "what is the vpn",
        "thanks for nothing, where is my laptop",
        "help me with billing",
        "what is this error",
        "how do you work from home",
        "why?",
    ],
)
def test_a_question_is_left_to_the_documents(text: str) -> None:
    assert reply(text) is None


@pytest.mark.parametrize("text", ["who are you?", "what is your name?", "help", "how should I use you?"])
def test_who_asks_what_it_is_gets_told(text: str) -> None:
    assert (reply(text) or "").startswith("I'm Flywheel")


def test_a_long_message_of_thanks_is_read_quickly() -> None:
    assert reply("no, " * 2_000 + "where is it") is None
