"""What a judge leaves for people to look at: a seeded share of its labels, and every disagreement with people's votes.

The detail of an item holds the mark and the judge's reason. Whoever reviews a sampled label should be shown neither,
so that the comparison is fair.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from flywheel.measurement.judge.calibration import Calibration
from flywheel.measurement.judge.marks import OVERALL, Mark, Marks
from flywheel.measurement.judge.people import Words
from flywheel.store.reviews import ReviewItem, ReviewKind, identity

SAMPLED = 0.075
"""The share of labels (an answer and a metric) that people check: between the 5 and 10 % that are asked for."""


def items(marks: Marks, words: Words, calibration: Calibration, at: datetime) -> list[ReviewItem]:
    """Return what to put up of a judge's marks; an answer that was reviewed already is not put up again."""
    apart = list(_disagreements(marks, words, calibration, at))
    known = words.looked_at | {one.subject for one in apart}
    return [*apart, *_samples(marks, known, at)]


def disagreeing(marks: Marks, words: Words, calibration: Calibration) -> list[str]:
    """Return the ids of the answers that the judge and the people's votes see differently, in order."""
    return [
        answer_id
        for answer_id, mark in sorted(marks.of[OVERALL].items())
        if (good := words.voted.get(answer_id)) is not None and good != (mark.value >= calibration.threshold)
    ]


def _disagreements(marks: Marks, words: Words, calibration: Calibration, at: datetime) -> Iterator[ReviewItem]:
    for answer_id in disagreeing(marks, words, calibration):
        if answer_id in words.looked_at:
            continue
        people = "good" if words.voted[answer_id] else "bad"
        detail = {**_told(marks, OVERALL, answer_id), "what": "judge", "people": people}
        detail["threshold"] = calibration.threshold
        name = identity(ReviewKind.DISAGREEMENT, answer_id, marks.judge, marks.rubrics["answer_relevance"], people)
        yield ReviewItem(name, ReviewKind.DISAGREEMENT, answer_id, at, None, detail)


def _samples(marks: Marks, known: frozenset[str], at: datetime) -> Iterator[ReviewItem]:
    """Yield the drawn labels, one item per answer however many of its labels were drawn; none of those `known`."""
    put = set(known)
    for metric in sorted(set(marks.of) - {OVERALL}):
        rubric = marks.rubrics[metric]
        for answer_id in sorted(marks.of[metric]):
            if answer_id not in put and _drawn(answer_id, marks.judge, metric, rubric) < SAMPLED:
                put.add(answer_id)
                name = identity(ReviewKind.JUDGE_SAMPLE, answer_id, marks.judge, metric, rubric)
                detail = _told(marks, metric, answer_id)
                yield ReviewItem(name, ReviewKind.JUDGE_SAMPLE, answer_id, at, None, detail)


def _told(marks: Marks, metric: str, answer_id: str) -> dict[str, object]:
    mark: Mark = marks.of[metric][answer_id]
    return {
        "answer_id": answer_id,
        "judge": marks.judge,
        "metric": metric,
        "value": mark.value,
        "spread": mark.spread,
        "reason": mark.reason,
    }


def _drawn(*of: str) -> float:
    """Return a number in [0, 1) that is the same for the same label."""
    return int(hashlib.sha256("\x1f".join(("drawn", *of)).encode()).hexdigest()[:8], 16) / 16**8
