"""Tell whether people ask otherwise than in the weeks before: a classifier two-sample test (Lopez-Paz and Oquab, 2017).

A linear classifier learns to tell this window's questions from those of the weeks before; on people it has not seen it
cannot, unless what is asked has changed. Its AUC is the chance that it ranks a present question above an earlier one.
What is tested is how much higher it scores present questions on average, because a new topic with a fifth of all
questions is scored far higher and moves the AUC by little (found 4 times in 5 where the AUC found it once in 4). How
much chance would give is found by exchanging whole weeks of persons, as in `shifts.py`.

A few people with a new topic leave no other people to learn it from; there the shares of topics tell. So both tests are
made, each at half of the level.

Regularised least squares on the labels takes the place of logistic regression: both give the same direction up to what
few questions can tell, and its out-of-fold scores are a fixed matrix times the labels, so that every exchange costs one
product and no training.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flywheel.measurement.understanding import shifts
from flywheel.measurement.understanding.shifts import Shift
from flywheel.ports import Vectors

LEVEL = 0.01
"""The chance of an alarm in a quiet week: one in two years."""
FEWEST = 30
"""Questions on each side below which nothing is tested."""
FEWEST_PERSONS = 8
MOST = 1_500
"""Questions that are compared on each side; of more, evenly spaced ones."""
DRAWS = 499
_FOLDS = 5
_PENALTY = 10.0

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Drift:
    """How well the present can be told from before: AUC in [0, 1], .5 for not at all, and the test's p under exchange.

    `now` and `before` count the questions compared; AUC and p are None where they are too few, or asked by too few.
    `growth_p` is the smallest adjusted p of a topic that grew.
    """

    now: int
    before: int
    persons: int
    auc: float | None = None
    p: float | None = None
    growth_p: float | None = None

    @property
    def is_found(self) -> bool:
        """Tell whether people ask otherwise than before, by either test."""
        return any(p is not None and p <= LEVEL / 2 for p in (self.p, self.growth_p))


@dataclass(frozen=True, slots=True)
class Asked:
    """Of each question: whether it is of now, who asked it, and in which week."""

    is_now: NDArray[np.bool_]
    persons: Sequence[str]
    weeks: Sequence[int]

    @property
    def blocks(self) -> NDArray[np.int64]:
        """Return the number of each question's block: what one person asked in one week."""
        return shifts.blocks_of(self.persons, self.weeks)


def measured(vectors: Vectors, asked: Asked, topics: Sequence[Shift] = ()) -> Drift:
    """Compare the questions of now with those before; one unit vector per question, and how the topics changed."""
    rows = np.sort(np.concatenate([_spaced(np.flatnonzero(part)) for part in (asked.is_now, ~asked.is_now)]))
    vectors, is_now = vectors[rows], asked.is_now[rows]
    persons = [asked.persons[row] for row in rows.tolist()]
    now, before, people = int(is_now.sum()), int((~is_now).sum()), len(set(persons))
    if min(now, before) < FEWEST or people < FEWEST_PERSONS:
        return Drift(now, before, people)
    blocks = shifts.blocks_of(persons, [asked.weeks[row] for row in rows.tolist()])
    scorer = _scorer(vectors, _folds(persons))
    observed, drawn = is_now[None, :], shifts.exchanged(is_now, blocks, DRAWS)[:, blocks]
    score = _scores(scorer, observed)
    reached = int((_gaps(_scores(scorer, drawn), drawn) >= _gaps(score, observed)[0] - 1e-9).sum())
    grown = [one.p for one in topics if one.p is not None and one.change > 0]
    return Drift(now, before, people, _auc(score[0], is_now), (1 + reached) / (1 + DRAWS), min(grown, default=None))


def _spaced(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    if len(rows) <= MOST:
        return rows
    return rows[np.linspace(0, len(rows) - 1, MOST).round().astype(np.int64)]


def _folds(persons: Sequence[str]) -> NDArray[np.int64]:
    """Return each question's fold: a person's questions share one, and folds are about as large as each other."""
    counts: dict[str, int] = {}
    for one in persons:
        counts[one] = counts.get(one, 0) + 1
    load, fold = [0] * _FOLDS, {}
    for one in sorted(counts, key=lambda one: (-counts[one], zlib.crc32(one.encode()), one)):
        fold[one] = min(range(_FOLDS), key=lambda place: (load[place], place))
        load[fold[one]] += counts[one]
    return np.array([fold[one] for one in persons], dtype=np.int64)


def _scorer(vectors: Vectors, folds: NDArray[np.int64]) -> Floats:
    """Return the matrix that makes out-of-fold scores of labels, shape (questions, questions)."""
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    made = np.zeros((len(centred), len(centred)), dtype=np.float32)
    for one in np.unique(folds):
        test, train = np.flatnonzero(folds == one), np.flatnonzero(folds != one)
        known = centred[train]
        inner = known.T @ known + _PENALTY * np.eye(known.shape[1])
        made[np.ix_(test, train)] = centred[test] @ np.linalg.solve(inner, known.T)
    return made


def _scores(scorer: Floats, labels: NDArray[np.bool_]) -> Floats:
    """Return the questions' scores under each labelling; both have shape (labellings, questions)."""
    signs = labels.astype(np.float32)
    scores: Floats = (signs - signs.mean(axis=1, keepdims=True)) @ scorer.T
    return scores


def _gaps(scores: Floats, labels: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how much higher those labelled score on average than the rest, shape (labellings,)."""
    many = labels.sum(axis=1)
    inside = (scores * labels).sum(axis=1, dtype=np.float64)
    rest = scores.sum(axis=1, dtype=np.float64) - inside
    gaps: NDArray[np.float64] = inside / many - rest / (labels.shape[1] - many)
    return gaps


def _auc(scores: Floats, labels: NDArray[np.bool_]) -> float:
    ranks = scores.argsort(kind="stable").argsort(kind="stable") + 1
    positives = int(labels.sum())
    least = positives * (positives + 1) / 2
    return float((ranks[labels].sum() - least) / (positives * (len(labels) - positives)))
