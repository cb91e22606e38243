"""Count what happened between two moments: asked, answered, satisfied, silent, corrected, how fast.

*Satisfied* is yes among live votes, one vote per person and answer; an answer without a vote says nothing either way.
*Silent* answers are those that nobody did anything with. A deleted question is not counted anywhere. Intervals know
that the votes, or the questions, of one person are not independent witnesses (`estimates.py`). Pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from flywheel.curation.split import normalised
from flywheel.measurement import estimates
from flywheel.model import Correction, CorrectionState, Signal
from flywheel.signals.votes import live_votes
from flywheel.store.ledger import Exchange


@dataclass(frozen=True, slots=True)
class Share:
    """A count of a total, and its 95 % interval; the interval is None where the total is 0."""

    count: int
    total: int
    low: float | None = None
    high: float | None = None

    @property
    def value(self) -> float | None:
        """Return the share in [0, 1], or None of nothing."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened between two moments. Latencies are milliseconds from question to answer, None without answers."""

    questions: int
    answered: Share
    satisfied: Share
    silent: Share
    suggested: int
    approved: int
    median_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """One bar of the chart: a day, or the Monday of a week. Every answer is in one of the four counts."""

    first: date
    satisfied: int
    unsatisfied: int
    silent: int
    abstained: int


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that got no answer, in the words of the one who asked last, and how often it was asked."""

    text: str
    times: int


def share(count: int, total: int) -> Share:
    """Return a share with its Wilson score interval at 95 % (Wilson, 1927; Brown, Cai and DasGupta, 2001).

    (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) with z = 1.96.
    """
    if total == 0:
        return Share(count, total)
    z, p = 1.959964, count / total
    middle, width = p + z * z / (2 * total), z * (p * (1 - p) / total + z * z / (4 * total * total)) ** 0.5
    scale = 1 + z * z / total
    return Share(count, total, max(0.0, (middle - width) / scale), min(1.0, (middle + width) / scale))


def share_by_person(said: Iterable[tuple[str, bool]]) -> Share:
    """Return the share of what is true of all that was said, with an interval in which persons are the witnesses."""
    by_person: dict[str, list[float]] = {}
    for person, value in said:
        by_person.setdefault(person, []).append(float(value))
    found = estimates.share(by_person)
    if found is None:
        return Share(0, 0)
    return Share(round(sum(map(sum, by_person.values()))), found.n, found.low, found.high)


def figures(
    exchanges: Sequence[Exchange], about: Mapping[str, Sequence[Signal]], corrections: Sequence[Correction]
) -> Figures:
    """Count exchanges; `about` holds each answer's signals and `corrections` those suggested in the same time."""
    took = [ms for ms in map(latency_ms, exchanges) if ms is not None]
    return Figures(
        questions=len({one.question.id for one in exchanges}),
        answered=share_by_person((one.question.person, not one.answer.abstained) for one in exchanges),
        satisfied=share_by_person(cast for one in exchanges for cast in live_votes(about[one.answer.id]).items()),
        silent=share_by_person((one.question.person, not about[one.answer.id]) for one in exchanges),
        suggested=len(corrections),
        approved=sum(one.state is CorrectionState.APPROVED for one in corrections),
        median_ms=float(np.percentile(took, 50)) if took else None,
        p95_ms=float(np.percentile(took, 95)) if took else None,
    )


def latency_ms(exchange: Exchange) -> float | None:
    """Return how long an answer took: its total, or the sum of its stages where no total was kept."""
    timings = exchange.answer.timings_ms
    if not timings:
        return None
    return timings.get("total", sum(timings.values()))


def bars(exchanges: Iterable[Exchange], about: Mapping[str, Sequence[Signal]], step: timedelta) -> list[Day]:
    """Return one bar per day or week in which something was answered, oldest first, `step` long, Mondays for weeks.

    An answer counts as satisfied when more of its live votes say yes than no, as unsatisfied when others were cast.
    """
    counts: dict[date, Counter[str]] = {}
    for one in exchanges:
        counts.setdefault(_first(one, step), Counter())[_mood(one, about[one.answer.id])] += 1
    return [
        Day(first, of["satisfied"], of["unsatisfied"], of["silent"], of["abstained"])
        for first, of in sorted(counts.items())
    ]


def unanswered(exchanges: Iterable[Exchange], quotable: frozenset[str]) -> tuple[list[Unanswered], int]:
    """Return the questions that got no answer, most frequent first, and how many more may not be quoted.

    Only a question whose audience has none but `quotable` labels is quoted.
    """
    silent = [one.question for one in exchanges if one.answer.abstained]
    public = [one for one in silent if one.audience.labels <= quotable]
    times = Counter(normalised(one.text) for one in public)
    words = {normalised(one.text): one.text for one in public}
    ordered = sorted(times, key=lambda text: (-times[text], text))
    return [Unanswered(words[text], times[text]) for text in ordered], len(silent) - len(public)


def week_of(moment: datetime) -> tuple[str, datetime, datetime]:
    """Return a moment's ISO week such as 2026-W47, its Monday 00:00 and the next one, in the moment's time zone."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday())
    year, number, _ = moment.isocalendar()
    return f"{year}-W{number:02d}", monday, monday + timedelta(days=7)


def _first(exchange: Exchange, step: timedelta) -> date:
    answered = exchange.answer.answered_at or exchange.question.asked_at
    return answered.date() if step < timedelta(days=7) else answered.date() - timedelta(days=answered.weekday())


def _mood(exchange: Exchange, done: Sequence[Signal]) -> str:
    if exchange.answer.abstained:
        return "abstained"
    votes = list(live_votes(done).values())
    if not votes:
        return "silent"
    return "satisfied" if sum(votes) * 2 > len(votes) else "unsatisfied"
