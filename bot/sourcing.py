"""Sources as administrators see them: what is known of each, reading one again, taking one out."""

from bot import rereading
from bot.blocks.admin_source import ON_A_PAGE, Source, counted_as, sources_view, unread_view
from bot.blocks.message import Block
from bot.blocks.text import inert
from bot.channeling import channel_of, named, source_id
from bot.face import Face
from flywheel.errors import InvalidInput, NotFound
from flywheel.knowledge import reread
from flywheel.store import audit, given_paths, source_states
from flywheel.store.database import Session
from flywheel.store.source_states import SourceState

_GONE = "This source is not there any more."
_SHOWN = 20


def listed(face: Face, number: int = 0, notice: str = "") -> Block:
    """Render a page of the sources."""
    with face.core.database.read() as db:
        every = source_states.every(db)
        pages = max(1, -(-len(every) // ON_A_PAGE))
        number = min(max(number, 0), pages - 1)
        rows = [_source(face, db, one) for one in every[number * ON_A_PAGE :][:ON_A_PAGE]]
    return sources_view(rows, number, pages, notice)


def unread(face: Face, name_id: str) -> Block:
    """Render what of a source could not be read."""
    with face.core.database.read() as db:
        found = _found(db, name_id)
        if found is None:
            return unread_view(_GONE, (), 0)
        rows = source_states.unread(db, found.name, _SHOWN)
    return unread_view(named(found.name), [(one.name, one.reason) for one in rows], found.refused)


def read_again(face: Face, name_id: str, person: str, key: str) -> str:
    """Have a source read again in a process of its own; return what to say."""
    with face.core.database.read() as db:
        found, going = _found(db, name_id), rereading.underway(db)
    if found is None:
        return _GONE
    if going is not None and going.order == key:
        return f"{inert(named(found.name))} is being read. I tell you in a direct message when it is done."
    refused = rereading.order(face.core, found.name, person, key)
    if refused:
        return refused
    face.read_again(key)
    return f"{inert(named(found.name))} is being read. I tell you in a direct message when it is done."


def take_out(face: Face, name_id: str, person: str) -> str:
    """Take a source out of the knowledge; return what to say. One that is gone already is said to be."""
    with face.core.database.read() as db:
        found, going = _found(db, name_id), rereading.underway(db)
    if found is None:
        return _GONE
    if going is not None and going.source == found.name and going.is_alive(face.core.now()):
        return "It is being read at the moment. Try again when that is done."
    if channel_of(found.name):
        return "Stop reading that channel in its settings: `/flywheel channels`."
    try:
        count = reread.take_out(face.core, found.name)
    except NotFound:
        return _GONE
    with face.core.database.begin() as db:
        audit.put(db, person, "source removed", found.name, face.core.now())
    return f"{inert(named(found.name))} is removed, with {counted_as(count, 'document')}."


def _found(db: Session, name_id: str) -> SourceState | None:
    return next((one for one in source_states.every(db) if source_id(one.name) == name_id), None)


def _source(face: Face, db: Session, one: SourceState) -> Source:
    given = given_paths.covering(given_paths.every(db), one.name)
    going = rereading.underway(db)
    try:
        reread.bound(db, one.name)
        why_not = ""
    except InvalidInput as refusal:
        why_not = str(refusal)
    return Source(
        id=source_id(one.name),
        name=named(one.name),
        documents=one.documents,
        passages=one.passages,
        oldest=one.oldest,
        newest=one.newest,
        changed=one.changed,
        read_at=given.at if given else None,
        unread=one.refused,
        why_not=why_not,
        channel=channel_of(one.name),
        going=_going(face, going) if going is not None and going.source == one.name else "",
    )


def _going(face: Face, going: rereading.Underway) -> str:
    if not going.is_alive(face.core.now()):
        return ""
    return f"Being read: {going.done:,} of {going.expected:,} documents" if going.expected else "Being read"
