"""An answer on its way: what was written so far, and everything that is kept about how."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from flywheel.answering.decide import Decision
from flywheel.answering.grounded import OnText
from flywheel.answering.written import Written
from flywheel.core import Core
from flywheel.model import Hit, Routing
from flywheel.ports import Span
from flywheel.stages import Stages


def _tell_nobody(_stage: str) -> None:
    """Tell nobody of a stage."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Who is told how an answer comes along: of each stage as it begins, and of the checked text so far.

    What either of them raises ends the question: nothing is kept of it then.
    """

    stage: Callable[[str], None] = _tell_nobody
    text: OnText | None = None


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


class Watch(Stages):
    """When the question came, and milliseconds per stage since."""

    def __init__(self, core: Core, progress: Progress | None = None) -> None:
        """Start now."""
        super().__init__(core.tracer)
        self.asked_at = core.now()
        self.progress = progress or Progress()

    @contextmanager
    def stage(self, name: str) -> Iterator[Span]:
        """Time what is done within, and tell who follows that it begins."""
        self.progress.stage(name)
        with super().stage(name) as span:
            yield span
