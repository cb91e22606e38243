"""Read what a report is computed from, once: its window, the weeks before it, and each of them alone.

All are cut from one read of the ledger as of the edition's moment. A correction counts as decided only if it was by
then; an act that reached the ledger after the report was made first is left out (`store/lateness.py`).
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from flywheel.measurement import window as windows
from flywheel.measurement.edition import Edition, Span
from flywheel.measurement.window import Window
from flywheel.model import Correction, CorrectionState
from flywheel.store import lateness
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange


@dataclass(frozen=True, slots=True)
class Reading:
    """The edition's window, `before` with what it is compared with, and `steps`: single weeks or months, oldest first.

    The last of the steps is the window itself.
    """

    edition: Edition
    window: Window
    before: Window
    steps: tuple[Window, ...]

    @property
    def compared(self) -> tuple[Window, ...]:
        """Return the single weeks or months of `before`."""
        return self.steps[-1 - self.edition.compared : -1]


def read(db: Session, edition: Edition, channel: str | None) -> Reading:
    """Read the ledger for a report in a channel."""
    spans = edition.steps()
    whole = windows.read(db, edition.span.period, (spans[0].start, spans[-1].end), edition.seen, channel)
    late = frozenset[str]()
    if edition.last_signal is not None:
        late = lateness.late_keys(db, edition.last_signal, edition.seen)
    whole = _as_of(whole, late)
    first = spans[-1 - edition.compared].start
    before = Span(f"{edition.before[4:]} {edition.span.period}", first, edition.span.start)
    steps = tuple(cut(whole, one) for one in spans)
    return Reading(edition, steps[-1], cut(whole, before), steps)


def cut(whole: Window, span: Span) -> Window:
    """Return the part of a window that was answered within a span."""
    exchanges = tuple(one for one in whole.exchanges if span.start <= answered(one) < span.end)
    return replace(
        whole,
        period=span.period,
        start=span.start,
        end=span.end,
        exchanges=exchanges,
        about={one.answer.id: whole.about[one.answer.id] for one in exchanges},
        suggested=tuple(one for one in whole.suggested if span.start <= one.at < span.end),
    )


def answered(exchange: Exchange) -> datetime:
    """Return when an answer was given."""
    return exchange.answer.answered_at or exchange.question.asked_at


def _as_of(whole: Window, late: Collection[str]) -> Window:
    about = whole.about
    if late:
        about = {name: [one for one in done if one.key not in late] for name, done in about.items()}
    return replace(whole, about=about, suggested=tuple(_undecided(one, whole.seen) for one in whole.suggested))


def _undecided(one: Correction, seen: datetime) -> Correction:
    """Return a correction as it stood at a moment."""
    if one.reviewed_at is None or one.reviewed_at <= seen:
        return one
    return replace(one, state=CorrectionState.PENDING, reviewer=None, reviewed_at=None)
