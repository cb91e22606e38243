"""How often people say what they think of an answer, per 1,000 answers: the rate that experiments on asking raise.

*Feedback* is what somebody says on purpose: a vote by button or emoji, a judgement of a source, a better answer. A
person counts once per answer. What people do without meaning to tell (a click, a question more) is no feedback, and
neither is silence. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flywheel.measurement.clustered import mean
from flywheel.measurement.window import Window
from flywheel.model import Signal, SignalKind, Surface
from flywheel.registry import Record
from flywheel.signals.votes import live_votes

METRIC = "feedback_per_1000"
_SAID = frozenset({SignalKind.EDIT, SignalKind.CITATION_UP, SignalKind.CITATION_DOWN, SignalKind.MORE_LIKE_THIS})
_UNASKED = frozenset({Surface.API, Surface.TERMINAL})
"""Where an answer comes without the question whether it helped."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Feedback per 1,000 answers, its 95 % interval clustered by asker, and what it counts.

    `given` are pairs of an answer and a person; `answers` the ids of the answers that got any. The rate is None
    without answers, the interval with fewer than two askers.
    """

    per_1000: float | None
    low: float | None
    high: float | None
    n: int
    given: int
    answers: tuple[str, ...]


def givers(done: Sequence[Signal]) -> frozenset[str]:
    """Return who gave feedback, from the signals of one answer, oldest first."""
    return frozenset(live_votes(done)) | {one.person for one in done if one.kind in _SAID}


def rate(window: Window) -> Rate:
    """Return the rate among the answers of a window that people saw in Slack and could vote on."""
    asked = [one for one in window.exchanges if one.question.surface not in _UNASKED and not one.answer.abstained]
    given = {one.answer.id: len(givers(window.about[one.answer.id])) for one in asked}
    found = mean([(one.question.person, float(given[one.answer.id])) for one in asked])
    with_any = tuple(answer for answer, count in given.items() if count)
    if found is None:
        return Rate(None, None, None, 0, 0, ())
    low = None if found.low is None else max(0.0, 1000 * found.low)
    high = None if found.high is None else 1000 * found.high
    return Rate(1000 * found.value, low, high, found.n, sum(given.values()), with_any)


def record(found: Rate, period: str, at: datetime) -> list[Record]:
    """Return the record of a window's rate, or nothing without answers."""
    if found.per_1000 is None:
        return []
    return [Record(at, METRIC, found.per_1000, found.n, found.low, found.high, dataset=period)]
