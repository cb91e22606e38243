"""Tables of what curation makes of the ledger: credit, labels, trust, what people should look at, sets to be judged by.

Labels and trust are written anew by each turn; credit and review items keep what a reviewer said.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Float, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from flywheel.store.base import Table, UtcDateTime


class CreditRow(Table):
    """Which part of the bot one signal is about, and why. `corrected_by` is the reviewer whose word stands."""

    __tablename__ = "credit"

    signal_key: Mapped[str] = mapped_column(String(255), primary_key=True)
    answer_id: Mapped[str] = mapped_column(String(64), index=True)
    person: Mapped[str] = mapped_column(String(64), index=True)
    part: Mapped[str] = mapped_column(String(16), index=True)
    why: Mapped[str] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    corrected_by: Mapped[str | None] = mapped_column(String(64))
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LabelRow(Table):
    """What one act said about a passage, a route or an answer, with the trust it was given and what became of it."""

    __tablename__ = "label"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    signal_key: Mapped[str] = mapped_column(String(255), index=True)
    question_id: Mapped[str] = mapped_column(String(64), index=True)
    answer_id: Mapped[str] = mapped_column(String(64))
    about: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(Text)
    grade: Mapped[int] = mapped_column(Integer)
    weight: Mapped[float] = mapped_column(Float)
    trust: Mapped[float] = mapped_column(Float)
    source: Mapped[str] = mapped_column(String(32))
    person: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16), index=True)


class TrustRow(Table):
    """How far a person's votes agree with what others said of the same: the mean of a Beta distribution."""

    __tablename__ = "trust"

    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[float] = mapped_column(Float)
    agreed: Mapped[float] = mapped_column(Float)
    disagreed: Mapped[float] = mapped_column(Float)
    acts: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReviewItemRow(Table):
    """Something that a person should look at: a suspected label, a quarantined vote, an alarm.

    `priority` orders the queue, larger first; `wanted` is the number of reviewers whose verdicts decide it.
    """

    __tablename__ = "review_item"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), index=True)
    subject: Mapped[str] = mapped_column(String(320), index=True)
    person: Mapped[str | None] = mapped_column(String(64), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(16), index=True)
    verdict: Mapped[str | None] = mapped_column(Text)
    reviewer: Mapped[str | None] = mapped_column(String(64))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    priority: Mapped[float] = mapped_column(Float, server_default="0")
    wanted: Mapped[int] = mapped_column(Integer, server_default="1")


class ReviewVerdictRow(Table):
    """What one reviewer said of one item; a verdict that was taken back keeps its row, with `undone_at`."""

    __tablename__ = "review_verdict"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    item_id: Mapped[str] = mapped_column(String(64), index=True)
    reviewer: Mapped[str] = mapped_column(String(64), index=True)
    verdict: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class EvaluationSetRow(Table):
    """A set of questions to be judged by: the frozen baseline, or a rolling sample of a period."""

    __tablename__ = "evaluation_set"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[date | None] = mapped_column(Date)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(Boolean)


class SyntheticQuestionRow(Table):
    """A question made from a passage, for measuring before people have asked anything."""

    __tablename__ = "synthetic_question"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    passage_id: Mapped[str] = mapped_column(String(64), index=True)
    text: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(80))
    encoder: Mapped[str] = mapped_column(String(80))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuestionVectorRow(Table):
    """A question's vector under an encoder, as it was searched with; `text_hash` tells which wording it is of."""

    __tablename__ = "question_vector"

    question_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    encoder: Mapped[str] = mapped_column(String(80), primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(64))
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class TrainingJobRow(Table):
    """A big training, run by a process of its own: how far it is, where its checkpoints lie, what came of it."""

    __tablename__ = "training_job"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    learner: Mapped[str] = mapped_column(String(40), index=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
    progress: Mapped[float] = mapped_column(Float)
    snapshot: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    beat_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)


Index("ix_review_item_kind_state", ReviewItemRow.kind, ReviewItemRow.state)
