"""Make the sets that what serves is measured on, week after week.

    frozen    up to `FROZEN` questions, a tenth of all at most; none is ever trained on. It grows until it is full; then
              a fifth of it changes each quarter, so that four fifths link one quarter's figures to the next one's
    rolling   up to `ROLLING` of the newest weeks' questions, drawn anew each time

Both are drawn from the held-out side of a split, so nothing serving has learned from them, and in turn from each
*stratum*: the route, the week, and then the person who has the fewest questions in the set so far. A frozen question
is reserved from then on (`store.evaluation_sets.reserved`, which the split is given).

Surprising: the gate may look at a frozen question while it is among the newest ones. It decides between two artefacts
then, and learns nothing; keeping such questions from it would cost a small company a third of what it can decide by.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256

from flywheel.core import Core
from flywheel.curation.dataset import Group
from flywheel.curation.split import Split
from flywheel.store import evaluation_sets
from flywheel.store.evaluation_sets import EvaluationSet, Item, SetKind

ENOUGH = 50
"""Questions with a trusted positive before anything is frozen."""
FROZEN, FROZEN_SHARE = 200, 0.1
ROLLING = 200
NEWEST = timedelta(weeks=4)
ROTATED = 0.2
QUARTER = timedelta(weeks=13)


def refresh(core: Core, parts: Split) -> tuple[EvaluationSet, ...]:
    """Bring both sets up to date from a split and return those that there are, the frozen one first."""
    now = core.now()
    with core.database.begin() as db:
        standing = evaluation_sets.active(db, SetKind.FROZEN)
        made = (_frozen(standing, parts, now), _rolling(parts, now))
        for one in made:
            if one is not None and one != standing:
                evaluation_sets.put(db, one)
    return tuple(one for one in made if one is not None)


def measurable(found: EvaluationSet, groups: Iterable[Group]) -> tuple[Group, ...]:
    """Return a set's questions as groups that want what they wanted when the set was made.

    Questions that are no longer in `groups` (their asker or everybody who judged them is gone) are left out.
    """
    by_id = {one.question_id: one for one in groups}
    wanted = {one.question_id: one.wanted for one in found.items}
    return tuple(replace(by_id[one], wanted=wanted[one]) for one in sorted(wanted.keys() & by_id.keys()))


def stratified(groups: Sequence[Group], most: int) -> list[Group]:
    """Return up to `most` groups, drawn in turn from each route and week, from each person as evenly as can be."""
    strata: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for one in sorted(groups, key=lambda one: _lot(one.question_id)):
        strata[one.segments.get("route", ""), f"{one.asked_at:%G-%V}"].append(one)
    waiting = [strata[name] for name in sorted(strata)]
    used: Counter[str] = Counter()
    drawn: list[Group] = []
    while any(waiting) and len(drawn) < most:
        for stratum in waiting:
            if stratum and len(drawn) < most:
                chosen = min(stratum, key=lambda one: used[one.person])  # the first drawn by lot of those
                stratum.remove(chosen)
                used[chosen.person] += 1
                drawn.append(chosen)
    return drawn


def _frozen(standing: EvaluationSet | None, parts: Split, now: datetime) -> EvaluationSet | None:
    """Return the frozen set as it is, grown, rotated, or new; None while there are too few questions."""
    questions = len(parts.clusters)
    room = min(FROZEN, int(FROZEN_SHARE * questions))
    if standing is None:
        if questions < ENOUGH:
            return None
        return _made(SetKind.FROZEN, stratified(parts.heldout, room), (), now, _next(now))
    due = standing.until is not None and now.date() >= standing.until
    kept = standing.items[int(ROTATED * len(standing.items)) :] if due else standing.items  # the oldest go first
    left = frozenset(one.question_id for one in standing.items)
    fresh = [one for one in parts.heldout if one.question_id not in left]
    added = stratified(fresh, max(room - len(kept), 0))
    if not added:
        return standing
    return _made(SetKind.FROZEN, added, kept, now, _next(now) if due else standing.until)


def _rolling(parts: Split, now: datetime) -> EvaluationSet | None:
    newest = [one for one in parts.heldout if one.asked_at >= now - NEWEST]
    return _made(SetKind.ROLLING, stratified(newest, ROLLING), (), now, None) if newest else None


def _made(
    kind: SetKind, groups: Iterable[Group], before: tuple[Item, ...], now: datetime, until: date | None
) -> EvaluationSet | None:
    added = tuple(Item(one.question_id, one.segments.get("route", ""), dict(one.wanted)) for one in groups)
    items = (*before, *added)
    return EvaluationSet(evaluation_sets.identity(kind, items), kind, now, until, items) if items else None


def _next(now: datetime) -> date:
    return (now + QUARTER).date()


def _lot(question_id: str) -> str:
    return sha256(question_id.encode()).hexdigest()
