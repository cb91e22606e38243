"""Time the stages of a question: once for the answer's row, once for whoever traces (`ports.Tracer`).

A stage may hold others; each is told to the tracer with its real nesting. Neither texts nor persons are told.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext

from flywheel.ports import Note, Span, Tracer

_DIGITS = 2


class _NoSpan:
    def note(self, **facts: Note) -> None:
        """Tell nobody."""


class Untraced:
    """A tracer that tells nobody."""

    def span(self, name: str, parent: str = "", **facts: Note) -> AbstractContextManager[Span]:  # noqa: ARG002 - the port's
        """Do nothing."""
        return nullcontext(_NO_SPAN)

    def current(self) -> str:
        """Return that nothing is traced."""
        return ""


_NO_SPAN = _NoSpan()


class Stages:
    """Milliseconds per stage, all its times together, and in all since it was made."""

    def __init__(self, tracer: Tracer) -> None:
        """Start now."""
        self._tracer = tracer
        self._began = time.perf_counter()
        self._spent: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[Span]:
        """Time what is done within; a stage that fails is told to the tracer alone."""
        began = time.perf_counter()
        with self._tracer.span(name) as span:
            yield span
        self._spent[name] = round(self._spent.get(name, 0.0) + _ms(time.perf_counter() - began), _DIGITS)

    def timings(self) -> Mapping[str, float]:
        """Return milliseconds by stage, and their `total` up to now."""
        return {**self._spent, "total": _ms(time.perf_counter() - self._began)}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, _DIGITS)
