"""Tables of work in flight: what Slack delivered, what is to be done, what each schedule already did."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from flywheel.store.base import Table, UtcDateTime


class InboxRow(Table):
    """One delivery, committed before it is acknowledged. `key` is Slack's event id or the natural key of a click."""

    __tablename__ = "inbox"

    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class JobRow(Table):
    """One thing to do exactly once in effect.

    `id` is the natural key (for a question `answer:{team}:{channel}:{ts}`). A worker holds it by a lease; `fence`
    grows with each lease and every later write carries it. `sending` is committed before a message goes out, so
    that the next attempt looks into the thread before it posts again.
    """

    __tablename__ = "job"

    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), index=True)
    priority: Mapped[int] = mapped_column(Integer)
    attempts: Mapped[int] = mapped_column(Integer)
    run_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fence: Mapped[int] = mapped_column(Integer)
    sending: Mapped[bool] = mapped_column(Boolean)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ScheduleRunRow(Table):
    """A schedule did its work for a period; the primary key decides who runs it."""

    __tablename__ = "schedule_run"

    schedule: Mapped[str] = mapped_column(String(40), primary_key=True)
    period: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class MarkRow(Table):
    """How far something has come: the newest message swept in a channel, and the like."""

    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(String(160), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class PersonRow(Table):
    """Somebody of the workspace as their profile says; `hidden` when they do not want to be named as knowing things."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(String(255), index=True)
    hidden: Mapped[bool] = mapped_column(Boolean)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MemberRow(Table):
    """A person's membership of a channel as last seen, for audiences outside a Slack request."""

    __tablename__ = "member"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
