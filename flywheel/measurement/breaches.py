"""Find out when a metric is worse than its threshold, raise one alarm for it, and notice when it is over.

A breach begins when the newest seven days have enough values (`baselines.ENOUGH`), their value is worse than the
threshold and so is the near end of its 90 % interval: by chance alone that happens to one value in twenty that lies at
the threshold, and five unlucky votes alarm nobody. Rankings of the frozen questions
are compared as they are, for the same questions are asked every time. A breach is over when the value is acceptable
again or the threshold is no more; too few values end nothing. In between nothing is said: one alarm for one breach.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flywheel.core import Core
from flywheel.measurement import threshold_words
from flywheel.measurement.baselines import COUNTED, About, Observed, counted, logged, newest
from flywheel.measurement.proposals import MOST_WEEKS
from flywheel.measurement.thresholds import DAYS
from flywheel.measurement.window import read
from flywheel.store import records, reviews
from flywheel.store import thresholds as stored
from flywheel.store.database import Session
from flywheel.store.reviews import ReviewItem, ReviewKind, identity
from flywheel.store.thresholds import Bound, Breach, Threshold

_NEAR = 1.645 / 1.96
"""How far the end of a 90 % interval lies on the way to that of the 95 % interval."""
WHAT = "breach"
"""What the alarm in the review queue says it is about."""


def check(core: Core) -> list[Breach]:
    """Begin the breaches that there are and end those that are over; return both. Harmless to repeat."""
    now = core.now()
    with core.database.read() as db:
        standing = stored.in_force(stored.history(db))
        lasting = stored.breaches(db)
        if not standing and not lasting:
            return []
        seen = observed(db, {one.metric for one in standing}, now)
    found = []
    for one in standing:
        if one.about in seen:
            found += _looked_at(core, one, seen[one.about], now)
    return found + _without_threshold(core, standing, lasting, now)


def observed(db: Session, metrics: Iterable[str], now: datetime) -> dict[About, Observed]:
    """Return what some metrics are now, in every segment: of the last seven days, or the newest in the log."""
    wanted = frozenset(metrics)
    found: dict[About, Observed] = {}
    if wanted & frozenset(COUNTED):
        days = counted(read(db, "the last 7 days", (now - DAYS, now), now, None))
        found |= {one.about: one for one in days}
    if wanted - frozenset(COUNTED):
        log = logged(records.since(db, at=now - MOST_WEEKS * DAYS))
        found |= {about: newest(some) for about, some in log.items()}
    return {about: one for about, one in found.items() if one.metric in wanted}


def is_breach(threshold: Threshold, seen: Observed) -> bool:
    """Tell whether a value is worse than its threshold, and not by chance; that of other frozen questions is not."""
    if threshold.baseline.get("hash", seen.dataset_hash) != seen.dataset_hash:
        return False
    if not seen.is_enough or not threshold.is_worse(seen.estimate.value):
        return False
    end = seen.estimate.high if threshold.bound is Bound.AT_LEAST else seen.estimate.low
    if not seen.is_sample or end is None:
        return not seen.is_sample
    return threshold.is_worse(seen.estimate.value + _NEAR * (end - seen.estimate.value))


def _looked_at(core: Core, threshold: Threshold, seen: Observed, now: datetime) -> list[Breach]:
    """Begin or end the breach of one threshold where that is due; the threshold is held, so that nobody else does."""
    begins, ends = is_breach(threshold, seen), seen.is_enough and not threshold.is_worse(seen.estimate.value)
    if not begins and not ends:
        return []
    with core.database.begin() as db:
        stored.held(db, threshold.id)
        lasting = next((one for one in stored.breaches(db) if (one.metric, one.segment) == threshold.about), None)
        if begins and lasting is None:
            made = Breach(
                stored.breach_id(threshold, now), threshold.id, *threshold.about, now, _detail(threshold, seen)
            )
            stored.begin(db, made)
            reviews.put(db, [_item(made)])
            return [made]
        if ends and lasting is not None:
            stored.end(db, lasting.id, now, _detail(threshold, seen))
            return [one for one in stored.breaches(db, now) if one.id == lasting.id]
    return []


def _without_threshold(
    core: Core, standing: Iterable[Threshold], lasting: Iterable[Breach], now: datetime
) -> list[Breach]:
    """End the breaches of thresholds that were retired."""
    kept = {one.about for one in standing}
    gone = {one.id for one in lasting if (one.metric, one.segment) not in kept}
    if not gone:
        return []
    with core.database.begin() as db:
        ended = {one for one in sorted(gone) if stored.end(db, one, now, {"retired": True})}
        return [one for one in stored.breaches(db, now) if one.id in ended]


def _detail(threshold: Threshold, seen: Observed) -> Mapping[str, object]:
    made = seen.estimate
    return {
        "metric": threshold.metric,
        "segment": threshold.segment,
        "bound": threshold.bound.value,
        "threshold": threshold.value,
        "value": made.value,
        "low": made.low,
        "high": made.high,
        "n": made.n,
        "persons": made.persons,
        "name": threshold_words.name(*threshold.about),
        "asked": threshold_words.bound(threshold),
        "seen": threshold_words.seen(threshold.metric, made),
        "change": seen.change,
    }


def _item(one: Breach) -> ReviewItem:
    subject = f"{one.metric} {one.segment}"
    name = identity(ReviewKind.ALARM, WHAT, one.id)
    reason = f"{one.detail['name']} is worse than asked for ({one.detail['asked']}): {one.detail['seen']}."
    detail = {"what": WHAT, "reason": reason, "day": one.began_at.date().isoformat(), "breach": dict(one.detail)}
    return ReviewItem(name, ReviewKind.ALARM, subject, one.began_at, detail=detail)
