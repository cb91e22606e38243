"""Who was last seen in which channel and who was said to be a guest or gone, from Slack's events and look-ups."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select

from flywheel.ports import Standing
from flywheel.store import marks
from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.work_tables import MarkRow, MemberRow

_MARK = "person_standing:"
_KEPT = frozenset({Standing.GUEST, Standing.GONE})


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


def leave_all(db: Session, person: str) -> None:
    """Note that a person is in no channel any more."""
    db.execute(delete(MemberRow).where(MemberRow.person == person))


def forget(db: Session, person: str) -> None:
    """Delete everything that is noted of a person."""
    leave_all(db, person)
    marks.remove(db, [_MARK + person])


def noted(db: Session, person: str) -> list[Mapping[str, str]]:
    """Return what is noted of a person's standing, as a row; none where it is nothing unusual."""
    said = marks.find(db, _MARK + person)
    return [{"person": person, "standing": said}] if said else []


def put_standing(db: Session, person: str, standing: Standing) -> None:
    """Note what a person is; only guests and the deactivated are kept, everybody else is nothing unusual."""
    if standing in _KEPT:
        marks.put(db, _MARK + person, standing.value)
    else:
        marks.remove(db, [_MARK + person])


def standings(db: Session) -> Mapping[str, Standing]:
    """Return the guests and the deactivated that were noted."""
    rows = db.scalars(select(MarkRow).where(MarkRow.name.startswith(_MARK, autoescape=True)))
    return {row.name.removeprefix(_MARK): Standing(row.value) for row in rows}


def standing_of(db: Session, person: str) -> Standing:
    """Return what was noted of a person, or that nothing was."""
    noted = marks.find(db, _MARK + person)
    return Standing(noted) if noted else Standing.UNKNOWN
