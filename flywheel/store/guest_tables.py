"""Tables of a good guest: how the bot behaves where, whom it asked for help, which answers it looked at again."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Float, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from flywheel.store.base import Table, UtcDateTime


class ChannelSettingRow(Table):
    """How the bot behaves in a channel; the fields are those of `flywheel.channels.ChannelSettings`."""

    __tablename__ = "channel_setting"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    mode: Mapped[str] = mapped_column(String(16))
    threshold: Mapped[float | None] = mapped_column(Float)
    persona: Mapped[str] = mapped_column(Text)
    sources: Mapped[list[str]] = mapped_column(JSON)
    experts: Mapped[list[str]] = mapped_column(JSON)
    daily_answers: Mapped[int] = mapped_column(Integer)
    daily_cost: Mapped[float | None] = mapped_column(Float)
    muted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    muted_why: Mapped[str] = mapped_column(Text)
    read_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WorkspaceSettingRow(Table):
    """A setting of the whole workspace that an administrator changed in Slack, such as a budget; `value` is JSON."""

    __tablename__ = "workspace_setting"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_by: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EscalationRow(Table):
    """A question that was handed to a person. `expert` is who was asked; NULL where nobody could be.

    `reply_ts` is their reply in the thread. `shared` is the question in the words that its asker let the expert see.
    """

    __tablename__ = "escalation"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer_id: Mapped[str] = mapped_column(String(64), index=True)
    question_id: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str | None] = mapped_column(String(64))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    asker: Mapped[str] = mapped_column(String(64), index=True)
    asked_by: Mapped[str] = mapped_column(String(64))
    expert: Mapped[str | None] = mapped_column(String(64), index=True)
    shared: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply_by: Mapped[str | None] = mapped_column(String(64))
    reply_ts: Mapped[str | None] = mapped_column(String(32))
    correction_id: Mapped[str | None] = mapped_column(String(64))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by: Mapped[str | None] = mapped_column(String(64))


class AnswerCheckRow(Table):
    """A given answer was looked at again because what it cites has changed.

    `state_hash` names the cited passages as they were found then, so that one change is looked at once.
    """

    __tablename__ = "answer_check"

    answer_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(16), index=True)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    amended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
