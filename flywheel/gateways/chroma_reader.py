"""Search the Chroma generation that serves.

Opening takes seconds (a probe in a child process, then the import), so it happens on a thread of its own, and whoever
asks meanwhile is told that Chroma is not available. One process per folder: a lock says whose it is. A generation that
fails its probe or a search is quarantined for good; the next rebuild makes another.
"""

import fcntl
import logging
import os
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import IndexUnavailable
from flywheel.gateways.chroma_child import Task, run_child
from flywheel.gateways.chroma_client import Place, connect, disconnect, folder_of, open_collection, translated
from flywheel.ports import Scored
from flywheel.store import generations
from flywheel.store.database import Database
from flywheel.store.generations import Generation, IndexKind

LOCK_FILE = ".flywheel.lock"
_RETRY_SECONDS = 60
_LOG = logging.getLogger(__name__)


class ChromaReader:
    """One opened generation; it is only read."""

    def __init__(self, generation: Generation, place: Place, lock: int | None) -> None:
        """Open it; `lock` is the descriptor that keeps other processes out.

        Raises:
            IndexUnavailable: it cannot be opened, or holds another number of passages than were built.
        """
        self.id = generation.id
        self.version = generation.version
        self._lock = lock
        self._client: Any = connect(place)
        with translated():
            self._collection: Any = open_collection(self._client, place.collection)
            self._count = int(self._collection.count())
        if self._count != generation.passages:
            raise IndexUnavailable(f"Chroma holds {self._count} passages, not {generation.passages}")

    def nearest(self, vector: NDArray[np.float32], n: int) -> list[Scored]:
        """Return the `n` nearest of all passages in the generation, readable or not, by falling cosine.

        Raises:
            IndexUnavailable: Chroma failed.
        """
        with translated():
            found = self._collection.query(
                query_embeddings=[vector], n_results=max(1, min(n, self._count)), include=["distances"]
            )
        return [Scored(one, 1 - float(far)) for one, far in zip(found["ids"][0], found["distances"][0], strict=True)]

    def close(self) -> None:
        """Let go of the files and the lock."""
        disconnect(self._client)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class ChromaServing:
    """Keeps the reader of the generation that serves, and follows when another one is switched to."""

    def __init__(self, database: Database, encoder: str, home: Path | None, url: str | None) -> None:
        """Open nothing yet."""
        self._database = database
        self._encoder = encoder
        self._home = home
        self._url = url
        self._changing = threading.Lock()
        self._opening: threading.Thread | None = None
        self._reader: ChromaReader | None = None
        self._not_before = 0.0
        self._why = "not opened yet"

    def reader(self) -> ChromaReader:
        """Return the reader of the generation that serves.

        Raises:
            IndexUnavailable: there is none, it is being opened, another process holds it, or it is broken.
        """
        generation = self._generation()
        current = self._reader
        if current is not None and current.id == generation.id:
            return current
        with self._changing:
            idle = self._opening is None or not self._opening.is_alive()
            if idle and time.monotonic() >= self._not_before:
                self._opening = threading.Thread(target=self._try_open, args=(generation,), daemon=True)
                self._opening.start()
        raise IndexUnavailable(self._why)

    def open_now(self) -> ChromaReader:
        """Open the generation that serves and wait for it.

        Raises:
            IndexUnavailable: as `reader`.
        """
        self._try_open(self._generation())
        if self._reader is None:
            raise IndexUnavailable(self._why)
        return self._reader

    def refuse(self, reader: ChromaReader, reason: str) -> None:
        """Quarantine a generation that failed a search."""
        self._quarantine(reader.id, reason)
        with self._changing:
            if self._reader is reader:
                self._reader = None

    def describe(self) -> str:
        """Return which generation serves; empty when none does."""
        return f"chroma-{self._reader.id}@{self._reader.version}" if self._reader is not None else ""

    def close(self) -> None:
        """Close what is open."""
        if self._opening is not None:
            self._opening.join(timeout=_RETRY_SECONDS)
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _generation(self) -> Generation:
        with self._database.read() as db:
            generation = generations.serving(db, IndexKind.VECTORS, self._encoder)
        if generation is None:
            raise IndexUnavailable("no Chroma generation serves; `flywheel reindex` builds one")
        return generation

    def _try_open(self, generation: Generation) -> None:
        self._why = f"Chroma generation {generation.id} is being opened"
        try:
            lock = self._locked(generation)
        except IndexUnavailable as error:
            self._wait(str(error))
            return
        try:
            place = self._place(generation)
            if place.folder is not None:
                run_child(Task("probe", place))
            opened = ChromaReader(generation, place, lock)
        except IndexUnavailable as error:
            if lock is not None:
                os.close(lock)
            self._wait(str(error))
            if self._url is None:  # a server may come back; a broken folder does not
                self._quarantine(generation.id, str(error))
            return
        before, self._reader = self._reader, opened
        if before is not None:
            before.close()

    def _wait(self, why: str) -> None:
        self._why = why
        self._not_before = time.monotonic() + _RETRY_SECONDS

    def _place(self, generation: Generation) -> Place:
        if self._url is not None or self._home is None:
            return Place(generation.path, url=self._url)
        return Place("passages", folder=folder_of(self._home, generation.path))

    def _locked(self, generation: Generation) -> int | None:
        if self._url is not None or self._home is None:
            return None
        try:
            lock = os.open(self._home / generation.path / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            self._quarantine(generation.id, str(error))
            raise IndexUnavailable(f"Chroma generation {generation.id} is not there: {error}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise IndexUnavailable(f"another process holds Chroma generation {generation.id}") from error
        return lock

    def _quarantine(self, generation_id: str, reason: str) -> None:
        _LOG.warning("Chroma generation %s is broken and set aside until a rebuild: %s", generation_id, reason)
        with self._database.begin() as db:
            generations.quarantine(db, generation_id)
