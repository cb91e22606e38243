"""What is stored about one person: everything they asked and did, and how it is deleted."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, or_, select, update

from flywheel.model import Retriever
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
from flywheel.store.spelling import is_one_of
from flywheel.store.work_tables import JobRow, MemberRow, PersonRow

_GONE = "somebody who is gone"


def everything_of(db: Session, person: str) -> dict[str, list[Mapping[str, Any]]]:
    """Return a person's rows by table: what they asked, were answered, did, suggested, approved, wrote
    and own, and where they were found as somebody who knows.
    """
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
        "owned": _rows(db, DocumentRow, _owns(db, person)),
        "named": _rows(db, ShortlistRow, _was_found(db, person)),
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
    db.execute(update(DocumentRow).where(_owns(db, person)).values(owner=None))
    db.execute(delete(ShortlistRow).where(_was_found(db, person)))
    db.execute(delete(AuthorRow).where(_wrote(db, person)))
    names = _names(db, person)
    _take_names_off_answers(db, names)
    _forget_jobs(db, names)
    db.execute(delete(PersonRow).where(PersonRow.id == person))


def unlearn(db: Session) -> None:
    """Delete every release, turn and report: what was learned, the evidence, which names questions, and what quotes."""
    for table in (ReleaseRow, TurnRow, ReportRow):
        db.execute(delete(table))


def _names(db: Session, person: str) -> list[str]:
    """Return what a person goes by in histories and as an owner: their id first, name and address where known."""
    profile = profiles.find(db, person)
    known = [profile.name, profile.address] if profile else []
    return list(dict.fromkeys([person, *(name for name in known if name)]))


def _wrote(db: Session, person: str) -> ColumnElement[bool]:
    """Return the condition that an author in a history is this person."""
    names = _names(db, person)
    return is_one_of(AuthorRow.name, names) | is_one_of(AuthorRow.address, names)


def _owns(db: Session, person: str) -> ColumnElement[bool]:
    return is_one_of(DocumentRow.owner, _names(db, person))


def _was_found(db: Session, person: str) -> ColumnElement[bool]:
    """Return the condition that a place in a shortlist is this person, under whatever name it was found."""
    return (ShortlistRow.retriever == Retriever.PEOPLE.value) & is_one_of(ShortlistRow.external_id, _names(db, person))


def _told_by(names: Sequence[str]) -> list[str]:
    """Return those of a person's names that mean nobody else: a name of a single word may be a word."""
    return [name for name in names if name == names[0] or not name.isalpha()]


def _written(names: Sequence[str]) -> re.Pattern[str]:
    """Return the pattern of a mention of a person in a text, as Slack has it or by name."""
    return re.compile("|".join(rf"<@{re.escape(name)}>|(?<!\w){re.escape(name)}(?!\w)" for name in _told_by(names)))


def _take_names_off_answers(db: Session, names: Sequence[str]) -> None:
    """Take a person out of other people's answers, which name owners, administrators, approvers and who knows."""
    trace, written = cast(AnswerRow.trace, Text), _written(names)
    holds = [AnswerRow.text.contains(name, autoescape=True) for name in _told_by(names)]
    holds += [trace.contains(json.dumps(name)[1:-1], autoescape=True) for name in _told_by(names)]
    for row in db.scalars(select(AnswerRow).where(or_(*holds))):
        row.text = written.sub(_GONE, row.text)
        row.trace = [written.sub(_GONE, line) for line in row.trace]


def _forget_jobs(db: Session, names: Sequence[str]) -> None:
    """Delete jobs that are about a person, and take their names out of what others are told."""
    written = _written(names)
    for row in db.scalars(select(JobRow)):
        if f'"{names[0]}"' in _flat(row.body) or f'"{names[0]}"' in _flat(row.result):
            db.delete(row)
        elif written.search(_flat(row.body)):
            row.body = _without(written, row.body)


def _without(written: re.Pattern[str], value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(written, one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(written, one) for one in value]
    return written.sub(_GONE, value) if isinstance(value, str) else value


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return "".join(_flat(one) for one in value.values())
    if isinstance(value, list):
        return "".join(_flat(one) for one in value)
    return f'"{value}"'


def _rows(db: Session, table: Any, condition: Any) -> list[Mapping[str, Any]]:
    columns: Sequence[str] = [column.name for column in table.__table__.columns if column.name != "vector"]
    return [{name: getattr(row, name) for name in columns} for row in db.scalars(select(table).where(condition))]
