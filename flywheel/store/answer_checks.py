"""Which given answers may not hold any more, because a document that they cite has changed, and what came of the check.

suspect   an answer that Slack still shows, and the state of what it cites
state     the documents it cites, as they are now: their content, and whether who reads the answer may read them

One state of an answer is looked at once: a check is claimed by a row before it is made, and a claim whose process died
may be claimed again after a while.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update

from flywheel.store.database import Session
from flywheel.store.guest_tables import AnswerCheckRow
from flywheel.store.insertion import insert_new
from flywheel.store.knowledge_tables import AccessRow, DocumentRow, PassageRow
from flywheel.store.question_tables import AnswerRow, CitationRow, QuestionRow, VerifiedAnswerRow

ABANDONED = timedelta(minutes=10)
"""A claim that is older than this and came to nothing is free again."""
_AT_ONCE = 400
_ATTACHED = "file:"  # a passage of a file that came with the question: it stays as it is


class CheckVerdict(StrEnum):
    """What a check came to; CLAIMED is a check that is being made."""

    CLAIMED = "claimed"
    HOLDS = "holds"
    AMENDED = "amended"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Suspect:
    """An answer whose sources have changed, the hash of their state, and when the newest change was indexed."""

    answer_id: str
    state: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class _Cited:
    """A citation, and what is left of the document it names."""

    answered_at: datetime
    external_id: str
    is_there: bool
    documents: Sequence[DocumentRow]
    readable: bool

    @property
    def has_changed(self) -> bool:
        """Tell whether the source is not what it was when the answer was given."""
        newer = any(one.indexed_at > self.answered_at for one in self.documents)
        return newer or not self.is_there or not self.readable

    @property
    def state(self) -> str:
        """Name what the source is now."""
        contents = ",".join(sorted(one.content_hash for one in self.documents))
        return f"{self.external_id}:{contents}:{self.readable}"


def suspects(db: Session, since: datetime) -> list[Suspect]:
    """Return the answers given since a time that Slack shows and whose sources have changed, oldest first.

    Left out are those of deleted questions, and those of which this state was looked at.
    """
    cited = _cited(db, since)
    found = []
    for answer_id, its in cited.items():
        if any(one.has_changed for one in its):
            state = hashlib.sha256("\n".join(sorted({one.state for one in its})).encode()).hexdigest()
            times = [document.indexed_at for one in its for document in one.documents]
            found.append(Suspect(answer_id, state, max(times, default=its[0].answered_at)))
    known = _known(db, [one.answer_id for one in found])
    return [one for one in found if (one.answer_id, one.state) not in known]


def claim(db: Session, suspect: Suspect, at: datetime) -> bool:
    """Take a check; return False where another process has it, or has made it."""
    row = {"answer_id": suspect.answer_id, "state_hash": suspect.state, "verdict": CheckVerdict.CLAIMED.value}
    if insert_new(db, AnswerCheckRow, row | {"detail": {}, "at": at}):
        return True
    claimed = (
        update(AnswerCheckRow)
        .where(AnswerCheckRow.answer_id == suspect.answer_id, AnswerCheckRow.state_hash == suspect.state)
        .where(AnswerCheckRow.verdict == CheckVerdict.CLAIMED.value, AnswerCheckRow.at < at - ABANDONED)
        .values(at=at)
        .returning(AnswerCheckRow.answer_id)
    )
    return db.execute(claimed).first() is not None


def settle(db: Session, suspect: Suspect, verdict: CheckVerdict, detail: Mapping[str, Any], at: datetime) -> None:
    """Write down what a check came to."""
    db.execute(
        update(AnswerCheckRow)
        .where(AnswerCheckRow.answer_id == suspect.answer_id, AnswerCheckRow.state_hash == suspect.state)
        .values(verdict=verdict.value, detail=dict(detail), at=at)
    )


def unshown(db: Session) -> list[tuple[str, str]]:
    """Return (answer id, id of the answer in its place) of amendments that Slack does not show yet, oldest first."""
    wanted = select(AnswerCheckRow).where(
        AnswerCheckRow.verdict == CheckVerdict.AMENDED.value, AnswerCheckRow.amended_at.is_(None)
    )
    return [(row.answer_id, str(row.detail["fresh"])) for row in db.scalars(wanted.order_by(AnswerCheckRow.at))]


def mark_shown(db: Session, answer_id: str, at: datetime) -> None:
    """Note that Slack shows an amendment."""
    db.execute(
        update(AnswerCheckRow)
        .where(AnswerCheckRow.answer_id == answer_id, AnswerCheckRow.verdict == CheckVerdict.AMENDED.value)
        .values(amended_at=at)
    )


def forget(db: Session, answer_ids: Sequence[str]) -> None:
    """Delete what is known of checks of these answers."""
    for start in range(0, len(answer_ids), _AT_ONCE):
        some = answer_ids[start : start + _AT_ONCE]
        db.execute(delete(AnswerCheckRow).where(AnswerCheckRow.answer_id.in_(some)))


def said_by(db: Session, answer_id: str) -> dict[int, tuple[str, ...]]:
    """Return by source number the sentences that an answer rested on when it was given; older answers have none."""
    rows = db.scalars(select(CitationRow).where(CitationRow.answer_id == answer_id))
    return {row.n: tuple(row.said) for row in rows if row.said}


def passages_of(db: Session, external_id: str, labels: frozenset[str]) -> list[str]:
    """Return the ids of the passages of the documents with a name that holders of these labels may read, in order."""
    readable = select(AccessRow.document_id).where(AccessRow.label.in_(sorted(labels)))
    wanted = (
        select(PassageRow.id)
        .join(DocumentRow, DocumentRow.id == PassageRow.document_id)
        .where(DocumentRow.external_id == external_id, DocumentRow.id.in_(readable))
    )
    return list(db.scalars(wanted.order_by(PassageRow.document_id, PassageRow.ordinal)))


def _cited(db: Session, since: datetime) -> dict[str, list[_Cited]]:
    wanted = (
        select(
            AnswerRow.id,
            AnswerRow.answered_at,
            QuestionRow.labels,
            CitationRow.external_id,
            PassageRow.document_id,
            VerifiedAnswerRow.active,
        )
        .join(QuestionRow, QuestionRow.id == AnswerRow.question_id)
        .join(CitationRow, CitationRow.answer_id == AnswerRow.id)
        .outerjoin(PassageRow, PassageRow.id == CitationRow.passage_id)
        .outerjoin(VerifiedAnswerRow, VerifiedAnswerRow.id == AnswerRow.verified_answer_id)
        .where(AnswerRow.answered_at >= since, AnswerRow.posted_ts.is_not(None), QuestionRow.deleted_at.is_(None))
        .where(~CitationRow.passage_id.startswith(_ATTACHED))
        .order_by(AnswerRow.answered_at, AnswerRow.id, CitationRow.n)
    )
    rows = db.execute(wanted).all()
    documents = _documents(db, {row.external_id for row in rows})
    access = _access(db, [one.id for its in documents.values() for one in its])
    found: dict[str, list[_Cited]] = defaultdict(list)
    for row in rows:
        its = documents.get(row.external_id, [])
        readable = any(access[one.id] & set(row.labels) for one in its)
        is_there = row.document_id is not None and row.active is not False
        found[row.id].append(_Cited(row.answered_at, row.external_id, is_there, its, readable))
    return found


def _documents(db: Session, names: Iterable[str]) -> dict[str, list[DocumentRow]]:
    found: dict[str, list[DocumentRow]] = defaultdict(list)
    ordered = sorted(names)
    for start in range(0, len(ordered), _AT_ONCE):
        wanted = select(DocumentRow).where(DocumentRow.external_id.in_(ordered[start : start + _AT_ONCE]))
        for row in db.scalars(wanted):
            found[row.external_id].append(row)
    return found


def _access(db: Session, documents: Sequence[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {one: set() for one in documents}
    for start in range(0, len(documents), _AT_ONCE):
        wanted = select(AccessRow).where(AccessRow.document_id.in_(documents[start : start + _AT_ONCE]))
        for row in db.scalars(wanted):
            found[row.document_id].add(row.label)
    return found


def _known(db: Session, answer_ids: Sequence[str]) -> set[tuple[str, str]]:
    """Return the checks that were made; a claim is none."""
    found: set[tuple[str, str]] = set()
    for start in range(0, len(answer_ids), _AT_ONCE):
        some = answer_ids[start : start + _AT_ONCE]
        wanted = select(AnswerCheckRow).where(AnswerCheckRow.answer_id.in_(some))
        rows = db.scalars(wanted.where(AnswerCheckRow.verdict != CheckVerdict.CLAIMED.value))
        found.update((row.answer_id, row.state_hash) for row in rows)
    return found
