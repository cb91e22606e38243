"""When a guardrail breaks."""

import pytest

from flywheel.learning.guardrails import Guard, Watched, objection, too_few


def test_a_fifth_more_latency_is_allowed_and_more_is_not() -> None:
    assert not Watched(Guard.LATENCY, 500, 599, 100).broken
    assert Watched(Guard.LATENCY, 500, 601, 100).broken


def test_twenty_milliseconds_are_allowed_however_fast_the_champion_is() -> None:
    assert not Watched(Guard.LATENCY, 10, 29, 100).broken
    assert Watched(Guard.LATENCY, 10, 31, 100).broken


@pytest.mark.parametrize(
    ("guard", "champion", "challenger"),
    [
        (Guard.ABSTENTION, 0.10, 0.14),
        (Guard.OUT_OF_SCOPE, 0.10, 0.14),
        (Guard.CITATION_PRECISION, 0.90, 0.86),
    ],
)
def test_a_share_that_worsens_by_more_than_its_limit_breaks(guard: Guard, champion: float, challenger: float) -> None:
    assert Watched(guard, champion, challenger, 2_000).broken
    assert not Watched(guard, challenger, champion, 2_000).broken


def test_two_unlucky_questions_of_thirty_break_nothing() -> None:
    assert not Watched(Guard.ABSTENTION, 3 / 30, 5 / 30, 30).broken


def test_a_share_that_doubles_on_thirty_questions_breaks() -> None:
    assert Watched(Guard.ABSTENTION, 6 / 30, 12 / 30, 30).broken


def test_too_few_values_break_nothing_and_are_said() -> None:
    one = Watched(Guard.ABSTENTION, 0.0, 1.0, 29)

    assert not one.broken
    assert "29 of 30" in too_few([one])[0]


def test_the_objection_gives_both_values_and_the_limit() -> None:
    said = objection([Watched(Guard.LATENCY, 500, 700, 100), Watched(Guard.ABSTENTION, 0.1, 0.1, 100)])

    assert "700 ms instead of 500 ms; 100 ms more are allowed" in said
    assert "without an answer" not in said
