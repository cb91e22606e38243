"""What was passed over, and what was merely not chosen."""

from dataclasses import replace

from flywheel.curation.passed_over import implied_negatives
from flywheel.store.ledger import Exchange
from tests.unit.curation.exchanges import exchange


def scored(*scores: float) -> Exchange:
    """Return the exchange whose shown passages p1 and p2, and p3 and p4 below, have these scores."""
    made = exchange()
    rows = tuple(replace(row, score=score) for row, score in zip(made.shortlist, scores, strict=True))
    return replace(made, shortlist=rows)


def test_what_was_shown_clearly_above_the_chosen_one_is_passed_over() -> None:
    assert implied_negatives(scored(1.0, 0.8, 0.5, 0.4), {"p2"}) == ("p1",)


def test_a_near_equal_passage_is_not() -> None:
    assert implied_negatives(scored(1.0, 0.97, 0.5, 0.4), {"p2"}) == ()


def test_what_nobody_saw_is_not() -> None:
    assert implied_negatives(scored(1.0, 0.8, 0.5, 0.3), {"p4"}) == ("p1", "p2")


def test_what_was_called_right_too_is_not() -> None:
    assert implied_negatives(scored(1.0, 0.8, 0.5, 0.4), {"p1", "p2"}) == ()


def test_a_chosen_passage_outside_of_the_list_passes_over_nothing() -> None:
    assert implied_negatives(scored(1.0, 0.8, 0.5, 0.4), {"p9"}) == ()
