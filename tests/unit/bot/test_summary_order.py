"""When a message asks to sum up a conversation, and since when."""

from datetime import UTC, datetime

import pytest

from bot.summary_order import is_order, since

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
"""A Wednesday."""


@pytest.mark.parametrize(
    "text",
    [
        "summarise this thread",
        "Summarize this thread, please",
        "tl;dr",
        "TLDR?",
        "can you summarise the discussion",
        "please give me a summary of this channel",
        "summarise #launch",
        "summarise #launch since Monday",
        "what did I miss in #launch since yesterday?",
        "what did we miss?",
        "what happened in #launch last week?",
        "catch me up on #launch",
        "recap of the last 3 days",
        "sum up this conversation",
    ],
)
def test_a_conversation_is_to_be_summed_up(text: str) -> None:
    assert is_order(text)


@pytest.mark.parametrize(
    "text",
    [
        "Summarise the travel policy",
        "Where is the summary of the Q3 report?",
        "What happened to my expense report?",
        "How do I write a summary of a meeting?",
        "recap meeting owner",
        "Is there a channel for lunch?",
        "",
        f"please summarise {' ' * 20_000}it!x",
        "please " * 3_000,
    ],
)
def test_a_question_for_the_documents_is_none(text: str) -> None:
    assert not is_order(text)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("summarise #launch since Monday", datetime(2026, 11, 16, tzinfo=UTC)),
        ("summarise #launch since Wednesday", datetime(2026, 11, 11, tzinfo=UTC)),
        ("summarise #launch since yesterday", datetime(2026, 11, 17, tzinfo=UTC)),
        ("what did I miss today?", datetime(2026, 11, 18, tzinfo=UTC)),
        ("recap of the last 3 days", datetime(2026, 11, 15, 12, 0, tzinfo=UTC)),
        ("summarise #launch last week", datetime(2026, 11, 11, 12, 0, tzinfo=UTC)),
        ("summarise #launch this week", datetime(2026, 11, 16, tzinfo=UTC)),
        ("summarise #launch", None),
    ],
)
def test_the_time_it_names_is_understood(text: str, begins: datetime | None) -> None:
    assert since(text, NOON) == begins
