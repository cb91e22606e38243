"""Remember which passage people wanted: earlier questions vote for theirs, the nearer the more.

    voted(passage) = gain * sum over earlier questions of exp(-2 * bandwidth * (1 - cosine)) * vote(question, passage)

The votes come from kernel ridge regression (learning/memory.py). Only passages that recur are remembered, those that
more than one question wanted; all others are voted 0, and a question that is like none before it gets next to nothing,
so that what is new is found as it was. What is kept of a question is its vector, never its words.

The surprising part: an artefact holds two sets of votes. What serves knows every question up to its turn; what the gate
judged knows the older ones only. Later turns compare their challengers with the judged one (`judged`), because the
other has seen the answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import ArtefactError
from flywheel.retrieval.arrays import Array, count, number, unpacked

MOST = 10
"""How many passages the memory brings to a question at most."""
FLOOR = 0.02
"""What a vote must be worth, in units of the best fused score, to be looked at."""


@dataclass(frozen=True, slots=True)
class QuestionMemory:
    """Vectors of earlier questions, shape (n, dimensions), and their votes for passages, shape (n, passages).

    `known` says how many of them, the first ones, the judged votes know; `judged_votes` has shape (known, passages).
    """

    encoder: str
    passages: tuple[str, ...]
    questions: Array
    votes: Array
    bandwidth: float
    gain: float
    known: int
    judged_votes: Array

    @classmethod
    def of(cls, artefact: Mapping[str, object]) -> "QuestionMemory":
        """Read an artefact.

        Raises:
            ArtefactError: something is missing, or an array has another shape than it should.
        """
        passages = artefact.get("passages")
        if not isinstance(passages, Sequence) or isinstance(passages, str):
            raise ArtefactError("the memory's artefact names no passages")
        size, dimensions = count(artefact.get("count")), count(artefact.get("dimensions"))
        known = count(artefact.get("known"))
        return cls(
            encoder=str(artefact.get("encoder")),
            passages=tuple(str(one) for one in passages),
            questions=unpacked(artefact.get("questions"), (size, dimensions)),
            votes=unpacked(artefact.get("votes"), (size, len(passages))),
            bandwidth=number(artefact.get("bandwidth"), 0.1, 100),
            gain=number(artefact.get("gain"), 0, 100),
            known=min(known, size),
            judged_votes=unpacked(artefact.get("judged_votes"), (known, len(passages))),
        )

    @property
    def judged(self) -> "QuestionMemory":
        """Return the memory as the gate judged it."""
        return QuestionMemory(
            self.encoder,
            self.passages,
            self.questions[: self.known],
            self.judged_votes,
            self.bandwidth,
            self.gain,
            self.known,
            self.judged_votes,
        )

    def share(self, voted: float) -> float:
        """Return the share of its neighbours' votes behind what `voted` is worth: how probably the passage is right.

        Of banking77's dev questions with half of the votes or more for one intent, 96 to 99 % were of that intent (300
        to 3,000 earlier questions, a fifth of the votes wrong or none), and of clinc150's, which are of none, 1 to 3 %
        had as many.
        """
        return min(voted / self.gain, 1.0) if self.gain > 0 else 0.0

    def voted(self, vector: NDArray[np.float32]) -> dict[str, float]:
        """Return up to `MOST` passages that a question's neighbours wanted, in units of the best fused score."""
        scores = self.gain * (np.exp(-2 * self.bandwidth * (1 - self.questions @ vector)) @ self.votes)
        best = np.argsort(-scores, kind="stable")[:MOST]
        return {self.passages[place]: float(scores[place]) for place in best if scores[place] >= FLOOR}
