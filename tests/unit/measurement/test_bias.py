"""What a report says of who votes: the weighted share, the bounds, the five busiest voters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from flywheel.measurement import bias
from flywheel.measurement.window import Window
from flywheel.model import Answer, Audience, Question, Signal, SignalKind, Surface
from flywheel.store.ledger import Exchange

START = datetime(2026, 11, 16, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and who voted on its answer."""

    person: str
    votes: tuple[tuple[str, bool], ...] = ()


def window(asked: Sequence[Asked]) -> Window:
    """Return a week of these questions, an hour apart."""
    exchanges, about = [], {}
    for number, one in enumerate(asked):
        at = START + timedelta(minutes=number)
        question = Question(f"q{number}", "Why?", one.person, Surface.MENTION, at, Audience.everyone(), channel="C1")
        answer = Answer(f"a{number}", question.id, "So.", False, 0.9, "extractive", answered_at=at)
        exchanges.append(Exchange(question, answer))
        kinds = {True: SignalKind.THUMBS_UP, False: SignalKind.THUMBS_DOWN}
        about[answer.id] = [Signal(f"{answer.id}{who}", answer.id, kinds[yes], who, at) for who, yes in one.votes]
    end = START + timedelta(weeks=1)
    return Window("2026-W47", START, end, end, tuple(exchanges), about, (), frozenset({"public"}))


def skewed() -> Window:
    """Return a week in which those who ask much are satisfied and vote, and those who ask seldom neither."""
    much = [Asked(f"M{n % 5}", ((f"M{n % 5}", n % 10 != 0),) if n < 90 else ()) for n in range(100)]
    seldom = [Asked(f"S{n}", ((f"S{n}", n % 5 == 0),) if n < 20 else ()) for n in range(100)]
    return window([*much, *seldom])


def test_weighting_takes_the_satisfied_busy_back_to_their_share() -> None:
    found = bias.of(skewed())

    assert found.plain == pytest.approx(85 / 110)
    assert found.weighted is not None
    assert found.weighted.value == pytest.approx((0.9 + 0.2) / 2)


def test_the_bounds_take_the_silent_for_all_dissatisfied_and_all_satisfied() -> None:
    found = bias.of(skewed())

    assert (found.worst, found.best) == (85 / 200, 175 / 200)


def test_the_cautious_bound_takes_the_silent_for_the_least_satisfied_who_vote() -> None:
    found = bias.of(skewed())

    assert found.least == ("those who asked fewer than 3 questions", 0.2)
    assert found.cautious == pytest.approx((85 + 90 * 0.2) / 200)


def test_the_busiest_five_are_counted() -> None:
    found = bias.of(skewed())

    assert (found.of_five, found.votes, found.voters) == (90, 110, 25)


def test_the_middle_person_says_what_the_median_voter_says() -> None:
    votes = (("A0", True), ("A1", True), ("A2", True), ("B", False), ("C", False))

    assert bias.of(window([Asked("A0", votes), Asked("A1", (("B", False),))])).middle == 1.0


def test_a_report_says_so_where_voters_are_happier_than_askers() -> None:
    told = bias.told(skewed(), window([]))

    assert "Weighted back to who asks, 55 % are satisfied" in told.lines[0].text
    assert "Those who vote are more satisfied than those who ask." in told.lines[0].text


def test_each_line_names_the_answers_it_counts() -> None:
    weighted, bounds, busiest = bias.told(skewed(), window([])).lines

    assert (len(weighted.answers), len(bounds.answers), len(busiest.answers)) == (110, 90, 110)


def test_too_few_votes_are_not_weighted() -> None:
    few = window([Asked("A", (("A", True),)), Asked("B")])

    assert "too few to weight" in bias.told(few, window([])).lines[0].text


def test_without_votes_nothing_is_said() -> None:
    assert [one.text for one in bias.told(window([Asked("A")]), window([])).lines] == ["Nobody voted."]


def test_the_records_hold_what_the_report_says() -> None:
    made = {one.metric: one for one in bias.records_of(skewed(), START)}

    assert sorted(made) == [
        "satisfaction_high_bound", "satisfaction_low_bound", "satisfaction_weighted", "votes_share_of_five",
    ]  # fmt: skip
    assert (made["votes_share_of_five"].value, made["votes_share_of_five"].n) == (90 / 110, 110)
