"""A judge against people: the threshold is chosen on one half and held to the other."""

from datetime import UTC, datetime
from random import Random

import pytest

from flywheel.measurement.judge.calibration import LEAST, Labelled, calibrated, labelled
from flywheel.measurement.judge.marks import OVERALL, Mark, Marks
from flywheel.measurement.judge.people import Words
from flywheel.measurement.judge.queueing import SAMPLED, items
from flywheel.store.reviews import ReviewKind

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def judged(right: float, count: int = 200, seed: int = 1) -> list[Labelled]:
    """Return answers of which two thirds are good, and a judge who marks this share of them accordingly."""
    rng = Random(seed)
    goods = [rng.random() < 2 / 3 for _ in range(count)]
    seen = [good if rng.random() < right else not good for good in goods]
    return [
        Labelled(f"a{n}", rng.choice((0.75, 1.0)) if good else rng.choice((0.0, 0.25, 0.5)), truth)
        for n, (good, truth) in enumerate(zip(seen, goods, strict=True))
    ]


def marks(count: int, value: float = 1.0) -> Marks:
    """Return a judge that gave so many answers the same mark."""
    of = {f"a{n:03d}": Mark(value, 0.0, (value,), "So.") for n in range(count)}
    metrics = ("answer_relevance", "faithfulness")
    return Marks("j", {OVERALL: of, **dict.fromkeys(metrics, of)}, dict.fromkeys(metrics, "r"), 0)


def test_a_judge_that_agrees_with_people_is_trusted() -> None:
    found = calibrated(judged(0.95), "seed")

    assert found.is_trusted
    assert found.threshold == 0.625


def test_a_judge_that_guesses_is_not_trusted() -> None:
    assert not calibrated(judged(0.5), "seed").is_trusted


def test_kappa_is_told_of_the_half_that_chose_nothing() -> None:
    found = calibrated(judged(0.9), "seed")

    assert found.agreement is not None
    assert 80 < found.agreement.equal.total < 120


def test_too_few_labels_say_nothing() -> None:
    found = calibrated(judged(0.95, 2 * LEAST - 1), "seed")

    assert found.agreement is None
    assert not found.is_trusted


def test_people_who_like_everything_tell_nothing_about_a_judge() -> None:
    everything = [Labelled(one.answer_id, one.mark, good=True) for one in judged(0.9)]

    assert calibrated(everything, "seed").agreement is None


def test_a_reviewer_is_believed_before_voters() -> None:
    words = Words(reviewed={"a000": False}, voted={"a000": True})

    assert labelled(marks(1), OVERALL, words) == [Labelled("a000", 1.0, good=False)]


def test_undecided_people_are_not_compared_with() -> None:
    assert labelled(marks(1), OVERALL, Words({"a000": None}, {"a000": True})) == []


def test_every_disagreement_with_voters_is_put_up() -> None:
    words = Words({}, {f"a{n:03d}": n % 2 == 0 for n in range(10)})
    put = items(marks(10), words, calibrated([], "seed"), NOW)

    assert [one.subject for one in put if one.kind is ReviewKind.DISAGREEMENT] == [f"a{n:03d}" for n in range(1, 10, 2)]


def test_an_answer_that_was_reviewed_is_not_put_up_again() -> None:
    words = Words({}, {"a000": False}, frozenset({"a000"}))

    assert items(marks(1), words, calibrated([], "seed"), NOW) == []


def test_a_disagreement_is_put_up_once() -> None:
    words = Words({}, {"a000": False})
    first, again = (items(marks(1), words, calibrated([], "seed"), NOW) for _ in range(2))

    assert [one.id for one in first] == [one.id for one in again]


def test_five_to_ten_percent_of_the_labels_are_sampled() -> None:
    of = {f"a{n}": Mark(1.0, 0.0, (1.0,), "So.") for n in range(2_000)}
    one_metric = Marks("j", {OVERALL: {}, "faithfulness": of}, {"faithfulness": "r"}, 0)
    put = items(one_metric, Words({}, {}), calibrated([], "seed"), NOW)

    assert len(put) / 2_000 == pytest.approx(SAMPLED, abs=0.02)
