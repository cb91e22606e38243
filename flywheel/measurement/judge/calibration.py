"""Compare a judge with people: a mark from which on an answer counts as good, and how far that agrees with them.

The labelled answers are halved by a hash of their ids. On one half the mark is chosen that gives the largest kappa; on
the other it is held to people's words, so that a chosen threshold cannot flatter itself. Below kappa 0.4, less than
moderate (Landis and Koch, 1977), a judge's scores are not to be trusted. Pure.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flywheel.measurement.judge.marks import Marks
from flywheel.measurement.judge.people import Words
from flywheel.measurement.kappa import MODERATE, Agreement, agreement, kappa

LEAST = 20
"""Labelled answers in either half; with fewer, kappa's interval spans everything there is."""
MIDDLE = 0.5
"""What counts as good while nothing is known."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An answer with a judge's mark, and whether people find it good."""

    answer_id: str
    mark: float
    good: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """A judge's metric against people. `labelled` answers have both; `threshold` is the mark from which on it is good.

    `agreement` is None while there are too few, or people called all of them the same.
    """

    labelled: int
    threshold: float = MIDDLE
    agreement: Agreement | None = None

    @property
    def is_trusted(self) -> bool:
        """Tell whether scores may be shown."""
        return self.agreement is not None and self.agreement.kappa is not None and self.agreement.kappa >= MODERATE


def labelled(marks: Marks, metric: str, words: Words) -> list[Labelled]:
    """Return the answers that the judge marked and people decided on, in order of their ids."""
    known = [(answer_id, mark.value, words.of(answer_id)) for answer_id, mark in sorted(marks.of[metric].items())]
    return [Labelled(answer_id, value, good) for answer_id, value, good in known if good is not None]


def calibrated(found: Sequence[Labelled], seed: str) -> Calibration:
    """Return how a judge agrees with people; `seed` starts the draws of kappa's interval."""
    chosen_on, held_to = _halves(found)
    if min(len(chosen_on), len(held_to)) < LEAST or len({one.good for one in chosen_on}) < 2:
        return Calibration(len(found))
    threshold = _threshold(chosen_on)
    pairs = [(one.mark >= threshold, one.good) for one in held_to]
    return Calibration(len(found), threshold, agreement(pairs, seed))


def _halves(found: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    halves: tuple[list[Labelled], list[Labelled]] = [], []
    for one in found:
        halves[hashlib.sha256(f"half {one.answer_id}".encode()).digest()[0] % 2].append(one)
    return halves


def _threshold(found: Sequence[Labelled]) -> float:
    """Return the mark that separates best, halfway between two given ones; of equals the one nearest the middle."""
    between = [(low + high) / 2 for low, high in pairwise(sorted({one.mark for one in found}))] or [MIDDLE]

    def merit(threshold: float) -> tuple[float, float, float]:
        value = kappa([(one.mark >= threshold, one.good) for one in found])
        return (-1.0 if value is None else value, -abs(threshold - MIDDLE), -threshold)

    return max(between, key=merit)
