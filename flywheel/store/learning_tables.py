"""Tables of what was learned and measured: turns, releases, records, reports."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from flywheel.store.base import Table, UtcDateTime


class TurnRow(Table):
    """One revolution of the wheel: queued, running, finished or failed, with its evidence."""

    __tablename__ = "turn"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
    requested_by: Mapped[str] = mapped_column(String(64))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    snapshot: Mapped[str | None] = mapped_column(String(64))
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    error: Mapped[str | None] = mapped_column(Text)


class ReleaseRow(Table):
    """A learned model: its parameters, its content hash as id, its evidence. At most one per learner serves.

    `share` is the share of persons that it serves; the others are served by its parent. `served_since` is when it
    began to serve this share.
    """

    __tablename__ = "release"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    learner: Mapped[str] = mapped_column(String(40), index=True)
    artefact: Mapped[dict[str, Any]] = mapped_column(JSON)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    snapshot: Mapped[str] = mapped_column(String(64))
    parent: Mapped[str | None] = mapped_column(String(80))
    turn_id: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(16))
    serving: Mapped[bool] = mapped_column(Boolean, index=True)
    share: Mapped[float] = mapped_column(Float, server_default="1")
    served_since: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecordRow(Table):
    """One metric value; append-only, which a trigger holds. `scores` are the values per question it is a mean of."""

    __tablename__ = "record"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    metric: Mapped[str] = mapped_column(String(80), index=True)
    value: Mapped[float] = mapped_column(Float)
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    n: Mapped[int] = mapped_column(Integer)
    segment: Mapped[str] = mapped_column(String(80))
    dataset: Mapped[str] = mapped_column(String(80))
    dataset_hash: Mapped[str] = mapped_column(String(64))
    versions: Mapped[dict[str, str]] = mapped_column(JSON)
    change: Mapped[str] = mapped_column(Text)
    scores: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class ReportRow(Table):
    """A report. `period` is an ISO week such as 2026-W47, or a month such as 2026-11; `kind` is weekly or monthly."""

    __tablename__ = "report"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    period: Mapped[str] = mapped_column(String(16), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    turn_id: Mapped[str | None] = mapped_column(String(64))
    posted_channel: Mapped[str | None] = mapped_column(String(64))
    posted_ts: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16), server_default="weekly")


class AuditRow(Table):
    """One administrative act: who did what to what."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(Text)


Index("ix_release_learner_serving", ReleaseRow.learner, ReleaseRow.serving)
