"""Who was last seen in which channel, from Slack's member events and look-ups."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.work_tables import MemberRow


def put(db: Session, channel: str, person: str, at: datetime) -> None:
    """Note that a person is in a channel."""
    insert_new(db, MemberRow, {"channel": channel, "person": person, "seen_at": at})


def remove(db: Session, channel: str, person: str) -> None:
    """Note that a person is not in a channel any more."""
    db.execute(delete(MemberRow).where(MemberRow.channel == channel, MemberRow.person == person))


def replace(db: Session, person: str, channels: Iterable[str], at: datetime) -> None:
    """Note that a person is in exactly these channels."""
    db.execute(delete(MemberRow).where(MemberRow.person == person))
    for channel in sorted(channels):
        put(db, channel, person, at)


def channels_of(db: Session, person: str) -> frozenset[str]:
    """Return the channels a person was last seen in."""
    return frozenset(db.scalars(select(MemberRow.channel).where(MemberRow.person == person)))
