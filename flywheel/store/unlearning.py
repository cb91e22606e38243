"""Take back what may have been learned from one person, and what is derived from what they asked and did.

A release, a turn or a report may hold something of a person's if it was made after their *first act*; what was made
before cannot. A first router made from the index alone holds nothing of anybody's. Where a release that served goes,
the nearest one before it that stays serves again, or the defaults do.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Text, cast, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, defer

from flywheel.registry import Outcome
from flywheel.store import evaluation_sets, question_vectors, questions, topic_labels, training_jobs
from flywheel.store.base import Table
from flywheel.store.curation_tables import (
    CreditRow,
    LabelRow,
    ReviewItemRow,
    ReviewVerdictRow,
    TrainingJobRow,
    TrustRow,
)
from flywheel.store.database import Session
from flywheel.store.learning_tables import RecordRow, ReleaseRow, ReportRow, TurnRow
from flywheel.store.measuring_tables import ExposureRow, JudgementRow
from flywheel.store.question_tables import AnswerRow, CorrectionRow, QuestionRow, SignalRow, VerifiedAnswerRow
from flywheel.store.remnants import flat

SKEW = timedelta(hours=1)
"""How far clocks may be apart: Slack's, which dates what people do, and ours."""
INDEX = "index"
"""The origin, in its evidence, of a release that no person taught anything."""
LIBRARY = "examples"
"""The learner whose releases hold questions and answers in words (`answering/manner.py`)."""

TRIES = "gate_p"
"""The metric under which the log keeps what the gate tried."""
BY_VERIFIED = "correctness"
"""The metric for which a judge reads what people wrote (verified answers), and may quote it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken back: whether anything that served is gone, and the ids of big trainings to delete files of."""

    served: bool
    trainings: tuple[str, ...]


def first_act(db: Session, person: str) -> datetime | None:
    """Return when a person first asked, did, decided or wrote something that models may have learned from."""
    acts: tuple[
        tuple[InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None], ColumnElement[bool]], ...
    ]
    acts = (
        (QuestionRow.asked_at, QuestionRow.id.in_(questions.asked_or_written(db, person))),
        (SignalRow.at, SignalRow.person == person),
        (CorrectionRow.at, CorrectionRow.person == person),
        (CorrectionRow.reviewed_at, CorrectionRow.reviewer == person),
        (
            VerifiedAnswerRow.approved_at,
            or_(VerifiedAnswerRow.author == person, VerifiedAnswerRow.approved_by == person),
        ),
        (CreditRow.corrected_at, CreditRow.corrected_by == person),
        (ReviewItemRow.reviewed_at, ReviewItemRow.reviewer == person),
        (ReviewVerdictRow.at, ReviewVerdictRow.reviewer == person),
        (ReviewItemRow.at, ReviewItemRow.person == person),
    )
    found = [db.scalar(select(func.min(column)).where(theirs)) for column, theirs in acts]
    return min((one for one in found if one is not None), default=None)


def take_back(db: Session, since: datetime) -> Taken:
    """Delete every release, turn, report, training, trust and topic name that may hold something of what was done then.

    The tries that the gate counts go with the models that were tried, so that they cost those made again nothing.
    """
    served = _remove_releases(db, since - SKEW)
    db.execute(delete(TurnRow).where(or_(TurnRow.finished_at >= since - SKEW, TurnRow.finished_at.is_(None))))
    db.execute(delete(ReportRow).where(ReportRow.made_at >= since - SKEW))
    db.execute(delete(RecordRow).where(RecordRow.metric == TRIES, RecordRow.at >= since - SKEW))
    db.execute(delete(TrustRow))
    topic_labels.forget(db)
    db.execute(delete(JudgementRow).where(JudgementRow.metric == BY_VERIFIED, JudgementRow.at >= since - SKEW))
    return Taken(served, tuple(training_jobs.forget(db)))


