"""Read a source again for an administrator, in a process of its own, and tell them what came of it.

What is under way stands in a mark: whose order it is, how far it has come, and when that was last noted. There is one
at a time; one that noted nothing for five minutes has died, and the next may begin.
"""

import json
import threading
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from bot import outbox
from bot.blocks.admin_source import read_message
from bot.blocks.message import Message, note
from bot.blocks.text import inert
from bot.channeling import named
from bot.first_router import train_aside
from bot.indexing import router_is_due
from bot.outbox import Outgoing
from flywheel.core import Core
from flywheel.errors import FlywheelError, InvalidInput
from flywheel.knowledge import reread
from flywheel.knowledge.embedding import encode_missing
from flywheel.knowledge.ingest import IngestReport
from flywheel.store import audit, marks
from flywheel.store.database import Session
from flywheel.wiring import Plan, reindex_when_due

DEAD_AFTER = timedelta(minutes=5)
_NOTED_EVERY = timedelta(seconds=5)
_ALIVE_SECONDS = 60.0
_MARK = "reading-again"


@dataclass(frozen=True, slots=True)
class Underway:
    """A source that is being read again: how many documents of how many are done, and when that was noted."""

    order: str
    source: str
    person: str
    began_at: str
    noted_at: str
    done: int = 0
    expected: int = 0

    def is_alive(self, now: datetime) -> bool:
        """Tell whether it still goes on, as far as one can tell."""
        return now - datetime.fromisoformat(self.noted_at) < DEAD_AFTER


def underway(db: Session) -> Underway | None:
    """Return what was begun last and has not ended, dead or alive."""
    stored = marks.find(db, _MARK)
    return Underway(**json.loads(stored)) if stored else None


def order(core: Core, source: str, person: str, key: str) -> str:
    """Note that a source is to be read again under a key; return why not, else an empty string.

    Ordered again under the same key, it is under way already, and that is no reason against it.
    """
    now = core.now()
    with core.database.begin() as db:
        going = underway(db)
        if going is not None and going.is_alive(now):
            return "" if going.order == key else "A source is being read at the moment. Try again when that is done."
        try:
            reread.bound(db, source)
        except InvalidInput as refusal:
            return f"It cannot be read again from here: {refusal}."
        begun = Underway(key, source, person, now.isoformat(), now.isoformat())
        marks.put(db, _MARK, json.dumps(asdict(begun)))
        audit.put(db, person, "source read again", source, now)
    return ""


def carry_out(core: Core, plan: Plan, key: str) -> str:
    """Read the source that was ordered under a key, tell who ordered it, and return a line; nothing where it is over.

    What goes wrong is told too.
    """
    with core.database.read() as db:
        going = underway(db)
    if going is None or going.order != key:
        return ""
    try:
        with _Noted(core, going) as noted:
            report = reread.read_again(core, going.source, noted)
            encode_missing(core, noted)
            reindex_when_due(core, plan)
            if router_is_due(core, report):
                train_aside(plan)
    except FlywheelError as error:
        _end(core, going, note(f"I could not read {inert(named(going.source))} again: {inert(str(error))}."))
        return str(error)
    _end(core, going, read_message(named(going.source), _words(report), report.refused))
    return _words(report)


def look_after(core: Core) -> bool:
    """Tell who ordered it that reading a source has died; return whether it has."""
    with core.database.read() as db:
        going = underway(db)
    if going is None or going.is_alive(core.now()):
        return False
    said = (
        f"Reading {inert(named(going.source))} again has ended before it was done. `/flywheel sources` starts it anew."
    )
    _end(core, going, note(said))
    return True


class _Noted:
    """A `Progress` that notes how far it has come, every few seconds while it comes on and every minute in any case."""

    def __init__(self, core: Core, going: Underway) -> None:
        self._core = core
        self._going = going
        self._noted = core.now()
        self._over = threading.Event()
        self._alive = threading.Thread(target=self._show_life, name="noting", daemon=True)

    def __enter__(self) -> "_Noted":
        self._alive.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._alive.join()

    def expect(self, documents: int) -> None:
        self._going = replace(self._going, expected=self._going.expected + documents)
        self._note()

    def advance(self, documents: int, passages: int) -> None:  # noqa: ARG002 - the port's
        self._going = replace(self._going, done=self._going.done + documents)
        self._note()

    def _note(self) -> None:
        now = self._core.now()
        if now - self._noted >= _NOTED_EVERY:
            self._put(now)

    def _show_life(self) -> None:
        while not self._over.wait(_ALIVE_SECONDS):
            self._put(self._core.now())

    def _put(self, now: datetime) -> None:
        self._noted = now
        with self._core.database.begin() as db:
            marks.put(db, _MARK, json.dumps(asdict(replace(self._going, noted_at=now.isoformat()))))


def _end(core: Core, going: Underway, told: Message) -> None:
    with core.database.begin() as db:
        marks.remove(db, [_MARK])
        outbox.put(db, Outgoing(f"read-again:{going.order}", told, person=going.person), core.now())


def _words(report: IngestReport) -> str:
    refused = len(report.refused)
    unread = f" {refused:,} could not be read." if refused else ""
    return (
        f"New documents: {report.added:,}; changed: {report.changed:,}; gone: {report.removed:,}; "
        f"as before: {report.unchanged:,}.{unread}"
    )
