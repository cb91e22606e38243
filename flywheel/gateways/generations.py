"""Build index generations from SQL, aside, and switch to them.

    build beside what serves → compare id by id with SQL → flush to disk → one row switches

Processes that search follow by themselves. A process killed on the way costs only that build: what it left is deleted
by the next rebuild, which also keeps the two newest superseded generations of each kind.
"""

import os
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flywheel.errors import IndexUnavailable
from flywheel.gateways import tantivy_index
from flywheel.gateways.chroma_child import Task, run_child
from flywheel.gateways.chroma_client import Place, connect, folder_of, translated
from flywheel.gateways.dense_index import CROSSOVER
from flywheel.gateways.tantivy_index import WORDS_FORMAT
from flywheel.ports import Encoder
from flywheel.store import generations, passages
from flywheel.store.database import Database, Session
from flywheel.store.generations import Generation, IndexKind

_KEEP = 2
_SIDE_SHARE = 0.05
_SIDE_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Parts:
    """What a rebuild needs. `vectors_from` is the number of passages from which a Chroma generation is built at all."""

    database: Database
    encoder: Encoder
    home: Path
    now: Callable[[], datetime]
    chroma_url: str | None = None
    vectors_from: int = CROSSOVER


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The generations that serve now; no Chroma generation where an exact scan is always the faster one."""

    words: Generation
    vectors: Generation | None


def rebuild(parts: Parts) -> Rebuilt:
    """Build both indexes anew and switch to them. Passages without a vector under the encoder are left out of one.

    Raises:
        IndexUnavailable: a build failed or did not pass its check; what served goes on serving.
    """
    words = _build_words(parts)
    with parts.database.read() as db:
        count = passages.count(db)
    vectors = _build_vectors(parts) if count >= max(1, parts.vectors_from) else None
    for kind in IndexKind:
        _delete_superseded(parts, kind)
    return Rebuilt(words, vectors)


def worth_rebuilding(parts: Parts) -> bool:
    """Tell whether what the generations do not hold passes 5 % of the corpus or 2,000 passages."""
    with parts.database.read() as db:
        total = passages.count(db)
        kinds = [(IndexKind.WORDS, WORDS_FORMAT)]
        if total >= max(1, parts.vectors_from):
            kinds.append((IndexKind.VECTORS, parts.encoder.name))
        sides = [_side(generations.serving(db, kind, encoder), total, db) for kind, encoder in kinds]
    return max(sides) > min(_SIDE_SHARE * total, _SIDE_MOST)


def _build_words(parts: Parts) -> Generation:
    generation = _begin(parts, IndexKind.WORDS, WORDS_FORMAT)
    folder = parts.home / generation.path
    folder.mkdir(parents=True)
    try:
        version, count = tantivy_index.build(parts.database, folder)
    except (ValueError, OSError) as error:
        raise IndexUnavailable(f"the lexical index cannot be written: {error}") from error
    with parts.database.read() as db:
        if passages.version(db) == version and passages.ids(db) != tantivy_index.stored_ids(folder):
            raise IndexUnavailable("the ids in the lexical index are not those in SQL")
    _flush(folder)
    return _finish(parts, generation, version, count)


def _build_vectors(parts: Parts) -> Generation:
    generation = _begin(parts, IndexKind.VECTORS, parts.encoder.name)
    if parts.chroma_url is None:
        place = Place("passages", folder=folder_of(parts.home, generation.path))
        (parts.home / generation.path).mkdir(parents=True)
    else:
        place = Place(generation.path, url=parts.chroma_url)
    url = parts.database.engine.url.render_as_string(hide_password=False)
    version, count = run_child(Task("build", place, url, parts.encoder.name, parts.encoder.dimensions))
    return _finish(parts, generation, version, count)


def _begin(parts: Parts, kind: IndexKind, encoder: str) -> Generation:
    name = f"{kind.value}-{uuid.uuid4().hex[:12]}"
    on_server = kind is IndexKind.VECTORS and parts.chroma_url is not None
    path = f"flywheel-{name}" if on_server else f"index/{name}"
    generation = Generation(name, kind, encoder, path, version=0, passages=0, built_at=parts.now())
    with parts.database.begin() as db:
        generations.put(db, generation)
    return generation


def _finish(parts: Parts, generation: Generation, version: int, count: int) -> Generation:
    built = replace(generation, version=version, passages=count)
    with parts.database.begin() as db:
        generations.switch(db, built)
    return built


def _delete_superseded(parts: Parts, kind: IndexKind) -> None:
    with parts.database.read() as db:
        old = generations.superseded(db, kind, keep=_KEEP)
    for generation in old:
        _delete(parts, generation)
        with parts.database.begin() as db:
            generations.forget(db, generation.id)


def _delete(parts: Parts, generation: Generation) -> None:
    if generation.path.startswith("index/"):
        shutil.rmtree(parts.home / generation.path, ignore_errors=True)
        return
    if parts.chroma_url is None:
        return  # on a server that is no longer configured
    client = connect(Place(generation.path, url=parts.chroma_url))
    with translated():
        if generation.path in {one.name for one in client.list_collections()}:
            client.delete_collection(generation.path)


def _side(generation: Generation | None, total: int, db: Session) -> int:
    return total if generation is None else passages.count(db, after=generation.version)


def _flush(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder, folder.parent]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
