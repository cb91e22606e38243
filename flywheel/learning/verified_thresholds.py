"""Teach each verified answer its own threshold (retrieval/repeats.py), from votes on its repeats.

A *repeat* is an answer that a verified one gave to somebody's new question, with the cosine of the two questions and a
yes or no. Of the answer's shift the log-likelihood of its votes is maximised, with a normal prior around 0:

    shift = argmax  sum of log P(vote | curve(cosine) + shift)  -  shift² / (2 SPREAD²)

which is what vCache (Schroeder et al., 2025) does per cached prompt, with one parameter instead of two, because a dozen
votes are many here. The score is 1 - (p - vote)², Brier's, on repeats newer than those learned from.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from flywheel.learning.lesson import Lesson
from flywheel.learning.trial import Trial
from flywheel.model import Retriever
from flywheel.retrieval.repeats import FURTHEST, Repeats, shifted
from flywheel.routing.router import ANSWERS
from flywheel.signals.votes import live_votes
from flywheel.store.ledger import Ledger
from flywheel.store.releases import identity

NAME = "verified_thresholds"
SLOT = "verified_thresholds"
VOTES = 30
SPREAD = 1.0
"""The standard deviation of shifts, in log-odds, before anybody voted: a guess, no such votes being published."""
TRAIN_SHARE = 0.7
_STEPS = 30
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Repeat:
    """One vote on one repeat of a verified answer; `cosine` is that of the question with the answer's own."""

    verified_id: str
    cosine: float
    helped: bool
    person: str
    question_id: str
    at: datetime


def enough(lesson: Lesson) -> tuple[bool, str]:
    """Tell whether there are votes on repeats enough; where there are none at all, there is nothing to say."""
    count = len(repeats(lesson.ledger))
    return count >= VOTES, f"{count} votes on repeats of verified answers; {VOTES} are needed" if count else ""


def fit(lesson: Lesson) -> dict[str, object]:
    """Learn the shifts from the older votes."""
    older, _ = _parts(lesson.ledger)
    of_answer: dict[str, list[Repeat]] = defaultdict(list)
    for one in older:
        of_answer[one.verified_id].append(one)
    return {"shifts": {answer: round(shift(votes), _DIGITS) for answer, votes in sorted(of_answer.items())}}


def evaluate(artefact: Mapping[str, object], lesson: Lesson) -> Trial:
    """Score how well the newer votes are foretold, with the thresholds that serve and with these."""
    older, newer = _parts(lesson.ledger)
    known = {one.verified_id for one in older}
    numbers: dict[str, int] = {}
    return Trial(
        NAME,
        _scores(lesson.champions.repeats or Repeats({}), newer),
        _scores(Repeats.of(artefact), newer),
        np.array([numbers.setdefault(one.person, len(numbers)) for one in newer], dtype=np.int64),
        np.array([one.verified_id in known for one in newer], dtype=np.bool_),
        metric="Brier skill",
        question_ids=tuple(one.question_id for one in newer),
    )


def export(artefact: Mapping[str, object]) -> str:
    """Return the content hash that names this artefact."""
    return identity(SLOT, artefact)


def repeats(ledger: Ledger) -> list[Repeat]:
    """Return every live vote on a repeat of a verified answer, oldest first."""
    found = []
    for exchange in ledger.exchanges:
        answer = exchange.answer
        rows = (row for row in exchange.shortlist if row.retriever is Retriever.ANSWERS)
        cosines = {row.passage_id: row.features.get("dense") for row in rows}
        cosine = cosines.get(answer.verified_answer_id or "")
        if answer.verified_answer_id is None or cosine is None:
            continue
        done = [one for one in ledger.signals if one.answer_id == answer.id]
        for person, helped in sorted(live_votes(done).items()):
            asked = exchange.question
            found.append(Repeat(answer.verified_answer_id, cosine, helped, person, asked.id, asked.asked_at))
    return sorted(found, key=lambda one: (one.at, one.question_id, one.person))


def shift(votes: Sequence[Repeat]) -> float:
    """Return the most probable shift of one answer, by bisection of the slope, which falls everywhere."""
    plain = [ANSWERS.probability(one.cosine) for one in votes]

    def slope(at: float) -> float:
        miss = sum(float(one.helped) - shifted(p, at) for one, p in zip(votes, plain, strict=True))
        return miss - at / SPREAD**2

    low, high = -FURTHEST, FURTHEST
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return (low + high) / 2


def _parts(ledger: Ledger) -> tuple[list[Repeat], list[Repeat]]:
    """Return the older votes and the newer; all votes on one question stand on one side."""
    every = repeats(ledger)
    edge = every[min(int(TRAIN_SHARE * len(every)), len(every) - 1)].question_id if every else ""
    place = next((n for n, one in enumerate(every) if one.question_id == edge), 0)
    return every[:place], every[place:]


def _scores(known: Repeats, votes: Sequence[Repeat]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    told = [known.probability(one.verified_id, one.cosine) - float(one.helped) for one in votes]
    return 1 - np.array(told, dtype=np.float64) ** 2
