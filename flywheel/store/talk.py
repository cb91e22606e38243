"""What people said in channels whose talk is knowledge, kept so that their documents can be made anew at any time.

    root   the timestamp of the message that began a thread; of a message outside of threads, its own
    day    the UTC day of the root: what is made anew together, and the key under which talk is found
    gone   a deleted message; edits and late deliveries do not bring it back
    asked  a question to the bot, which answers it otherwise: neither it nor the thread below it is knowledge

Texts are readable (no Slack markup) and carry the names of then. Whoever was forgotten is not read again: a hash of
their id alone remembers that.
"""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, func, select, update

from flywheel.store import documents, marks, remnants
from flywheel.store.database import Session
from flywheel.store.insertion import insert_new
from flywheel.store.knowledge_tables import AccessRow, AuthorRow, DocumentRow, PassageRow
from flywheel.store.talk_tables import SaidRow

PREFIX = "slack/"
"""What the external ids of all documents made of talk begin with: `slack/<channel>/<ts>`."""

GONE = remnants.GONE
"""What stands in the place of a forgotten person's name."""

_UNREAD = "unread:"
_AT_ONCE = 400
_BUCKET = 5  # digits of a timestamp; what begins alike lies within 100,000 seconds


class State(StrEnum):
    """What a message is to the index."""

    KEPT = "kept"
    GONE = "gone"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Said:
    """One message. `ts`, `root` and `edited` are Slack timestamps; `edited` is empty for what never was."""

    channel: str
    ts: str
    root: str
    person: str
    name: str
    text: str
    files: tuple[str, ...] = ()
    edited: str = ""

    @property
    def day(self) -> str:
        """Return the day it belongs to."""
        return day_of(self.root)


def day_of(ts: str) -> str:
    """Return the UTC day of a timestamp, as in 2026-11-03."""
    return f"{datetime.fromtimestamp(float(ts), UTC):%Y-%m-%d}"


def external_id(channel: str, root: str) -> str:
    """Return the external id of the document of the talk that a message began."""
    return f"{PREFIX}{channel}/{root}"


def put(db: Session, one: Said) -> bool:
    """Store a message, new or edited; return whether anything changed. A deleted one stays deleted."""
    values = {name: getattr(one, name) for name in _NAMES} | {
        "files": list(one.files),
        "day": one.day,
        "state": State.KEPT,
    }
    if insert_new(db, SaidRow, values):
        return True
    known = db.get(SaidRow, (one.channel, one.ts), populate_existing=True)
    if known is None or known.state != State.KEPT or known.edited > one.edited or _said(known) == one:
        return False
    db.execute(update(SaidRow).where(_is(one.channel, one.ts)).values(**values))
    return True


def set_aside(db: Session, channel: str, ts: str, state: State) -> str | None:
    """Empty a message that was deleted or is a question to the bot, known or not; return its day where it was kept."""
    known = db.get(SaidRow, (channel, ts), populate_existing=True)
    day = known.day if known is not None and known.state == State.KEPT else None
    blank: dict[str, object] = {"person": "", "name": "", "text": "", "files": [], "edited": "", "state": state}
    root = known.root if known is not None else ts
    place: dict[str, object] = {"channel": channel, "ts": ts, "root": root, "day": day_of(root)}
    if not insert_new(db, SaidRow, place | blank):
        db.execute(update(SaidRow).where(_is(channel, ts)).values(**blank))
    return day


def of_day(db: Session, channel: str, day: str) -> list[Said]:
    """Return what was said in a channel in the threads and the talk of a day, oldest first."""
    rows = db.scalars(select(SaidRow).where(SaidRow.channel == channel, SaidRow.day == day)).all()
    asked = {row.ts for row in rows if row.state == State.ASKED}
    kept = (_said(row) for row in rows if row.state == State.KEPT and row.root not in asked)
    return sorted(kept, key=lambda one: one.ts)


def within(db: Session, channel: str, root: str | None, after: str, before: str) -> list[str]:
    """Return the timestamps between two others, both left out, of a thread's messages or of the channel's roots."""
    wanted = select(SaidRow.ts).where(SaidRow.channel == channel, SaidRow.state == State.KEPT)
    days = SaidRow.day.between(day_of(after), day_of(before))
    wanted = wanted.where(SaidRow.root == SaidRow.ts, days) if root is None else wanted.where(SaidRow.root == root)
    return sorted(ts for ts in db.scalars(wanted) if float(after) < float(ts) < float(before))


def drop(db: Session, channel: str, stamps: Collection[str]) -> set[str]:
    """Delete messages that are not in Slack any more; return the days they belonged to."""
    days: set[str] = set()
    ordered = sorted(stamps)
    for start in range(0, len(ordered), _AT_ONCE):
        named = and_(SaidRow.channel == channel, SaidRow.ts.in_(ordered[start : start + _AT_ONCE]))
        days |= set(db.scalars(select(SaidRow.day).where(named)))
        db.execute(delete(SaidRow).where(named))
    return days


