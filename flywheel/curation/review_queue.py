"""What waits for people to look at, in the order in which it should be asked, and what is learned from their decisions.

    doubted label                   "right" keeps it from then on; anything else leaves it out
    quarantine                      "trusted" lets a person's votes count again
    alarm                           "seen" closes it
    disagreement, sample, judge's   "right" and "wrong" are labels of the answer, by the reviewer (`acts.py`)
    suggestion                      approved or rejected, as in its owners' messages

What a turn finds is put up by `items` and `fill`; `offers` says what one reviewer is asked, first what would most
change the gate's next decision (`review_priority.py`). What reviewers decide is in the audit log, and the next turn
follows it; what they take back, it follows no longer.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from flywheel.core import Core
from flywheel.curation import bursts, review_deciding, review_priority, review_reading, review_sampling
from flywheel.curation.answer_labels import of_answers
from flywheel.curation.bursts import Alarm
from flywheel.curation.labelling import Labelled, Told
from flywheel.curation.labels import LabelState
from flywheel.curation.review_deciding import decide
from flywheel.curation.review_guidelines import RIGHT, SEEN, TRUSTED, VERDICTS
from flywheel.curation.review_reading import Matter
from flywheel.knowledge.access import audience_of
from flywheel.model import Correction, CorrectionState
from flywheel.store import corrections, review_verdicts, reviews, signals, turns
from flywheel.store.database import Session
from flywheel.store.labels import StoredLabel
from flywheel.store.ledger import Ledger
from flywheel.store.reviews import ReviewItem, ReviewKind, identity

__all__ = ["RIGHT", "SEEN", "TRUSTED", "VERDICTS", "decide"]

MOST_DOUBTS = 50
"""Doubted labels put up by one turn, the least believed first: nobody looks through more."""
USUAL = timedelta(days=30)
"""So long a time says what is usual when alarms are raised between turns; a turn looks at the whole ledger."""
MOST_OFFERED = 100
"""Items that are looked through for one reviewer, the most urgent first: a card has to be there within a second."""


def told(db: Session, blameless: frozenset[str] = frozenset()) -> Told:
    """Return what reviewers have decided so far."""
    upheld = {one.subject for one in reviews.decided(db, ReviewKind.DOUBTED) if one.verdict == RIGHT}
    cleared = {one.subject for one in reviews.decided(db, ReviewKind.QUARANTINE) if one.verdict == TRUSTED}
    return Told(blameless, frozenset(upheld), frozenset(cleared))


def fill(db: Session, ledger: Ledger, labelled: Labelled, evidence: Mapping[str, object], at: datetime) -> int:
    """Put up what a turn draws from answers, rank all that waits after its evidence, and return how much waits.

    Labels that are doubted no longer, and people who left quarantine by their votes, wait no longer.
    """
    quarantined = labelled.trust.quarantined
    reviews.keep_waiting(db, ReviewKind.DOUBTED, labelled.beliefs.keys(), at)
    reviews.keep_waiting(db, ReviewKind.QUARANTINE, quarantined, at)
    reviews.put(db, review_sampling.disagreements(ledger, at, quarantined))
    reviews.put(db, review_sampling.sampled(db, at))
    _follow_suggestions(db, at)
    return prioritise(db, evidence)


def prioritise(db: Session, evidence: Mapping[str, object]) -> int:
    """Rank everything that waits after a turn's evidence; return how much waits."""
    waiting = reviews.queued(db)
    reviews.rank(db, review_priority.ranked(db, waiting, evidence))
    return len(waiting)


def refresh(core: Core) -> None:
    """Bring the queue up to date between turns: suggestions made or decided since, and what nobody has ranked."""
    with core.database.begin() as db:
        _follow_suggestions(db, core.now())
        fresh = [one for one in reviews.queued(db) if one.priority == 0]
        if fresh:
            reviews.rank(db, review_priority.ranked(db, fresh, _last_evidence(db, core.now())))


def offers(core: Core, reviewer: str, skipped: Collection[str] = ()) -> list[Matter]:
    """Return what this person may judge and read and has not judged, the most urgent first; what is skipped, last."""
    audience = audience_of(core.directory, reviewer, None)
    with core.database.read() as db:
        kinds = review_deciding.kinds_for(core, db, reviewer)
        if not kinds:
            return []
        judged = review_verdicts.judged_by(db, reviewer)
        open_to_them = [one for one in _once(reviews.queued(db, kinds)) if one.id not in judged][:MOST_OFFERED]
        matters = [
            matter
            for one in open_to_them
            if not review_deciding.obstacle(core, db, one, reviewer)
            and (matter := review_reading.read(db, one, audience)) is not None
        ]
    suggestions = [
        one for one in matters if one.item.kind is not ReviewKind.CORRECTION or _may_settle(core, one, reviewer)
    ]
    return sorted(suggestions, key=lambda one: one.item.id in skipped)


