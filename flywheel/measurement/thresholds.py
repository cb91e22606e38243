"""Thresholds: propose them from data, let administrators decide with a reason, and tell a report how things stand.

Surprising: nothing proposed is in force. A threshold comes into force when a person confirms it or sets one, and stays
until a person sets another or retires it. Every row keeps who said so and why; each decision is in the audit log too.
What happens when a value is worse than its threshold stands in `breaches.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flywheel.core import Core
from flywheel.errors import InvalidInput, NotFound
from flywheel.learning.release import WHEEL, Registry
from flywheel.measurement import proposals, threshold_words
from flywheel.measurement.baselines import (
    ALL,
    About,
    Observed,
    bound_of,
    counted,
    logged,
    newest,
    refuse_unknown,
    weekly,
)
from flywheel.measurement.proposals import Proposal
from flywheel.measurement.section import Line, Section
from flywheel.measurement.week import week_of
from flywheel.measurement.window import Window, read
from flywheel.registry import Record
from flywheel.store import audit, records
from flywheel.store import thresholds as stored
from flywheel.store.database import Session
from flywheel.store.thresholds import Breach, Threshold, ThresholdState

DAYS = timedelta(days=7)
"""How far back a value looks that is compared with its threshold."""
LONGEST_REASON = 1_000


def propose(core: Core) -> list[Threshold]:
    """Store and return the proposals that are due, oldest baselines first; run at the end of every turn."""
    now = core.now()
    with core.database.read() as db:
        rows = stored.history(db)
        found = [*_from_weeks(db, now), *_from_log(db, now)]
    last = {one.about: one for one in rows}
    due = proposals.all_due(found, last, {about: now - one.at for about, one in last.items()})
    with core.database.begin() as db:
        return [stored.put(db, _row(one, now)) for one in due]


def confirm(registry: Registry, proposal_id: int, person: str, reason: str, value: float | None = None) -> Threshold:
    """Put a proposal in force, with another value where one is given, and return the row that says so.

    Raises:
        NotFound: there is no such proposal.
        InvalidInput: it has been decided on, or the reason or the value cannot be.
    """
    return _decide(registry, proposal_id, ThresholdState.CONFIRMED, (person, reason), value)


def reject(registry: Registry, proposal_id: int, person: str, reason: str) -> Threshold:
    """Turn a proposal down; what was in force stays so.

    Raises:
        NotFound: there is no such proposal.
        InvalidInput: it has been decided on, or there is no reason.
    """
    return _decide(registry, proposal_id, ThresholdState.REJECTED, (person, reason), None)


def put(registry: Registry, about: About, value: float, person: str, reason: str) -> Threshold:
    """Put a threshold in force that nobody proposed, in the place of the one that was.

    Raises:
        InvalidInput: the metric or segment cannot have a threshold, or the reason or the value cannot be.
    """
    refuse_unknown(*about)
    bound, at = bound_of(about[0]), registry.now()
    assert bound is not None
    made = Threshold(*about, bound, value, ThresholdState.CONFIRMED, person, reason, at)
    with registry.database.begin() as db:
        return _kept(db, made)


def retire(registry: Registry, about: About, person: str, reason: str) -> Threshold:
    """Put a threshold out of force; nothing is checked in its place.

    Raises:
        NotFound: none is in force for this metric and segment.
        InvalidInput: there is no reason.
    """
    at = registry.now()
    with registry.database.begin() as db:
        standing = next((one for one in stored.in_force(stored.history(db)) if one.about == about), None)
        if standing is None:
            raise NotFound(f"no threshold is in force for {about[0]} of {about[1]}")
        made = Threshold(*about, standing.bound, standing.value, ThresholdState.RETIRED, person, reason, at)
        return _kept(db, made)


def told(db: Session, window: Window) -> Section:
    """Return what a report says: what was breached in the window, how values stand, what waits for a decision."""
    rows = stored.history(db, window.seen)
    standing, waiting = stored.in_force(rows), stored.proposed(rows)
    broken = [one for one in stored.breaches(db, window.start) if one.began_at <= min(window.seen, window.end)]
    by_id = {one.id: one for one in rows}
    now = {one.about: one for one in counted(window)}
    lines = [_breach_line(one, by_id[one.threshold_id], now, window.seen) for one in broken]
    if standing and not broken:
        lines.append(Line(f"{_many(standing)} in force, and {_none(standing)} breached."))
    told_already = {(one.metric, one.segment) for one in broken}
    shown = [one for one in standing if one.about in now and one.about not in told_already and _is_shown(one, now)]
    lines += [_standing_line(one, now[one.about]) for one in shown]
    if waiting:
        lines.append(Line(f"{_waits(waiting)} for an administrator to confirm: {_listed(waiting)}."))
    if not rows:
        lines.append(Line("No threshold can be proposed yet: that takes 20 votes or answers of 5 people."))
    numbers = {
        "in_force": [_numbers(one, now.get(one.about)) for one in standing],
        "proposed": [_numbers(one, now.get(one.about)) for one in waiting],
        "breaches": [_breach_numbers(one, window.seen) for one in broken],
    }
    return Section("thresholds", "Thresholds", tuple(lines), numbers)


def _from_weeks(db: Session, now: datetime) -> list[Proposal]:
    """Return what complete weeks propose, and the newest seven days where there are too few of them."""
    _, monday, _ = week_of(now)
    weeks: dict[About, list[Observed]] = {}
    for back in range(proposals.MOST_WEEKS, 0, -1):
        start = monday - back * DAYS
        end = start + DAYS
        for one in counted(read(db, start.date().isoformat(), (start, end), end, None)):  # as it was seen then
            if proposals.is_wanted(*one.about):
                weeks.setdefault(one.about, []).append(one)
    days = counted(read(db, "the last 7 days", (now - DAYS, now), now, None))
    first = {one.about: one for one in days if one.segment == ALL}
    found = []
    for about in sorted({*weeks, *first}):
        made = proposals.of_weeks(weeks.get(about, []))
        if made is None and about in first:
            made = proposals.of_days(first[about])
        found += [made] if made is not None else []
    return found


def _from_log(db: Session, now: datetime) -> list[Proposal]:
    found = []
    for _, some in sorted(logged(records.since(db, at=now - proposals.MOST_WEEKS * DAYS)).items()):
        last = newest(some)
        made = _from_judge(some) if last.is_sample else proposals.of_frozen(weekly(some, now - DAYS), last)
        found += [made] if made is not None else []
    return found


def _from_judge(some: Sequence[Record]) -> Proposal | None:
    by_week = {one.at.isocalendar()[:2]: newest([one]) for one in some}
    return proposals.of_weeks([one for _, one in sorted(by_week.items())])


def _row(one: Proposal, at: datetime) -> Threshold:
    return Threshold(
        one.metric, one.segment, one.bound, one.value, ThresholdState.PROPOSED, WHEEL, one.reason, at, one.baseline
    )


def _decide(
    registry: Registry, proposal_id: int, state: ThresholdState, by: tuple[str, str], value: float | None
) -> Threshold:
    person, reason = by
    at = registry.now()
    with registry.database.begin() as db:
        proposal = stored.held(db, proposal_id)
        if proposal.state is not ThresholdState.PROPOSED:
            raise NotFound(f"there is no proposal {proposal_id}")
        if proposal_id not in {one.id for one in stored.proposed(stored.history(db))}:
            raise InvalidInput("this proposal has been decided on, or a newer one has taken its place")
        wanted = proposal.value if value is None else value
        made = Threshold(*proposal.about, proposal.bound, wanted, state, person, reason, at, proposal.baseline)
        return _kept(db, made)


def _kept(db: Session, made: Threshold) -> Threshold:
    reason = made.reason.strip()
    if not reason:
        raise InvalidInput("say why: a threshold is kept with its reason")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(f"the reason must have at most {LONGEST_REASON} characters")
    if not (made.value > 0 if made.metric.endswith("_ms") else 0 < made.value < 1):
        unit = "milliseconds above 0" if made.metric.endswith("_ms") else "between 0 and 1"
        raise InvalidInput(f"the value of {made.metric} must be {unit}")
    audit.put(db, made.person, f"threshold: {made.state.value}", f"{made.metric} {made.segment}", made.at)
    return stored.put(db, made)


def _breach_line(one: Breach, threshold: Threshold, now: Mapping[About, Observed], seen: datetime) -> Line:
    what = threshold_words.name(one.metric, one.segment)
    since = f"since {one.began_at:%A %d %B}"
    is_over = one.ended_at is not None and one.ended_at <= seen
    until = f"from {one.began_at:%A %d %B} to {one.ended_at:%A %d %B}" if is_over else since
    found = now.get((one.metric, one.segment))
    asked = threshold_words.bound(threshold)
    return Line(
        f"{what} was worse than asked for ({asked}) {until}: {one.detail['seen']}.", found.answers if found else ()
    )


def _standing_line(one: Threshold, found: Observed) -> Line:
    what, seen = threshold_words.name(*one.about), threshold_words.seen(one.metric, found.estimate)
    is_worse = one.is_worse(found.estimate.value)
    note = (
        "; too few to say"
        if not found.is_enough
        else "; worse, but by no more than chance explains"
        if is_worse
        else ""
    )
    return Line(f"{what}: {seen}; asked for: {threshold_words.bound(one)}{note}.", found.answers)


def _is_shown(one: Threshold, now: Mapping[About, Observed]) -> bool:
    """Tell whether a report has a line for it: what is of all answers, and what is worse than asked for."""
    return one.segment == ALL or one.is_worse(now[one.about].estimate.value)


def _listed(waiting: Sequence[Threshold]) -> str:
    return "; ".join(f"{threshold_words.name(*one.about)} {threshold_words.bound(one)}" for one in waiting[:5])


def _many(standing: Sequence[Threshold]) -> str:
    return "One threshold is" if len(standing) == 1 else f"{len(standing)} thresholds are"


def _none(standing: Sequence[Threshold]) -> str:
    return "it was not" if len(standing) == 1 else "none was"


def _waits(waiting: Sequence[Threshold]) -> str:
    return "One proposed threshold waits" if len(waiting) == 1 else f"{len(waiting)} proposed thresholds wait"


def _numbers(one: Threshold, found: Observed | None) -> dict[str, object]:
    told: dict[str, object] = {"id": one.id, "metric": one.metric, "segment": one.segment, "bound": one.bound.value}
    told["threshold"] = one.value
    if found is not None:
        made = found.estimate
        told |= {"value": made.value, "low": made.low, "high": made.high, "n": made.n, "persons": made.persons}
    return told


def _breach_numbers(one: Breach, seen: datetime) -> dict[str, object]:
    is_over = one.ended_at is not None and one.ended_at <= seen
    began = {name: value for name, value in one.detail.items() if name != "over"}
    ended = one.ended_at.isoformat() if is_over and one.ended_at else None
    return {"id": one.id, "began_at": one.began_at.isoformat(), "ended_at": ended, **began}
