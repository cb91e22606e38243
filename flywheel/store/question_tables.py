"""Tables of what was asked, answered, and done about it: the ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from flywheel.store.base import Table, UtcDateTime


class QuestionRow(Table):
    """A question as asked and as understood, with the access labels of those who can read the reply."""

    __tablename__ = "question"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    standalone: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(64), index=True)
    surface: Mapped[str] = mapped_column(String(24))
    team: Mapped[str | None] = mapped_column(String(64))
    channel: Mapped[str | None] = mapped_column(String(64), index=True)
    thread_ts: Mapped[str | None] = mapped_column(String(64), index=True)
    message_ts: Mapped[str | None] = mapped_column(String(64), index=True)
    labels: Mapped[list[str]] = mapped_column(JSON)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AnswerRow(Table):
    """An answer. `posted_*` is where Slack shows it; `usage` counts a language model's tokens, None without one."""

    __tablename__ = "answer"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    abstained: Mapped[bool] = mapped_column(Boolean)
    confidence: Mapped[float] = mapped_column(Float)
    writer: Mapped[str] = mapped_column(String(80))
    route: Mapped[dict[str, float]] = mapped_column(JSON)
    versions: Mapped[dict[str, str]] = mapped_column(JSON)
    timings_ms: Mapped[dict[str, float]] = mapped_column(JSON)
    trace: Mapped[list[str]] = mapped_column(JSON)
    routing: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    pictures: Mapped[list[str] | None] = mapped_column(JSON)
    usage: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    verified_answer_id: Mapped[str | None] = mapped_column(String(64), index=True)
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    posted_channel: Mapped[str | None] = mapped_column(String(64))
    posted_ts: Mapped[str | None] = mapped_column(String(64), index=True)


class CitationRow(Table):
    """Source number `n` of an answer. Title and address are kept as they were shown; `said` are the sentences of the
    passage that the answer rested on, None for answers from before they were kept.
    """

    __tablename__ = "citation"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, primary_key=True)
    passage_id: Mapped[str] = mapped_column(String(64), index=True)
    external_id: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    said: Mapped[list[str] | None] = mapped_column(JSON)


class ShortlistRow(Table):
    """One of the (at most 40) passages found for a question, with every score that led to its rank."""

    __tablename__ = "shortlist"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True)
    rank: Mapped[int] = mapped_column(Integer, primary_key=True)
    passage_id: Mapped[str] = mapped_column(String(64), index=True)
    external_id: Mapped[str] = mapped_column(Text)
    retriever: Mapped[str] = mapped_column(String(24))
    score: Mapped[float] = mapped_column(Float)
    features: Mapped[dict[str, float]] = mapped_column(JSON)
    shown: Mapped[bool] = mapped_column(Boolean)


class SignalRow(Table):
    """The ledger: one thing one person did. Rows are added, never changed; the last of a kind counts."""

    __tablename__ = "signal"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(255), unique=True)
    answer_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(24), index=True)
    person: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    detail: Mapped[dict[str, str]] = mapped_column(JSON)


class CorrectionRow(Table):
    """What a person says the answer should be."""

    __tablename__ = "correction"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer_id: Mapped[str] = mapped_column(String(64), index=True)
    question: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    person: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), index=True)
    reviewer: Mapped[str | None] = mapped_column(String(64))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_channel: Mapped[str | None] = mapped_column(String(64))
    review_ts: Mapped[str | None] = mapped_column(String(64))


class VerifiedAnswerRow(Table):
    """An approved answer; `vector` is its question under `encoder`, so that it can be found again."""

    __tablename__ = "verified_answer"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    question: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    access: Mapped[list[str]] = mapped_column(JSON)
    author: Mapped[str] = mapped_column(String(64))
    approved_by: Mapped[str] = mapped_column(String(64))
    approved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    correction_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    source: Mapped[str | None] = mapped_column(Text)
    passage_ids: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(Boolean)
    encoder: Mapped[str] = mapped_column(String(80))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
