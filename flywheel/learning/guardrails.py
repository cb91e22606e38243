"""What a challenger may not worsen, whatever it gains: each value of both sides, and how far it may move.

    latency               p95 in milliseconds     may rise by a fifth, and by 20 ms in any case
    abstention            share of questions      may rise by .03
    citation_precision    share of citations      may fall by .03
    out_of_scope          share of questions about nothing here that got an answer; may rise by .03

A guardrail *breaks* when the value worsens by more than its limit and by more than one standard error, so that two
unlucky questions out of thirty break nothing. The values are measured elsewhere; here is only the judgement.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SHARE_LIMIT = 0.03
"""As far as a segment may fall (`gate.NOT_WORSE`)."""
LATENCY_SHARE = 0.2
LATENCY_MS = 20.0
ENOUGH = 30
"""Fewer values than this on either side break nothing; the verdict says that they are too few."""


class Guard(StrEnum):
    """What is watched."""

    LATENCY = "latency"
    ABSTENTION = "abstention"
    CITATION_PRECISION = "citation_precision"
    OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Watched:
    """One guardrail's values: p95 in milliseconds for latency, else shares in [0, 1].

    `n` is the number of values on the smaller side.
    """

    guard: Guard
    champion: float
    challenger: float
    n: int

    @property
    def worse(self) -> float:
        """Return how far it moved in the bad direction."""
        moved = self.challenger - self.champion
        return -moved if self.guard is Guard.CITATION_PRECISION else moved

    @property
    def limit(self) -> float:
        """Return how far it may move."""
        if self.guard is Guard.LATENCY:
            return max(LATENCY_MS, LATENCY_SHARE * self.champion)
        return max(SHARE_LIMIT, _error(self.champion, self.challenger, self.n))

    @property
    def broken(self) -> bool:
        """Tell whether it moved too far."""
        return self.n >= ENOUGH and self.worse > self.limit


def objection(watched: Sequence[Watched]) -> str:
    """Return a sentence about each broken guardrail, or nothing."""
    return " ".join(_said(one) for one in watched if one.broken)


def too_few(watched: Sequence[Watched]) -> list[str]:
    """Return a sentence about each guardrail that had too few values to break."""
    return [f"Too few to tell about {_named(one)}: {one.n} of {ENOUGH} values." for one in watched if one.n < ENOUGH]


def _error(one: float, other: float, n: int) -> float:
    return math.sqrt((one * (1 - one) + other * (1 - other)) / n) if n else 1.0


def _said(one: Watched) -> str:
    if one.guard is Guard.LATENCY:
        return (
            f"95 of 100 questions would take up to {one.challenger:.0f} ms instead of {one.champion:.0f} ms; "
            f"{one.limit:.0f} ms more are allowed."
        )
    return (
        f"The {_named(one)} would go from {one.champion:.3f} to {one.challenger:.3f} (n = {one.n}); "
        f"a change of {one.limit:.3f} is allowed."
    )


def _named(one: Watched) -> str:
    return {
        Guard.LATENCY: "latency",
        Guard.ABSTENTION: "share of questions without an answer",
        Guard.CITATION_PRECISION: "share of right citations",
        Guard.OUT_OF_SCOPE: "share of questions about nothing here that get an answer",
    }[one.guard]
