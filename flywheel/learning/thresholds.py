"""Learn when to answer: how confidence is recalibrated, and the line above which an answer is given.

    slope, intercept   Platt's logistic recalibration (1999), pulled towards the confidence as it is
    line               where the most is gained: 1 for a right answer, 0 for a wrong one, 1/2 for none

These are the scores of the benchmark CRAG (Yang et al., 2024: right 1, missing 0, wrong -1) brought into [0, 1]: with
them an answer is worth giving where it is likelier right than wrong. The line never moves so far that fewer than
`FLOOR` of what is answered now would be answered.

What people say decides what was right (`outcomes.py`).

The surprising part: the utility depends on the line alone, because a recalibration keeps the order; the recalibration
makes the confidence that people see an honest one.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from flywheel.answering.decide import Thresholds
from flywheel.curation import credit_review
from flywheel.curation.dataset import Group, thread_of
from flywheel.curation.split import Split, split
from flywheel.learning.lesson import Lesson
from flywheel.learning.outcomes import SLOT, Outcome, lines_served, of_artefact, outcomes
from flywheel.learning.trial import Floats, Trial, on_heldout
from flywheel.store import releases
from flywheel.store.credits import Attribution

NAME = SLOT
VOTES = 50
FLOOR = 0.8
METRIC = "utility"
PULL = 4.0
"""Moving the line by d log-odds costs as much as `PULL` · d² questions turning from right to none."""
_PRIOR = 4.0  # 1 / variance of slope and intercept around 1 and 0: a standard deviation of 0.5
_LEAST_SLOPE = 0.2
_STEPS = 50


class ThresholdsLearner:
    """The learner of one turn: it keeps what it found in the ledger, and its split."""

    NAME = NAME
    SLOT = SLOT

    def __init__(self, credit: Mapping[str, Attribution] | None = None, quarantined: Collection[str] = ()) -> None:
        """Take the turn's credit by signal key, else it is computed from the lesson; and whose word does not count."""
        self._credit, self._quarantined = credit, frozenset(quarantined)
        self._known: dict[str, Outcome] | None = None
        self._parts: Split | None = None

    def enough(self, lesson: Lesson) -> tuple[bool, str]:
        """Tell whether people said often enough what was right, and say why not."""
        known = self._outcomes(lesson)
        if not known:
            return False, ""
        if len(known) < VOTES:
            return False, f"{len(known)} answers that people judged; the thresholds need {VOTES}"
        if len({one.right for one in known.values()}) < 2:
            return False, "all judged answers were judged alike, so there is no line to draw"
        return True, ""

    def fit(self, lesson: Lesson) -> dict[str, object]:
        """Learn from the older questions."""
        known, champion = self._outcomes(lesson), serving(lesson)
        return learned([known[one.question_id] for one in self._split(lesson).train], champion)

    def evaluate(self, artefact: Mapping[str, object], lesson: Lesson) -> Trial:
        """Return the utility of both sides on the newer questions."""
        parts, known, champion = self._split(lesson), self._outcomes(lesson), serving(lesson)
        heldout = [known[one.question_id] for one in parts.heldout]
        challenger = of_artefact(artefact)
        trial = on_heldout(NAME, parts, utility(heldout, champion), utility(heldout, challenger))
        shares = {"champion": answered(heldout, champion), "challenger": answered(heldout, challenger)}
        errors = {"champion": brier(heldout, champion), "challenger": brier(heldout, challenger)}
        too_few = shares["challenger"] < FLOOR * shares["champion"]
        objection = f"It would answer {_percent(shares)} of the held-out questions." if too_few else ""
        facts = {"n_train": len(parts.train), "answered": shares, "brier": errors}
        return replace(trial, metric=METRIC, facts=facts, objection=objection)

    def export(self, artefact: Mapping[str, object]) -> str:
        """Return the content hash that names this artefact."""
        return releases.identity(SLOT, artefact)

    def _outcomes(self, lesson: Lesson) -> dict[str, Outcome]:
        if self._known is None:
            credit = self._credit if self._credit is not None else credit_review.renewed(lesson.core, lesson.ledger)
            credit = {key: one for key, one in credit.items() if one.person not in self._quarantined}
            with lesson.core.database.read() as db:
                lines = lines_served(db)
            self._known = {one.exchange.question.id: one for one in outcomes(lesson.ledger, credit, lines)}
        return self._known

    def _split(self, lesson: Lesson) -> Split:
        if self._parts is None:
            groups = [_group(one) for one in self._outcomes(lesson).values()]
            vectors = lesson.core.encoder.encode([one.text for one in groups])
            self._parts = split(groups, vectors, lesson.reserved)
        return self._parts


