"""How the bot behaves in each channel, in SQL."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import select, update

from flywheel.channels import ChannelSettings, Mode
from flywheel.store.database import Session
from flywheel.store.guest_tables import ChannelSettingRow
from flywheel.store.insertion import insert_new

_NAMES = tuple(field.name for field in fields(ChannelSettings))


def find(db: Session, channel: str) -> ChannelSettings:
    """Return a channel's settings; the defaults where nobody set any."""
    row = db.get(ChannelSettingRow, channel, populate_existing=True)
    return _settings(row) if row else ChannelSettings(channel)


def held(db: Session, channel: str) -> ChannelSettings:
    """Return a channel's settings, which nobody else changes until this unit of work ends, once there are any."""
    db.execute(select(ChannelSettingRow.channel).where(ChannelSettingRow.channel == channel).with_for_update())
    return find(db, channel)


def changed(db: Session, channel: str) -> tuple[str, datetime] | None:
    """Return who changed a channel's settings last, and when; None where nobody has."""
    row = db.get(ChannelSettingRow, channel, populate_existing=True)
    return (row.changed_by, row.changed_at) if row else None


def every(db: Session) -> Sequence[ChannelSettings]:
    """Return the settings of all channels that have any, by channel id."""
    return [_settings(row) for row in db.scalars(select(ChannelSettingRow).order_by(ChannelSettingRow.channel))]


def put(db: Session, settings: ChannelSettings, person: str, at: datetime) -> None:
    """Set how the bot behaves in a channel, in the place of what was set before. The audit log is the caller's."""
    row = {name: getattr(settings, name) for name in _NAMES}
    row |= {"mode": settings.mode.value, "sources": list(settings.sources), "experts": list(settings.experts)}
    row |= {"changed_by": person, "changed_at": at}
    if not insert_new(db, ChannelSettingRow, row):
        db.execute(update(ChannelSettingRow).where(ChannelSettingRow.channel == settings.channel).values(**row))


def forget_expert(db: Session, person: str) -> None:
    """Take a person off every on-call list."""
    for one in every(db):
        if person in one.experts:
            left = replace(one, experts=tuple(expert for expert in one.experts if expert != person))
            db.execute(
                update(ChannelSettingRow)
                .where(ChannelSettingRow.channel == one.channel)
                .values(experts=list(left.experts))
            )


def _settings(row: ChannelSettingRow) -> ChannelSettings:
    values = {name: getattr(row, name) for name in _NAMES}
    values |= {"mode": Mode(row.mode), "sources": tuple(row.sources), "experts": tuple(row.experts)}
    return ChannelSettings(**values)
