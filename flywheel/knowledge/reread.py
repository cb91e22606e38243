"""Read a source again as it was read before, or take it out of the knowledge.

Who may read a source's documents is bounded by what the command said that brought them. It is kept with the path, since
reading again without it would show them to everybody; where it is not known, nobody reads again from Slack.
"""

from pathlib import Path

from flywheel.core import Core
from flywheel.errors import InvalidInput, NotFound
from flywheel.knowledge.ingest import IngestReport, ingest
from flywheel.knowledge.progress import Progress
from flywheel.model import PUBLIC
from flywheel.store import documents, given_paths, source_states
from flywheel.store.database import Session

_AT_ONCE = 256


def bound(db: Session, source: str) -> frozenset[str] | None:
    """Return the access that a source was last read with; None leaves it to its folders.

    Raises:
        InvalidInput: it is no path, or it is not known how it may be read again; the message says what to do.
    """
    if not source.startswith("/"):
        raise InvalidInput("this source is not a file or folder that can be read again")
    given = given_paths.every(db)
    last, parts = given_paths.covering(given, source), given_paths.inside(given, source)
    if last is None and source_states.labels(db, [source]) - {PUBLIC}:
        raise InvalidInput(f"nobody noted who may read it; run flywheel index {source} --access … once")
    access = last.access if last else None
    if any(one.access != access for one in parts):  # they are newer: reading the whole forgets them
        raise InvalidInput("parts of it were read for other people than the rest; run flywheel index for each part")
    return None if access is None else frozenset(access)


def read_again(core: Core, source: str, progress: Progress) -> IngestReport:
    """Bring a source up to date.

    Raises:
        InvalidInput: it cannot be read again (`bound`), or there is nothing at its path any more.
    """
    with core.database.read() as db:
        access = bound(db, source)
    return ingest(core, [Path(source)], access, progress)


def take_out(core: Core, source: str) -> int:
    """Remove a source with all its documents; return how many there were. What is gone already is no error.

    Raises:
        NotFound: there is no such source.
    """
    with core.database.read() as db:
        known = {one.name for one in source_states.every(db)}
        ids = [document_id for document_id, _ in documents.in_source(db, source)]
        refused = [one.external_id for one in documents.refused(db) if one.source == source[-512:]]
    if source not in known:
        raise NotFound("there is no such source any more")
    for start in range(0, len(ids), _AT_ONCE):
        with core.database.begin() as db:
            documents.remove(db, ids[start : start + _AT_ONCE], version=documents.advance_corpus(db))
    with core.database.begin() as db:
        documents.accept(db, source, refused)
        given_paths.forget(db, source)
    return len(ids)