def serving(lesson: Lesson) -> Thresholds:
    """Return the thresholds that serve now."""
    with lesson.core.database.read() as db:
        return Thresholds.of(releases.serving(db, SLOT))


def learned(train: Sequence[Outcome], champion: Thresholds) -> dict[str, object]:
    """Return the recalibration that fits the outcomes best, and the line with the most utility."""
    log_odds, right = _arrays(train)
    slope, intercept = _recalibrated(log_odds, right)
    cut = _best_cut(log_odds, right, _cut(champion))
    line = 1 / (1 + math.exp(-(slope * cut + intercept)))
    return {
        "answer": round(min(max(line, 0.01), 0.99), 4),
        "slope": round(slope, 4),
        "intercept": round(intercept, 4),
    }


def utility(known: Sequence[Outcome], thresholds: Thresholds) -> Floats:
    """Return 1 for each right answer given, 0 for each wrong one, 1/2 where none is given; shape (n,)."""
    log_odds, right = _arrays(known)
    return np.where(_confidence(log_odds, thresholds) >= thresholds.answer, right, 0.5)


def answered(known: Sequence[Outcome], thresholds: Thresholds) -> float:
    """Return the share of questions that would be answered, in [0, 1]."""
    log_odds, _ = _arrays(known)
    return float((_confidence(log_odds, thresholds) >= thresholds.answer).mean()) if len(known) else 0.0


def brier(known: Sequence[Outcome], thresholds: Thresholds) -> float:
    """Return the mean squared error of the confidence, in [0, 1]."""
    log_odds, right = _arrays(known)
    return float(((_confidence(log_odds, thresholds) - right) ** 2).mean()) if len(known) else 0.0


def _group(one: Outcome) -> Group:
    question = one.exchange.question
    text = question.standalone or question.text
    segments = {"surface": question.surface.value}
    return Group(question.id, text, one.person, question.asked_at, thread_of(question), (), segments=segments)


def _arrays(known: Sequence[Outcome]) -> tuple[Floats, Floats]:
    return np.array([one.log_odds for one in known]), np.array([float(one.right) for one in known])


def _confidence(log_odds: Floats, thresholds: Thresholds) -> Floats:
    return np.asarray(1 / (1 + np.exp(-(thresholds.slope * log_odds + thresholds.intercept))))


def _cut(thresholds: Thresholds) -> float:
    """Return the line in raw log-odds."""
    return (math.log(thresholds.answer / (1 - thresholds.answer)) - thresholds.intercept) / thresholds.slope


def _recalibrated(log_odds: Floats, right: Floats) -> tuple[float, float]:
    """Return slope and intercept with the least log loss and pull, by Newton's method; the loss has one minimum."""
    rows = np.column_stack([log_odds, np.ones(len(log_odds))])
    identity = np.array([1.0, 0.0])
    weights = identity.copy()
    for _ in range(_STEPS):
        found = 1 / (1 + np.exp(-(rows @ weights)))
        gradient = rows.T @ (found - right) + _PRIOR * (weights - identity)
        curvature = rows.T @ (rows * (found * (1 - found))[:, None]) + _PRIOR * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        weights -= step
        if float(np.abs(step).max()) < 1e-9:
            break
    return max(float(weights[0]), _LEAST_SLOPE), float(weights[1])


def _best_cut(log_odds: Floats, right: Floats, champion: float) -> float:
    """Return the cut with the most utility, less the pull: the champion's, or one between two neighbours."""
    ordered = np.unique(log_odds)
    between = (ordered[1:] + ordered[:-1]) / 2
    least = FLOOR * int((log_odds >= champion).sum())
    allowed = [float(cut) for cut in between if (log_odds >= cut).sum() >= least]
    return max([champion, *allowed], key=lambda cut: (_worth(log_odds, right, cut, champion), -abs(cut - champion)))


def _worth(log_odds: Floats, right: Floats, cut: float, champion: float) -> float:
    gained = np.where(log_odds >= cut, right, 0.5).sum()
    return float(gained) - PULL * 0.5 * (cut - champion) ** 2


def _percent(shares: Mapping[str, float]) -> str:
    return f"{100 * shares['challenger']:.0f} %, where {100 * shares['champion']:.0f} % are answered now,"