def drop_before(db: Session, channel: str, since: str) -> set[str]:
    """Delete what was said before a timestamp; return the days that it belonged to."""
    stamps = select(SaidRow.ts).where(SaidRow.channel == channel)
    return drop(db, channel, [ts for ts in db.scalars(stamps) if float(ts) < float(since)])


def drop_channel(db: Session, channel: str) -> None:
    """Delete everything that was said in a channel."""
    db.execute(delete(SaidRow).where(SaidRow.channel == channel))


def count(db: Session, channel: str) -> int:
    """Return how many messages of a channel are kept."""
    wanted = select(func.count()).select_from(SaidRow).where(SaidRow.channel == channel, SaidRow.state == State.KEPT)
    return db.scalar(wanted) or 0


def documents_begun(db: Session, source: str, channel: str, day: str) -> dict[str, str]:
    """Return (external id: document id) of the talk of a channel that began on a day."""
    noon = int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp())
    buckets = sorted({str(noon + off)[:_BUCKET] for off in (-43_200, 43_199)})
    found: dict[str, str] = {}
    for bucket in buckets:
        begins = DocumentRow.external_id.startswith(f"{PREFIX}{channel}/{bucket}", autoescape=True)
        wanted = select(DocumentRow.external_id, DocumentRow.id).where(DocumentRow.source == source, begins)
        found.update({name: one for name, one in db.execute(wanted) if day_of(name.rsplit("/", 1)[1]) == day})
    return found


def relabel(db: Session, source: str, access: Iterable[str], *, version: int) -> int:
    """Give all documents of a source these access labels; return how many there are.

    `version` comes from `documents.advance_corpus` in the same unit of work: indexes take the passages over again.
    """
    ids = list(db.scalars(select(DocumentRow.id).where(DocumentRow.source == source)))
    labels = sorted(access)
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        db.execute(delete(AccessRow).where(AccessRow.document_id.in_(part)))
        db.add_all([AccessRow(document_id=one, label=label) for one in part for label in labels])
        db.execute(update(PassageRow).where(PassageRow.document_id.in_(part)).values(version=version))
        db.flush()
    return len(ids)


def remove_source(db: Session, source: str) -> int:
    """Remove all documents of a source from the index; return how many there were."""
    gone = [document_id for document_id, _ in documents.in_source(db, source)]
    if gone:
        documents.remove(db, gone, version=documents.advance_corpus(db))
    return len(gone)


def days_of(db: Session, person: str, mention: re.Pattern[str]) -> set[tuple[str, str]]:
    """Return the channels and days in which a person said something, or was named."""
    named = {(row.channel, row.day) for row in db.scalars(select(SaidRow)) if mention.search(row.text)}
    own = select(SaidRow.channel, SaidRow.day).where(SaidRow.person == person)
    return named | {(channel, day) for channel, day in db.execute(own)}


def forget(db: Session, person: str, mention: re.Pattern[str]) -> None:
    """Delete what a person said, their name where others said it, and every document of talk they took part in.

    What others said there comes back when its day is made anew; of an export, when it is indexed again.
    """
    marks.put(db, f"{_UNREAD}{_hash(person)}", "")
    for row in db.scalars(select(SaidRow).where(SaidRow.person != person)):
        if mention.search(row.text):
            row.text = remnants.without(mention, row.text)
    db.execute(delete(SaidRow).where(SaidRow.person == person))
    of_talk = DocumentRow.external_id.startswith(PREFIX, autoescape=True)
    wrote = select(AuthorRow.document_id).where(AuthorRow.name == person)
    gone = list(db.scalars(select(DocumentRow.id).where(of_talk, DocumentRow.id.in_(wrote))))
    if gone:
        documents.remove(db, gone, version=documents.advance_corpus(db))
    db.flush()


def forgotten(db: Session, people: Iterable[str]) -> frozenset[str]:
    """Return those of these people who were forgotten: nothing they say is read."""
    found = set(marks.beginning(db, _UNREAD))
    return frozenset(one for one in people if f"{_UNREAD}{_hash(one)}" in found)


def _is(channel: str, ts: str) -> ColumnElement[bool]:
    return and_(SaidRow.channel == channel, SaidRow.ts == ts)


def _said(row: SaidRow) -> Said:
    values = {name: getattr(row, name) for name in _NAMES}
    return Said(**values | {"files": tuple(row.files)})


def _hash(person: str) -> str:
    return hashlib.sha256(person.encode()).hexdigest()


_NAMES = tuple(field.name for field in fields(Said))
