"""Bring knowledge in, or up to date: find, read, cut, encode, store; and forget what is gone.

    place    a path that was given
    batch    documents that are encoded together and stored in one unit of work, with the corpus version they make

Files are read ahead by child processes while the batch before is encoded, so encoding sets the pace. Killed anywhere,
the next run finds every stored batch unchanged and goes on behind it. A document that can no longer be read goes: a
stale text must not be cited. What lies below a folder that cannot be listed stays, because nobody looked.
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.knowledge import slack_ingest
from flywheel.knowledge.formats import Format
from flywheel.knowledge.identity import document_id
from flywheel.knowledge.pictures import Viewer
from flywheel.knowledge.policy import check_labels
from flywheel.knowledge.preparing import Prepared, Unchanged, prepare_file, prepare_record
from flywheel.knowledge.progress import Progress
from flywheel.knowledge.readers import Readers
from flywheel.knowledge.records import ListRecord, count_lines, records
from flywheel.knowledge.refreshing import Refresh
from flywheel.knowledge.source import Candidate, Place, Refusal, place_of, walk
from flywheel.store import documents, given_paths, support, verified

CHILDREN = 2
_READ_AHEAD = 4 * CHILDREN
_LINES = 256

Outcome = Prepared | Unchanged | Refusal


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did: documents, and the passages of those added and changed."""

    added: int
    changed: int
    unchanged: int
    removed: int
    refused: tuple[tuple[str, str], ...]
    passages: int
    seconds: float


def ingest(core: Core, paths: Sequence[Path], access: frozenset[str] | None, progress: Progress) -> IngestReport:
    """Add or refresh everything at the paths, and return what was done.

    `access` bounds who may read it (see `policy.py`); None leaves it to the folders, and without them to everybody.

    Raises:
        InvalidInput: no path, a path with nothing there, or a label of no known form. Nothing was stored.
    """
    started = time.monotonic()
    bound = None if access is None else check_labels(access)
    places = _places(core, paths)
    with core.database.begin() as db:
        support.keep_missing(db, verified.every(db))
    refresh = Refresh(core, progress)
    with _reading() as (pool, readers):
        for place in places:
            found = list(walk(place, bound))
            progress.expect(sum(_expected(one) for one in found))
            refresh.begin(place)
            for outcome in _outcomes(core, found, pool, readers, progress):
                refresh.take(outcome)
                _report(outcome, refresh, progress)
            refresh.finish()
            with core.database.begin() as db:
                given_paths.keep(db, str(place.path), bound, core.now())
    return IngestReport(
        added=refresh.added,
        changed=refresh.changed,
        unchanged=refresh.unchanged,
        removed=refresh.removed,
        refused=tuple((one.name, one.reason) for one in refresh.refused),
        passages=refresh.passages,
        seconds=time.monotonic() - started,
    )


def _places(core: Core, paths: Sequence[Path]) -> list[Place]:
    if not paths:
        raise InvalidInput("name at least one file or folder")
    with core.database.read() as db:
        known = documents.sources(db)
    places: list[Place] = []
    for path in paths:
        place = place_of(path, known)
        known |= {str(place.source)}
        if place not in places:
            places.append(place)
    return places


def _report(outcome: Outcome, refresh: Refresh, progress: Progress) -> None:
    """Report what could not be read of a document that is stored all the same."""
    for trouble in outcome.troubles if isinstance(outcome, Prepared) else ():
        progress.expect(1)
        refresh.take(trouble)


def _expected(found: Candidate | Refusal) -> int:
    if isinstance(found, Candidate) and found.format in {Format.JSONL, Format.SLACK}:
        return count_lines(found.path) if found.format is Format.JSONL else 0
    return 1


@contextmanager
def _reading() -> Iterator[tuple[ThreadPoolExecutor, Readers]]:
    """Give a pool whose threads each wait for a child; leaving it drops what was read ahead."""
    with Readers(CHILDREN) as readers:
        pool = ThreadPoolExecutor(CHILDREN, "reader")
        try:
            yield pool, readers
        finally:
            pool.shutdown(cancel_futures=True)


def _outcomes(
    core: Core,
    found: Sequence[Candidate | Refusal],
    pool: ThreadPoolExecutor,
    readers: Readers,
    progress: Progress,
) -> Iterator[Outcome]:
    """Yield what became of each file and line, in order; a few files ahead are being read meanwhile."""
    known, viewer = _known(core, found), Viewer(core)
    ahead: deque[Future[Outcome]] = deque()
    for one in found:
        if isinstance(one, Refusal):
            yield one
        elif one.format is Format.JSONL:
            yield from _list_outcomes(core, one)
        elif one.format is Format.SLACK:
            yield from slack_ingest.outcomes(core, one, progress)
        else:
            before = known.get(document_id(one.source, one.external_id))
            ahead.append(pool.submit(prepare_file, readers, viewer, one, before))
            if len(ahead) > _READ_AHEAD:
                yield ahead.popleft().result()
    while ahead:
        yield ahead.popleft().result()


def _known(core: Core, found: Iterable[Candidate | Refusal]) -> dict[str, str]:
    ids = [document_id(one.source, one.external_id) for one in found if isinstance(one, Candidate)]
    with core.database.read() as db:
        return documents.content_hashes(db, ids)


def _list_outcomes(core: Core, candidate: Candidate) -> Iterator[Outcome]:
    source = str(candidate.path)
    lines = records(candidate)
    while some := list(islice(lines, _LINES)):
        ids = [document_id(source, one.external_id) for one in some if isinstance(one, ListRecord)]
        with core.database.read() as db:
            known = documents.content_hashes(db, ids)
        for one in some:
            if isinstance(one, Refusal):
                yield one
            else:
                yield prepare_record(source, one, known.get(document_id(source, one.external_id)))
