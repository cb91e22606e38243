"""The card of a review: within Slack's limits whatever it holds, nothing in it live, and no memory of other cards."""

import json

import pytest

from bot.blocks import limits
from bot.blocks.card import Card, Cited, Sitting, card_view, done_view, verdict_block
from bot.simulator.blockcheck import view_problems

VERDICTS = (("right", "Right"), ("wrong", "Wrong"))


def card(item: str = "sample_1", **parts: object) -> Card:
    made = {"title": "An answer to judge", "asks": "Is it right?", "verdicts": VERDICTS, "doubt": "By chance."}
    return Card(item, **{**made, **parts})  # type: ignore[arg-type]


def huge() -> Card:
    """Return a card with more of everything than Slack takes."""
    text = "Long words in a row. " * 2_000
    sources = tuple(Cited("A title " * 60, text, f"https://wiki.example/{n}") for n in range(9))
    return card("i" * 64, question=text, answer=text, suggested=text, doubt=text, sources=sources)


def test_a_card_of_any_size_fits_into_a_modal() -> None:
    view = card_view(huge(), Sitting("i" * 64, 99, tuple(f"{n:064}" for n in range(80))), 17)

    assert view_problems(view) == []
    assert len(view["private_metadata"]) <= limits.PRIVATE_METADATA


def test_nothing_in_a_card_is_live() -> None:
    shown = json.dumps(card_view(card(question="<!channel> see @here", answer="http://evil.example/x"), Sitting(), 1))

    assert "<!channel>" not in shown
    assert "http://evil" not in shown


def test_progress_counts_what_was_judged_and_what_waits() -> None:
    assert "*3 of 17*" in json.dumps(card_view(card(), Sitting(done=2), 15))


def test_two_cards_share_no_input_so_no_verdict_is_kept_for_the_next() -> None:
    assert verdict_block("a") != verdict_block("b")


def test_the_first_card_has_nothing_to_undo() -> None:
    assert "card_undo" not in json.dumps(card_view(card(), Sitting(), 1))


@pytest.mark.parametrize("sitting", [Sitting(), Sitting("a", 3, ("b", "c")), Sitting("a", is_at_home=True)])
def test_a_sitting_survives_the_way_through_slack(sitting: Sitting) -> None:
    assert Sitting.read(sitting.written()) == sitting


@pytest.mark.parametrize("written", ["", "-", "[]", "{}", "null", '["a"]', '["a", "b"]'])
def test_a_view_that_carries_something_else_begins_anew(written: str) -> None:
    assert Sitting.read(written) == Sitting()


def test_the_end_says_how_much_was_judged_and_can_be_undone() -> None:
    view = done_view(Sitting(done=1))

    assert "You judged one item." in json.dumps(view)
    assert "card_undo" in json.dumps(view)
    assert view_problems(view) == []
