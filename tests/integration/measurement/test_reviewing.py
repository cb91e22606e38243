"""What the report says of the review queue, as of a moment."""

from datetime import timedelta
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.review_deciding import decide, undo
from flywheel.measurement import reviewing, window
from flywheel.measurement.section import Section
from flywheel.measurement.window import Window
from flywheel.store import reviews
from flywheel.store.reviews import ReviewItem, ReviewKind
from tests.parts import MOMENT, StoppedClock, answered, make_core

ANA, BEN = "U1", "U2"
WEEK = timedelta(days=7)


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core with twelve sampled answers, each wanting two reviewers; two administrators review."""
    made = make_core(tmp_path, admins=frozenset({ANA, BEN}), now=StoppedClock())
    with made.database.begin() as db:
        reviews.put(db, [sample(number) for number in range(12)])
    for number in range(12):
        answered(made, f"a{number}", person="U8")
    return made


def sample(number: int) -> ReviewItem:
    detail = {"answer_id": f"a{number}", "votes": 0 if number else 2}
    return ReviewItem(f"s{number}", ReviewKind.SAMPLE, f"a{number}", MOMENT, detail=detail, wanted=2)


def pass_time(core: Core, by: timedelta) -> None:
    assert isinstance(core.now, StoppedClock)
    core.now.advance(by)


def seen_at(core: Core, moment: timedelta = timedelta(0)) -> Window:
    """Return a window of the week around `MOMENT`, as of so long after it."""
    with core.database.read() as db:
        return window.read(db, "2026-W47", (MOMENT - WEEK, MOMENT + WEEK), MOMENT + moment, None)


def told(core: Core, at: Window) -> Section:
    with core.database.read() as db:
        return reviewing.told(db, at)


def both(core: Core, number: int, ana: str, ben: str) -> None:
    decide(core, f"s{number}", ANA, ana)
    decide(core, f"s{number}", BEN, ben)


def test_a_week_in_which_nobody_reviewed_says_what_waits(core: Core) -> None:
    lines = [one.text for one in told(core, seen_at(core)).lines]

    assert lines == ["Nobody reviewed anything; 12 wait: 12 answers drawn by chance."]


def test_one_that_waits_is_told_in_the_singular(core: Core) -> None:
    for number in range(1, 12):
        both(core, number, "right", "right")

    assert "1 waits: 1 answer drawn by chance." in told(core, seen_at(core)).lines[0].text


def test_the_sample_tells_how_many_are_right_and_names_the_answers(core: Core) -> None:
    both(core, 0, "right", "right")
    both(core, 1, "wrong", "wrong")
    line = told(core, seen_at(core)).lines[1]

    assert line.text == "Of 2 answers drawn by chance and judged, 1 (50 %, 95 % interval 9 to 91 %) was right."
    assert line.answers == ("a0", "a1")


def test_the_silent_are_told_apart(core: Core) -> None:
    both(core, 0, "wrong", "wrong")
    both(core, 1, "right", "right")

    assert "Of 1 answer that nobody had voted on, 1 (100 %" in told(core, seen_at(core)).lines[2].text


def test_what_reviewers_differ_on_counts_on_neither_side(core: Core) -> None:
    both(core, 0, "right", "wrong")

    assert told(core, seen_at(core)).numbers["sampled"]["n"] == 0  # type: ignore[index]


def test_agreement_of_few_is_no_kappa_in_words(core: Core) -> None:
    both(core, 0, "right", "wrong")

    assert told(core, seen_at(core)).lines[-1].text.endswith("0 of 1 cases: too few to tell how well they agree.")


def test_agreement_is_told_with_kappa(core: Core) -> None:
    for number in range(11):
        both(core, number, "right" if number % 2 else "wrong", "right" if number % 2 or not number else "wrong")
    found = told(core, seen_at(core))

    assert found.numbers["agreement"]["sample"]["kappa"] == pytest.approx(1 - (1 / 11) / (61 / 121))  # type: ignore[index]
    assert "kappa 0.82, almost perfect" in found.lines[-1].text


def test_a_report_made_again_has_the_same_digits_whatever_was_done_since(core: Core) -> None:
    both(core, 0, "right", "right")
    first = told(core, seen_at(core))
    pass_time(core, timedelta(hours=1))
    undo(core, "s0", ANA)
    both(core, 1, "wrong", "wrong")

    assert told(core, seen_at(core)) == first
    assert told(core, seen_at(core, timedelta(hours=2))) != first


def test_nobody_is_named(core: Core) -> None:
    both(core, 0, "right", "wrong")
    found = told(core, seen_at(core))

    assert not any(name in f"{found.lines}{found.numbers}" for name in (ANA, BEN))


def test_what_was_withdrawn_and_is_doubted_again_did_not_wait_in_between(core: Core) -> None:
    doubted = ReviewItem("d1", ReviewKind.DOUBTED, "label 1", MOMENT)
    hour = timedelta(hours=1)
    with core.database.begin() as db:
        reviews.put(db, [doubted])
        for after, subjects in ((1, []), (3, ["label 1"])):
            reviews.keep_waiting(db, ReviewKind.DOUBTED, subjects, MOMENT + after * hour)

    waited = [told(core, seen_at(core, hours * hour)).numbers["waiting"] for hours in (0, 1, 2, 3)]

    assert ["doubted_label" in one for one in waited if isinstance(one, dict)] == [True, False, False, True]
