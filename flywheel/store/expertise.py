"""Who has answered what: read for naming people who know about documents and questions.

What was said among a few stays among them. A question counts when its asker did not delete it and the audience holds
every private label that its readers held, or when it was asked in a channel that everybody can join.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, literal_column, select

from flywheel.model import PUBLIC, Audience, CorrectionState, SignalKind, VerifiedAnswer
from flywheel.store import marks, origins
from flywheel.store.database import Session
from flywheel.store.direct import Reader
from flywheel.store.knowledge_tables import AccessRow, DocumentRow, PassageRow
from flywheel.store.question_tables import (
    AnswerRow,
    CitationRow,
    CorrectionRow,
    QuestionRow,
    ShortlistRow,
    SignalRow,
    VerifiedAnswerRow,
)
from flywheel.store.work_tables import PersonRow

OPEN_CHANNELS = "channels:open"
"""The mark that holds the ids of the channels that everybody can join, as a JSON list."""

_FIRST = 3  # passages of a shortlist that a question is about
_MOST = 400
_FEWEST_WORDS = 5
_Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Approved:
    """A verified answer that is about a document."""

    document_id: str
    answer: VerifiedAnswer


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply of a person to a question about a document, in the thread of its answer."""

    document_id: str
    question_id: str
    person: str


def has_anybody(db: Reader, audience: Audience) -> bool:
    """Tell whether the audience may read a document with an owner, or the workspace has people to name."""
    return bool(list(db.execute(_anybody(), {"labels": sorted(audience.labels)})))


def open_channels(db: Session) -> frozenset[str]:
    """Return the channels that everybody can join, as last seen."""
    return frozenset(json.loads(marks.find(db, OPEN_CHANNELS) or "[]"))


def put_open_channels(db: Session, channels: Iterable[str]) -> None:
    """Remember the channels that everybody can join."""
    marks.put(db, OPEN_CHANNELS, json.dumps(sorted(channels)))


def approved_on(db: Session, document_ids: Sequence[str], audience: Audience) -> list[Approved]:
    """Return the approved corrections of answers that cited these documents, serving or not, newest first.

    Only those whose approved answer, and all it came from, the audience may read.
    """
    wanted = (
        select(PassageRow.document_id, VerifiedAnswerRow.id)
        .join(CitationRow, CitationRow.passage_id == PassageRow.id)
        .join(CorrectionRow, CorrectionRow.answer_id == CitationRow.answer_id)
        .join(VerifiedAnswerRow, VerifiedAnswerRow.correction_id == CorrectionRow.id)
        .where(PassageRow.document_id.in_(document_ids), CorrectionRow.state == CorrectionState.APPROVED.value)
        .order_by(VerifiedAnswerRow.approved_at.desc(), VerifiedAnswerRow.id)
        .limit(_MOST)
    )
    pairs = list(dict.fromkeys((row[0], row[1]) for row in db.execute(wanted)))
    answers = {one: origins.readable(db, one, audience) for one in dict.fromkeys(found for _, found in pairs)}
    return [Approved(document, answer) for document, one in pairs if (answer := answers[one]) is not None]


def replies_on(db: Session, document_ids: Sequence[str], audience: Audience) -> list[Reply]:
    """Return what people who did not ask replied to questions about these documents, newest first.

    Only replies of some length that are no questions themselves.
    """
    wanted = (
        select(PassageRow.document_id, QuestionRow, SignalRow.person, SignalRow.detail)
        .join(ShortlistRow, ShortlistRow.passage_id == PassageRow.id)
        .join(SignalRow, SignalRow.answer_id == ShortlistRow.answer_id)
        .join(AnswerRow, AnswerRow.id == SignalRow.answer_id)
        .join(QuestionRow, QuestionRow.id == AnswerRow.question_id)
        .where(PassageRow.document_id.in_(document_ids), ShortlistRow.rank <= _FIRST)
        .where(SignalRow.kind == SignalKind.HUMAN_REPLY.value, SignalRow.person != QuestionRow.person)
        .where(QuestionRow.deleted_at.is_(None))
        .order_by(SignalRow.at.desc(), SignalRow.id)
        .limit(_MOST)
    )
    known = open_channels(db)
    found = [
        Reply(document, question.id, person)
        for document, question, person, detail in db.execute(wanted)
        if _is_open(question, known, audience) and _says_something(str(detail.get("text", "")))
    ]
    return list(dict.fromkeys(found))


def _is_open(question: QuestionRow, open_to_all: frozenset[str], audience: Audience) -> bool:
    private = set(question.labels) - {PUBLIC}
    in_the_open = question.channel in open_to_all and private <= {f"channel:{question.channel}"}
    return in_the_open or private <= audience.labels


def _says_something(text: str) -> bool:
    return len(text.split()) >= _FEWEST_WORDS and not text.rstrip().endswith("?")


@cache
def _anybody() -> _Query:
    document, access, person = DocumentRow.__table__.c, AccessRow.__table__.c, PersonRow.__table__.c
    labels = access.label.in_(bindparam("labels", expanding=True))
    is_readable = exists().where(access.document_id == document.id, labels).correlate(DocumentRow.__table__)
    owned = exists().where(document.owner > literal_column("''"), is_readable)
    profiled = exists().where(~person.hidden, person.name != literal_column("''"))
    return select(literal_column("1")).where(profiled | owned)
