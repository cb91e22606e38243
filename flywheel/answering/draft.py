"""An answer on its way: what was written so far, and everything that is kept about how."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from flywheel.answering.decide import Decision
from flywheel.answering.written import Written
from flywheel.model import Hit, Routing


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that is not stored yet.

    `standalone` is the question as understood, `vector` what it was searched with.
    """

    written: Written
    decision: Decision
    hits: tuple[Hit, ...] = ()
    standalone: str = ""
    abstained: bool = False
    verified_id: str | None = None
    route: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    trace: tuple[str, ...] = ()
    routing: Routing = field(default_factory=Routing)
    vector: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)

    @property
    def confidence(self) -> float:
        """Return the writer's confidence where it has one of its own, else the decision's."""
        own = self.written.confidence
        return self.decision.confidence if own is None or self.abstained else own

    def told(self, *lines: str) -> "Draft":
        """Return the draft with more lines in its trace."""
        return replace(self, trace=(*self.trace, *lines))


class Watch:
    """When the question came, and milliseconds per stage since."""

    def __init__(self, asked_at: datetime) -> None:
        """Start now."""
        self.asked_at = asked_at
        self._began = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """End a stage."""
        now = time.perf_counter()
        self._laps[stage] = round((now - self._last) * 1000, 2)
        self._last = now

    def timings(self) -> dict[str, float]:
        """Return milliseconds by stage, and their total."""
        return {**self._laps, "total": round((time.perf_counter() - self._began) * 1000, 2)}
