"""What is stored about one person: everything they asked and did, and how it is deleted."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, func, or_, select, update

from flywheel.store import corrections, profiles, signals, verified
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import AccessRow, AuthorRow, DocumentRow
from flywheel.store.learning_tables import ReleaseRow, ReportRow, TurnRow
from flywheel.store.question_tables import (
    AnswerRow,
    CitationRow,
    CorrectionRow,
    QuestionRow,
    ShortlistRow,
    SignalRow,
    VerifiedAnswerRow,
)
from flywheel.store.work_tables import JobRow, MemberRow, PersonRow

_GONE = "somebody who is gone"


def everything_of(db: Session, person: str) -> dict[str, list[Mapping[str, Any]]]:
    """Return a person's rows by table: what they asked, were answered, did, suggested, approved and wrote."""
    asked = list(db.scalars(select(QuestionRow.id).where(QuestionRow.person == person)))
    return {
        "questions": _rows(db, QuestionRow, QuestionRow.person == person),
        "answers": _rows(db, AnswerRow, AnswerRow.question_id.in_(asked)),
        "signals": _rows(db, SignalRow, SignalRow.person == person),
        "corrections": _rows(db, CorrectionRow, CorrectionRow.person == person),
        "verified_answers": _rows(
            db, VerifiedAnswerRow, or_(VerifiedAnswerRow.author == person, VerifiedAnswerRow.approved_by == person)
        ),
        "memberships": _rows(db, MemberRow, MemberRow.person == person),
        "profile": _rows(db, PersonRow, PersonRow.id == person),
        "authored": _rows(db, AuthorRow, _wrote(db, person)),
    }


def forget(db: Session, person: str) -> None:
    """Delete a person's questions with their answers, signals, corrections, verified answers, memberships and profile.

    Documents that they own or wrote stay, without their name; those that only they may read lose that label. Answers to
    others stay, without their name.
    """
    asked = list(db.scalars(select(QuestionRow.id).where(QuestionRow.person == person)))
    given = list(db.scalars(select(AnswerRow.id).where(AnswerRow.question_id.in_(asked))))
    for table, column in ((ShortlistRow, ShortlistRow.answer_id), (CitationRow, CitationRow.answer_id)):
        db.execute(delete(table).where(column.in_(given)))
    db.execute(delete(SignalRow).where(SignalRow.answer_id.in_(given)))
    db.execute(delete(CorrectionRow).where(CorrectionRow.answer_id.in_(given)))
    db.execute(delete(AnswerRow).where(AnswerRow.id.in_(given)))
    db.execute(delete(QuestionRow).where(QuestionRow.id.in_(asked)))
    signals.forget(db, person)
    corrections.forget(db, person)
    verified.forget(db, person)
    db.execute(delete(MemberRow).where(MemberRow.person == person))
    db.execute(delete(AccessRow).where(AccessRow.label == f"user:{person}"))
    db.execute(update(DocumentRow).where(DocumentRow.owner == person).values(owner=None))
    db.execute(delete(ShortlistRow).where(ShortlistRow.passage_id == f"person:{person}"))
    db.execute(delete(AuthorRow).where(_wrote(db, person)))
    db.execute(delete(PersonRow).where(PersonRow.id == person))
    _take_name_off_answers(db, person)
    _forget_jobs(db, person)


def unlearn(db: Session) -> None:
    """Delete every release, turn and report: what was learned, the evidence, which names questions, and what quotes."""
    for table in (ReleaseRow, TurnRow, ReportRow):
        db.execute(delete(table))


def _wrote(db: Session, person: str) -> ColumnElement[bool]:
    """Return the condition that an author in a history is this person, by id, name or address."""
    profile = profiles.find(db, person)
    names = {person, *([profile.name, profile.address] if profile else [])} - {""}
    folded = sorted(name.lower() for name in names)
    return func.lower(AuthorRow.name).in_(folded) | func.lower(AuthorRow.address).in_(folded)


def _take_name_off_answers(db: Session, person: str) -> None:
    """Take a person's id out of other people's answers, which name owners, administrators and approvers."""
    name = re.compile(rf"(?<!\w){re.escape(person)}(?!\w)")
    told = cast(AnswerRow.trace, Text).contains(person, autoescape=True)
    for row in db.scalars(select(AnswerRow).where(or_(AnswerRow.text.contains(person, autoescape=True), told))):
        row.text = name.sub(_GONE, row.text)
        row.trace = [name.sub(_GONE, line) for line in row.trace]


def _forget_jobs(db: Session, person: str) -> None:
    for row in db.scalars(select(JobRow)):
        if f'"{person}"' in _flat(row.body) or f'"{person}"' in _flat(row.result):
            db.delete(row)


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return "".join(_flat(one) for one in value.values())
    if isinstance(value, list):
        return "".join(_flat(one) for one in value)
    return f'"{value}"'


def _rows(db: Session, table: Any, condition: Any) -> list[Mapping[str, Any]]:
    columns: Sequence[str] = [column.name for column in table.__table__.columns if column.name != "vector"]
    return [{name: getattr(row, name) for name in columns} for row in db.scalars(select(table).where(condition))]