def _once(items: Iterable[ReviewItem]) -> Iterator[ReviewItem]:
    """Yield the first of the items about the same answer, and everything else."""
    seen: set[str] = set()
    for one in items:
        if one.answer_id is None or one.answer_id not in seen:
            seen.update([one.answer_id] if one.answer_id else [])
            yield one


def _may_settle(core: Core, matter: Matter, reviewer: str) -> bool:
    return review_deciding.may_settle(core, matter.item.subject, reviewer)


def _follow_suggestions(db: Session, at: datetime) -> None:
    """Put up suggestions that wait, and close the items of those that were decided."""
    pending = [one for one in corrections.every(db) if one.state is CorrectionState.PENDING]
    reviews.put(db, [_suggestion(one, at) for one in pending])
    review_deciding.close_suggestions(db, reviews.queued(db, {ReviewKind.CORRECTION}))


def _suggestion(one: Correction, at: datetime) -> ReviewItem:
    name, detail = identity(ReviewKind.CORRECTION, one.id), {"answer_id": one.answer_id}
    return ReviewItem(name, ReviewKind.CORRECTION, one.id, at, one.person, detail)


def _last_evidence(db: Session, now: datetime) -> Mapping[str, object]:
    finished = turns.finished_between(db, now - USUAL, now + timedelta(seconds=1))
    return finished[-1].evidence if finished else {}


def items(labelled: Labelled, alarms: Iterable[Alarm], at: datetime) -> list[ReviewItem]:
    """Return what is to be put up: labels in doubt, people in quarantine, alarms."""
    return [*_doubts(labelled, at), *_quarantines(labelled, at), *(_alarm(one, at) for one in alarms)]


def raise_alarms(core: Core) -> list[ReviewItem]:
    """Put up the bursts of today and yesterday; return those that were not known.

    This is for every few minutes: it reads nothing but a month's votes.
    """
    now = core.now()
    with core.database.read() as db:
        cast = signals.since(db, now - USUAL, bursts.KINDS)
    rung = bursts.alarms(cast, (now - timedelta(days=1)).date())
    if not rung:
        return []
    with core.database.begin() as db:
        return reviews.put(db, [_alarm(one, now) for one in rung])


def stored(ledger: Ledger, labelled: Labelled) -> Iterator[StoredLabel]:
    """Yield every label of a turn as the store keeps it."""
    for one in (*labelled.passages.labels, *labelled.passages.set_aside):
        about = one.act, one.question_id, one.answer_id, "passage", one.passage_id, one.grade
        yield StoredLabel(*about, one.weight, one.trust, one.source, one.person, one.at, one.state.value)
    for route in (*labelled.routes.labels, *labelled.routes.set_aside):
        about = route.act, route.question_id, route.answer_id, "route", route.retriever.value, 1
        rest = route.weight, route.trust, route.source, route.person, route.at, route.state.value
        yield StoredLabel(*about, *rest)
    for said in of_answers(ledger, labelled.rules):
        about = said.act, said.question_id, said.answer_id, "answer", said.better or "", int(said.good)
        yield StoredLabel(*about, said.weight, said.trust, said.source, said.person, said.at, said.state.value)


def _doubts(labelled: Labelled, at: datetime) -> Iterator[ReviewItem]:
    known = {one.key: one for one in labelled.passages.set_aside if one.state is LabelState.DOUBTED}
    routes = {one.key: one for one in labelled.routes.set_aside if one.state is LabelState.DOUBTED}
    least = sorted(labelled.beliefs.items(), key=lambda item: (item[1], item[0]))
    for key, belief in [item for item in least if item[0] in known or item[0] in routes][:MOST_DOUBTS]:
        label = known.get(key)
        question = label.question_id if label else routes[key].question_id
        person = label.person if label else routes[key].person
        target = label.passage_id if label else routes[key].retriever.value
        detail = {"belief": round(belief, 3), "question_id": question, "target": target}
        yield ReviewItem(identity(ReviewKind.DOUBTED, key), ReviewKind.DOUBTED, key, at, person, detail)


def _quarantines(labelled: Labelled, at: datetime) -> Iterator[ReviewItem]:
    for person in sorted(labelled.trust.quarantined):
        one = labelled.trust.standings[person]
        detail = {"trust": round(one.value, 3), "agreed": round(one.agreed, 1), "disagreed": round(one.disagreed, 1)}
        yield ReviewItem(identity(ReviewKind.QUARANTINE, person), ReviewKind.QUARANTINE, person, at, person, detail)


def _alarm(one: Alarm, at: datetime) -> ReviewItem:
    person = one.persons[0] if len(one.persons) == 1 else None
    detail = {"what": one.kind.value, "day": one.day.isoformat(), "count": one.count, "usual": round(one.usual, 1)}
    detail["voters"] = len(one.persons)
    name = identity(ReviewKind.ALARM, one.kind.value, one.subject, one.day.isoformat())
    return ReviewItem(name, ReviewKind.ALARM, one.subject, at, person, detail)
