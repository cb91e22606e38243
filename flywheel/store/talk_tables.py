"""The table of what people say in channels whose talk is knowledge."""

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from flywheel.store.base import Table


class SaidRow(Table):
    """A message of a channel that is read; see `flywheel.store.talk.Said`.

    `state` is `kept`, `gone` for one that was deleted, `asked` for one that was meant for the bot: of these two nothing
    is left but that they must not come back.
    """

    __tablename__ = "said"

    channel: Mapped[str] = mapped_column(String(64), primary_key=True)
    ts: Mapped[str] = mapped_column(String(32), primary_key=True)
    root: Mapped[str] = mapped_column(String(32))
    day: Mapped[str] = mapped_column(String(10))
    person: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(255))
    text: Mapped[str] = mapped_column(Text)
    files: Mapped[list[str]] = mapped_column(JSON)
    edited: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(8))


Index("ix_said_channel_day", SaidRow.channel, SaidRow.day)