def referred_to(db: Session) -> str:
    """Return what the releases and trainings that are left refer to: their ids and artefacts, as one text."""
    releases = select(ReleaseRow.id, cast(ReleaseRow.artefact, Text)).where(ReleaseRow.learner != "router")
    trainings = select(TrainingJobRow.id, cast(TrainingJobRow.detail, Text))
    return "\n".join(str(part) for query in (releases, trainings) for row in db.execute(query) for part in row)


def forget_derived(db: Session, person: str, question_ids: Collection[str], answer_ids: Collection[str]) -> None:
    """Delete what curation made of a person's acts, and of what was asked and answered for them.

    Questions of others that this person judged leave the sets that are measured on: what they want is partly their
    word. The next turn credits, labels and samples anew.
    """
    judged = select(AnswerRow.question_id).join(SignalRow, SignalRow.answer_id == AnswerRow.id)
    corrected = select(AnswerRow.question_id).join(CorrectionRow, CorrectionRow.answer_id == AnswerRow.id)
    touched = {
        *question_ids,
        *db.scalars(judged.where(SignalRow.person == person)),
        *db.scalars(corrected.where(CorrectionRow.person == person)),
    }
    evaluation_sets.drop(db, touched)
    question_vectors.forget(db, sorted(question_ids))
    about = sorted(answer_ids)
    credit = or_(CreditRow.person == person, CreditRow.corrected_by == person, CreditRow.answer_id.in_(about))
    labels = or_(LabelRow.person == person, LabelRow.answer_id.in_(about))
    reviews = or_(ReviewItemRow.person == person, ReviewItemRow.subject == person)
    derived: tuple[tuple[type[Table], ColumnElement[bool]], ...] = (
        (CreditRow, credit),
        (LabelRow, labels),
        (TrustRow, TrustRow.person == person),
        (ReviewItemRow, reviews),
        (JudgementRow, JudgementRow.answer_id.in_(about)),
        (ExposureRow, or_(ExposureRow.person == person, ExposureRow.answer_id.in_(about))),
    )
    for table, theirs in derived:
        db.execute(delete(table).where(theirs))
    for row in db.scalars(select(ReviewItemRow).where(ReviewItemRow.reviewer == person)):
        row.reviewer = None


def take_back_named(db: Session, mention: re.Pattern[str]) -> None:
    """Delete libraries of liked answers that name a person, whenever they were made: no other model holds words."""
    libraries = select(ReleaseRow.id, ReleaseRow.artefact).where(ReleaseRow.learner == LIBRARY)
    _drop_releases(db, {one for one, artefact in db.execute(libraries) if mention.search(flat(artefact))})


def _remove_releases(db: Session, since: datetime) -> bool:
    """Delete releases made since then; return whether one of them served."""
    made = select(ReleaseRow.id, ReleaseRow.evidence).where(ReleaseRow.created_at >= since)
    return _drop_releases(db, {one for one, evidence in db.execute(made) if evidence.get("origin") != INDEX})


def _drop_releases(db: Session, gone: Collection[str]) -> bool:
    """Delete releases, with what is left serving in their place; return whether one of them served."""
    rows = {row.id: row for row in db.scalars(select(ReleaseRow).options(defer(ReleaseRow.artefact)))}
    serving = [row for one, row in rows.items() if one in gone and row.serving]
    heirs = [heir for row in serving if (heir := _heir(rows, row, gone)) is not None]
    db.execute(delete(ReleaseRow).where(ReleaseRow.id.in_(sorted(gone))))
    for one, row in rows.items():
        if one not in gone and row.parent in gone:
            row.parent = None
    for heir in heirs:
        heir.serving, heir.share, heir.outcome = True, 1.0, Outcome.RELEASED.value
    db.flush()
    return bool(serving)


def _heir(rows: dict[str, ReleaseRow], row: ReleaseRow, gone: Collection[str]) -> ReleaseRow | None:
    """Return the nearest ancestor that stays, or None."""
    seen: set[str] = set()
    current: ReleaseRow | None = row
    while current is not None and current.id in gone and current.id not in seen:
        seen.add(current.id)
        current = rows.get(current.parent or "")
    return current if current is not None and current.id not in gone else None
