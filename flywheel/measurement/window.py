"""A window: everything that was answered in a stretch of time and what people did about it, read once.

The parts of a report are computed from windows, so that all of them count the same answers. A window is read *as of* a
moment: what people did after it does not count, and so the same report can be computed again later. Questions that
were deleted since are gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flywheel.answering import courtesy
from flywheel.model import PUBLIC, Correction, Signal
from flywheel.signals.votes import live_votes
from flywheel.store import corrections, expertise, ledger
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange


@dataclass(frozen=True, slots=True)
class Window:
    """What was answered at or after `start` and before `end`, oldest first, greetings and thanks left out.

    `about` holds each answer's signals up to `seen`, oldest first, by answer id; `suggested` the corrections suggested
    within the window. `readable` are the labels that everybody in the report's channel may read, `open_channels` those
    of channels that everybody can join: there anybody can look, so what was asked there may be quoted (`may_quote`),
    though not what only its members may read.
    """

    period: str
    start: datetime
    end: datetime
    seen: datetime
    exchanges: tuple[Exchange, ...]
    about: Mapping[str, Sequence[Signal]]
    suggested: tuple[Correction, ...]
    readable: frozenset[str]
    open_channels: frozenset[str] = frozenset()

    def votes(self, exchange: Exchange) -> dict[str, bool]:
        """Return the live votes on an answer by person, True for yes."""
        return live_votes(self.about[exchange.answer.id])

    def may_quote(self, exchange: Exchange) -> bool:
        """Tell whether everybody in the report's channel can see where a question was asked."""
        return exchange.question.audience.labels <= self.quotable

    @property
    def quotable(self) -> frozenset[str]:
        """Return the labels that the audience of a question may have that is quoted."""
        return self.readable | self.open_channels


def readable_in(channel: str | None) -> frozenset[str]:
    """Return the labels that everybody in a channel may read; without a channel, what everybody may."""
    return frozenset({PUBLIC} if channel is None else {PUBLIC, f"channel:{channel}"})


def read(db: Session, period: str, span: tuple[datetime, datetime], seen: datetime, channel: str | None) -> Window:
    """Read the window of a span (start, end) as of `seen`, for a report in a channel."""
    start, end = span
    exchanges = tuple(
        one for one in ledger.between(db, start, min(end, seen)) if one.answer.writer != courtesy.WRITER
    )  # answers to greetings say nothing about answers
    about = {
        answer_id: [signal for signal in done if signal.at <= seen]
        for answer_id, done in ledger.signals_about(db, exchanges).items()
    }
    suggested = tuple(one for one in corrections.since(db, start) if start <= one.at < min(end, seen))
    open_to_all = frozenset(f"channel:{one}" for one in expertise.open_channels(db))
    return Window(period, start, end, seen, exchanges, about, suggested, readable_in(channel), open_to_all)


def before(db: Session, window: Window, weeks: int, channel: str | None) -> Window:
    """Read the `weeks` weeks before a window, as of the same moment."""
    span = (window.start - timedelta(weeks=weeks), window.start)
    return read(db, f"{weeks} weeks before {window.period}", span, window.seen, channel)
