"""Keep who is in the workspace, as their profiles say, and who does not want to be named as knowing things.

Surprising: a person may be `hidden` before anything else is known of them, so a row can have no name. That somebody who
was forgotten did not want to be named is remembered by a hash of their id alone, and holds when they are met again.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from flywheel.store import marks
from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.spelling import is_one_of, spellings
from flywheel.store.work_tables import PersonRow

_LONGEST = 255
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody of the workspace. `title` is what they are there ("Head of IT"), `address` their e-mail address."""

    id: str
    name: str
    title: str = ""
    address: str = ""
    hidden: bool = False


def put(db: Session, profile: Profile, at: datetime) -> None:
    """Store a profile, new or not; whether they are hidden stays as it was, and so does an address not given now."""
    said = {"name": profile.name[:_LONGEST], "title": profile.title, "seen_at": at}
    address = profile.address[:_LONGEST].lower()
    hidden = profile.hidden or marks.find(db, _forgotten(profile.id)) is not None
    if insert_new(db, PersonRow, {"id": profile.id, "address": address, "hidden": hidden, **said}):
        return
    changed = said | ({"address": address} if address else {})
    db.execute(update(PersonRow).where(PersonRow.id == profile.id).values(**changed))


def hide(db: Session, person: str, at: datetime, *, hidden: bool) -> None:
    """Note that a person does not want to be named, or wants to be again."""
    marks.remove(db, [_forgotten(person)])
    row = {"id": person, "name": "", "title": "", "address": "", "hidden": hidden, "seen_at": at}
    if not insert_new(db, PersonRow, row):
        db.execute(update(PersonRow).where(PersonRow.id == person).values(hidden=hidden))


def remove(db: Session, person: str) -> None:
    """Forget the profile of somebody who has left, unless they are hidden: that must outlast their return."""
    db.execute(delete(PersonRow).where(PersonRow.id == person, ~PersonRow.hidden))


def forget(db: Session, person: str) -> None:
    """Delete a person's profile, whatever they wanted; should they be met again, they are hidden if they were."""
    if is_hidden(db, person):
        marks.put(db, _forgotten(person), "")
    db.execute(delete(PersonRow).where(PersonRow.id == person))


def find(db: Session, person: str) -> Profile | None:
    """Return a profile, or None."""
    row = db.get(PersonRow, person)
    return _profile(row) if row else None


def is_hidden(db: Session, person: str) -> bool:
    """Tell whether a person does not want to be named."""
    known = db.scalar(select(PersonRow.hidden).where(PersonRow.id == person))
    return marks.find(db, _forgotten(person)) is not None if known is None else known


def are_known(db: Session) -> bool:
    """Tell whether the people of the workspace are known at all."""
    return db.scalar(select(PersonRow.id).where(PersonRow.name != "").limit(1)) is not None


def known_as(db: Session, names: Collection[str]) -> list[Profile]:
    """Return those whose id, name or address is among these, in any case."""
    folded = sorted({name.lower() for name in names if name})
    found: dict[str, Profile] = {}
    for start in range(0, len(folded), _AT_ONCE):
        part = folded[start : start + _AT_ONCE]
        same = or_(is_one_of(PersonRow.id, part), is_one_of(PersonRow.name, part), PersonRow.address.in_(part))
        found.update({row.id: _profile(row) for row in db.scalars(select(PersonRow).where(same))})
    return list(found.values())


def titled(db: Session, words: Sequence[str], limit: int = 20) -> list[Profile]:
    """Return up to `limit` people who are not hidden and whose title holds one of these words."""
    if not words:
        return []
    holds = or_(*(func.lower(PersonRow.title).contains(word, autoescape=True) for word in spellings(words)))
    wanted = select(PersonRow).where(~PersonRow.hidden, holds).order_by(PersonRow.id).limit(limit)
    return [_profile(row) for row in db.scalars(wanted)]


def _profile(row: PersonRow) -> Profile:
    return Profile(row.id, row.name, row.title, row.address, row.hidden)


def _forgotten(person: str) -> str:
    """Return the name of the mark that somebody who was forgotten is hidden."""
    return f"hidden:{hashlib.sha256(person.encode()).hexdigest()}"
