"""What a turn leaves for people to look at, and what it learns from their decisions.

doubted label   "right" keeps it from then on; anything else leaves it out
quarantine      "trusted" lets a person's votes count again
alarm           "seen" closes it

Administrators decide; what they decide is in the audit log, and the next turn follows it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from flywheel.core import Core
from flywheel.curation import bursts
from flywheel.curation.answer_labels import of_answers
from flywheel.curation.bursts import Alarm
from flywheel.curation.labelling import Labelled, Told
from flywheel.curation.labels import LabelState
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.store import audit, reviews, signals
from flywheel.store.database import Session
from flywheel.store.labels import StoredLabel
from flywheel.store.ledger import Ledger
from flywheel.store.reviews import ReviewItem, ReviewKind, identity

RIGHT, TRUSTED, SEEN = "right", "trusted", "seen"
VERDICTS = {
    ReviewKind.DOUBTED: frozenset({RIGHT, "wrong"}),
    ReviewKind.QUARANTINE: frozenset({TRUSTED, "not trusted"}),
    ReviewKind.ALARM: frozenset({SEEN}),
}
MOST_DOUBTS = 50
"""Doubted labels put up by one turn, the least believed first: nobody looks through more."""
USUAL = timedelta(days=30)
"""So long a time says what is usual when alarms are raised between turns; a turn looks at the whole ledger."""


def told(db: Session, blameless: frozenset[str] = frozenset()) -> Told:
    """Return what reviewers have decided so far."""
    upheld = {one.subject for one in reviews.decided(db, ReviewKind.DOUBTED) if one.verdict == RIGHT}
    cleared = {one.subject for one in reviews.decided(db, ReviewKind.QUARANTINE) if one.verdict == TRUSTED}
    return Told(blameless, frozenset(upheld), frozenset(cleared))


def decide(core: Core, item_id: str, reviewer: str, verdict: str) -> ReviewItem:
    """Store an administrator's verdict on an item; a later one replaces it.

    Raises:
        NotAllowed: the reviewer is no administrator.
        NotFound: there is no such item.
        InvalidInput: the item takes other verdicts; the message lists them.
    """
    if reviewer not in core.admins:
        raise NotAllowed("only administrators decide on what a turn puts up for review")
    with core.database.begin() as db:
        found = reviews.find(db, item_id)
        if found is None or found.kind not in VERDICTS:
            raise NotFound(f"there is nothing to review as {item_id}")
        if verdict not in VERDICTS[found.kind]:
            raise InvalidInput(f"the verdict must be one of: {', '.join(sorted(VERDICTS[found.kind]))}")
        audit.put(db, reviewer, f"review: {verdict}", item_id, core.now())
        return reviews.decide(db, item_id, reviewer, verdict, core.now())


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
