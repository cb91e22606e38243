"""Tables of measuring: what judges said, minimum values that were set, experiments and who was exposed to which arm."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from flywheel.store.base import Table, UtcDateTime


class JudgementRow(Table):
    """One run of a judge on a metric of an answer; append-only. `rubric` is the hash of what the judge was told.

    `value` is NULL where the judge gave no usable reply; `reason` says why.
    """

    __tablename__ = "judgement"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer_id: Mapped[str] = mapped_column(String(64), index=True)
    judge: Mapped[str] = mapped_column(String(120), index=True)
    metric: Mapped[str] = mapped_column(String(40), index=True)
    run: Mapped[int] = mapped_column(Integer)
    value: Mapped[float | None] = mapped_column(Float)
    reason: Mapped[str] = mapped_column(Text)
    rubric: Mapped[str] = mapped_column(String(64))
    usage: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ThresholdRow(Table):
    """The least (or most) acceptable value of a metric in a segment; append-only, the newest confirmed one counts."""

    __tablename__ = "threshold"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    metric: Mapped[str] = mapped_column(String(80), index=True)
    segment: Mapped[str] = mapped_column(String(80))
    bound: Mapped[str] = mapped_column(String(8))
    value: Mapped[float] = mapped_column(Float)
    state: Mapped[str] = mapped_column(String(16), index=True)
    person: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    baseline: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BreachRow(Table):
    """A time during which a metric was worse than its threshold; `ended_at` is None while it lasts."""

    __tablename__ = "breach"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    threshold_id: Mapped[int] = mapped_column(Integer, index=True)
    metric: Mapped[str] = mapped_column(String(80))
    segment: Mapped[str] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class ExperimentRow(Table):
    """An experiment, written down before it starts; a finished one keeps its result, whatever it was."""

    __tablename__ = "experiment"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    variable: Mapped[str] = mapped_column(String(40), index=True)
    hypothesis: Mapped[str] = mapped_column(Text)
    metric: Mapped[str] = mapped_column(String(80))
    minimum_effect: Mapped[float] = mapped_column(Float)
    arms: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    guardrails: Mapped[list[str]] = mapped_column(JSON)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), index=True)
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    conclusion: Mapped[str] = mapped_column(Text)
    adopted: Mapped[str | None] = mapped_column(String(40))
    adopted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ExposureRow(Table):
    """A person met an arm of an experiment at an answer; the first one of an answer and person counts."""

    __tablename__ = "exposure"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    experiment_id: Mapped[str] = mapped_column(String(64), index=True)
    person: Mapped[str] = mapped_column(String(64), index=True)
    arm: Mapped[str] = mapped_column(String(40))
    answer_id: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


Index("ux_exposure_once", ExposureRow.experiment_id, ExposureRow.answer_id, ExposureRow.person, unique=True)
Index("ix_threshold_metric_segment", ThresholdRow.metric, ThresholdRow.segment)
