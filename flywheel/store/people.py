"""What is stored about one person: everything they asked and did, and how it is deleted."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update

from flywheel.model import Retriever
from flywheel.store import (
    answer_checks,
    channels,
    corrections,
    escalations,
    members,
    profiles,
    questions,
    remnants,
    signals,
    support,
    talk,
    unlearning,
    verified,
)
from flywheel.store.curation_tables import CreditRow, LabelRow, ReviewItemRow, ReviewVerdictRow, TrustRow
from flywheel.store.database import Session
from flywheel.store.guest_tables import ChannelSettingRow, WorkspaceSettingRow
from flywheel.store.knowledge_tables import AccessRow, AuthorRow, DocumentRow
from flywheel.store.measuring_tables import ExposureRow, JudgementRow, ThresholdRow
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
from flywheel.store.talk_tables import SaidRow
from flywheel.store.work_tables import MemberRow, PersonRow

WITHDRAWN = "This answer was withdrawn, because the person who wrote it is gone."


def everything_of(db: Session, person: str) -> dict[str, list[Mapping[str, Any]]]:
    """Return a person's rows by table: what they asked, were answered, did, suggested, approved, wrote
    and own, and where they were found as somebody who knows.
    """
    asked = list(db.scalars(select(QuestionRow.id).where(QuestionRow.person == person)))
    return {
        "questions": _rows(db, QuestionRow, QuestionRow.id.in_(questions.asked_or_written(db, person))),
        "answers": _rows(db, AnswerRow, AnswerRow.question_id.in_(asked)),
        "signals": _rows(db, SignalRow, SignalRow.person == person),
        "corrections": _rows(db, CorrectionRow, CorrectionRow.person == person),
        "verified_answers": _rows(
            db, VerifiedAnswerRow, or_(VerifiedAnswerRow.author == person, VerifiedAnswerRow.approved_by == person)
        ),
        "memberships": _rows(db, MemberRow, MemberRow.person == person),
        "standing": members.noted(db, person),
        "profile": _rows(db, PersonRow, PersonRow.id == person),
        "authored": _rows(db, AuthorRow, _wrote(db, person)),
        "owned": _rows(db, DocumentRow, _owns(db, person)),
        "named": _rows(db, ShortlistRow, _was_found(db, person)),
        "credit": _rows(db, CreditRow, or_(CreditRow.person == person, CreditRow.corrected_by == person)),
        "labels": _rows(db, LabelRow, LabelRow.person == person),
        "trust": _rows(db, TrustRow, TrustRow.person == person),
        "reviewed": _rows(db, ReviewItemRow, or_(ReviewItemRow.person == person, ReviewItemRow.reviewer == person)),
        "judgements": _rows(
            db,
            JudgementRow,
            JudgementRow.answer_id.in_(select(AnswerRow.id).where(AnswerRow.question_id.in_(asked))),
        ),
        "review_verdicts": _rows(db, ReviewVerdictRow, ReviewVerdictRow.reviewer == person),
        "thresholds": _rows(db, ThresholdRow, ThresholdRow.person == person),
        "escalations": list(escalations.of_person(db, person)),
        "on_call": [{"channel": one.channel} for one in channels.every(db) if person in one.experts],
        "channel_settings": _rows(db, ChannelSettingRow, ChannelSettingRow.changed_by == person),
        "workspace_settings": _rows(db, WorkspaceSettingRow, WorkspaceSettingRow.changed_by == person),
        "exposures": _rows(db, ExposureRow, ExposureRow.person == person),
        "said": _rows(db, SaidRow, SaidRow.person == person),
    }


def forget(db: Session, person: str) -> None:
    """Delete a person's questions with their answers, signals, corrections, verified answers, memberships and profile.

    A question that others asked by pointing at their message is theirs too. So goes everything that was made of these.
    Documents that they own or wrote stay, without their name; those that only they may read lose that label. Answers to
    others stay, without their name. What models learned from them is `unlearning`'s.
    """
    asked = questions.asked_or_written(db, person)
    given = list(db.scalars(select(AnswerRow.id).where(AnswerRow.question_id.in_(asked))))
    names, mentioned = _names(db, person), [*asked, *given, *_written_by(db, person, given), *_withdraw(db, person)]
    unlearning.forget_derived(db, person, asked, given)
    for table, column in ((ShortlistRow, ShortlistRow.answer_id), (CitationRow, CitationRow.answer_id)):
        db.execute(delete(table).where(column.in_(given)))
    db.execute(delete(SignalRow).where(SignalRow.answer_id.in_(given)))
    answer_checks.forget(db, given)
    escalations.forget(db, person)
    db.execute(delete(CorrectionRow).where(CorrectionRow.answer_id.in_(given)))
    _drop_verified(db, _in_their_words(db, person))
    db.execute(delete(AnswerRow).where(AnswerRow.id.in_(given)))
    db.execute(delete(QuestionRow).where(QuestionRow.id.in_(asked)))
    signals.forget(db, person)
    corrections.forget(db, person)
    verified.forget(db, person)
    members.forget(db, person)
    db.execute(delete(AccessRow).where(AccessRow.label == f"user:{person}"))
    db.execute(update(DocumentRow).where(_owns(db, person)).values(owner=None))
    channels.forget_expert(db, person)
    db.execute(delete(ShortlistRow).where(_was_found(db, person)))
    talk.forget(db, person, remnants.written(names))
    db.execute(delete(AuthorRow).where(_wrote(db, person)))
    remnants.erase(db, names, mentioned)
    unlearning.take_back_named(db, remnants.written(names))
    profiles.forget(db, person)


def mention(db: Session, person: str) -> re.Pattern[str]:
    """Return the pattern of a mention of a person in a text."""
    return remnants.written(_names(db, person))


def _written_by(db: Session, person: str, answer_ids: Sequence[str]) -> list[str]:
    """Return the ids of corrections and verified answers that go with a person or with the answers to them."""
    theirs = (CorrectionRow.person == person) | CorrectionRow.answer_id.in_(answer_ids)
    own = select(VerifiedAnswerRow.id).where(VerifiedAnswerRow.author == person)
    return [*db.scalars(select(CorrectionRow.id).where(theirs)), *db.scalars(own), *_in_their_words(db, person)]


def _withdraw(db: Session, person: str) -> list[str]:
    """Take back what this person wrote where it was repeated to others, and return the ids of those answers."""
    own = select(VerifiedAnswerRow.id).where(VerifiedAnswerRow.author == person)
    repeated = db.scalars(select(AnswerRow).where(AnswerRow.verified_answer_id.in_(own))).all()
    for row in repeated:
        row.text, row.trace = WITHDRAWN, []
    return [row.id for row in repeated]


def _in_their_words(db: Session, person: str) -> list[str]:
    """Return the verified answers whose question is in the words of this person, and of nobody else."""
    theirs = db.execute(select(QuestionRow.text, QuestionRow.standalone).where(QuestionRow.person == person))
    words = {said for row in theirs for said in row if said}
    found = []
    for row in db.scalars(select(VerifiedAnswerRow)):
        same = or_(QuestionRow.text == row.question, QuestionRow.standalone == row.question)
        others = select(QuestionRow.id).where(QuestionRow.person != person, same).limit(1)
        if row.question in words and db.scalar(others) is None:
            found.append(row.id)
    return found


def _drop_verified(db: Session, ids: Sequence[str]) -> None:
    for one in ids:
        support.drop(db, one)
    db.execute(delete(VerifiedAnswerRow).where(VerifiedAnswerRow.id.in_(ids)))


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


def _rows(db: Session, table: Any, condition: Any) -> list[Mapping[str, Any]]:
    columns: Sequence[str] = [column.name for column in table.__table__.columns if column.name != "vector"]
    return [{name: getattr(row, name) for name in columns} for row in db.scalars(select(table).where(condition))]
