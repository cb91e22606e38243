"""Build or probe a Chroma generation, in a process of its own.

    python -m flywheel.gateways.chroma_child    (one JSON request on stdin, one JSON reply on stdout)

Chroma can end its process with a segmentation fault when its files are damaged, so nobody else opens a generation that
this process has not probed. Requests: {action: build | probe, place: …, database_url, encoder, dimensions}; the reply
is {version, passages} or {error}.
"""

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from flywheel.errors import FlywheelError, IndexUnavailable
from flywheel.gateways.chroma_client import Place, connect, create, disconnect, open_collection, translated
from flywheel.store import embeddings, passages
from flywheel.store.database import Database

MANIFEST_FILE = "flywheel.json"
_BATCH = 2_000
_SAMPLE = 20
_SAME = 1e-3  # distance at which a vector has found itself, or its twin
_CHILD_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Task:
    """What a child is asked; `database_url`, `encoder` and `dimensions` only for a build."""

    action: str
    place: Place
    database_url: str = ""
    encoder: str = ""
    dimensions: int = 0


def run_child(task: Task) -> tuple[int, int]:
    """Run a task in a child process and return (corpus version, passages) of the generation.

    Raises:
        IndexUnavailable: the child failed, died or took longer than an hour.
    """
    command = [sys.executable, "-m", "flywheel.gateways.chroma_child"]
    try:
        done = subprocess.run(  # noqa: S603  our own module
            command, input=json.dumps(asdict(task)), capture_output=True, text=True, timeout=_CHILD_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise IndexUnavailable(f"Chroma did not finish to {task.action} within {_CHILD_SECONDS} s") from error
    if done.returncode != 0:
        raise IndexUnavailable(f"Chroma ended with {done.returncode} on {task.action}: {done.stderr.strip()[-500:]}")
    reply = json.loads(done.stdout.splitlines()[-1])
    if "error" in reply:
        raise IndexUnavailable(reply["error"])
    return int(reply["version"]), int(reply["passages"])


def main() -> None:
    """Read one task, do it, print the reply."""
    asked = json.loads(sys.stdin.read())
    task = Task(**{**asked, "place": Place(**asked["place"])})
    try:
        reply = _build(task) if task.action == "build" else _probe(task.place)
    except FlywheelError as error:
        reply = {"error": str(error)}
    sys.stdout.write(json.dumps(reply) + "\n")


def _build(task: Task) -> dict[str, object]:
    database = Database(task.database_url)
    with database.read() as db:
        version = passages.version(db)
        rows = embeddings.changed_since(db, task.encoder, 0, task.dimensions)
    database.close()
    client = connect(task.place)
    with translated():
        collection = create(client, task.place.collection)
        for start in range(0, len(rows.ids), _BATCH):
            part = slice(start, start + _BATCH)
            collection.add(ids=list(rows.ids[part]), embeddings=rows.matrix[part])
    _check_ids(collection, frozenset(rows.ids))
    _check_found(collection, rows.matrix)
    reply: dict[str, object] = {"version": version, "passages": len(rows.ids), "ids": _hash(rows.ids)}
    if task.place.folder is not None:
        disconnect(client)
        _seal(Path(task.place.folder), reply)
    return reply


def _probe(place: Place) -> dict[str, object]:
    """Check files, ids and a sample of searches against what the build wrote down."""
    assert place.folder is not None
    folder = Path(place.folder)
    try:
        manifest: dict[str, object] = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise IndexUnavailable(f"{folder} has no readable manifest: {error}") from error
    _check_files(folder)
    client = connect(place)
    with translated():
        collection = open_collection(client, place.collection)
        ids = _ids(collection)
        if _hash(ids) != manifest["ids"]:
            raise IndexUnavailable("the ids in Chroma are not those that were built")
        kept = collection.get(ids=sorted(ids)[:: max(1, len(ids) // _SAMPLE)], include=["embeddings"])
        _check_found(collection, np.asarray(kept["embeddings"], dtype=np.float32))
    disconnect(client)
    return manifest


def _check_files(folder: Path) -> None:
    """Look for the damage that was seen after kills: a torn database, a link list far larger than its vectors."""
    try:
        connection = sqlite3.connect(f"file:{folder / 'chroma.sqlite3'}?mode=ro", uri=True)
        verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
        connection.close()
    except sqlite3.Error as error:
        raise IndexUnavailable(f"Chroma's database cannot be read: {error}") from error
    if verdict != "ok":
        raise IndexUnavailable(f"Chroma's database is damaged: {verdict}")
    for links in folder.glob("*/link_lists.bin"):
        vectors = links.with_name("data_level0.bin")
        if not vectors.exists() or links.stat().st_size > vectors.stat().st_size:
            raise IndexUnavailable(f"{links} is larger than the vectors it links")


def _check_ids(collection: Any, expected: frozenset[str]) -> None:
    if _ids(collection) != expected:
        raise IndexUnavailable("the ids in Chroma are not those in SQL")


def _check_found(collection: Any, matrix: Any) -> None:
    """Ask for every vector and expect itself, or a twin, at distance 0."""
    for start in range(0, len(matrix), _BATCH):
        with translated():
            found = collection.query(
                query_embeddings=matrix[start : start + _BATCH], n_results=1, include=["distances"]
            )
        lost = sum(not nearest or nearest[0] > _SAME for nearest in found["distances"])
        if lost:
            raise IndexUnavailable(f"{lost} vectors in Chroma do not find themselves")


def _ids(collection: Any) -> frozenset[str]:
    with translated():
        return frozenset(collection.get(include=[])["ids"])


def _hash(ids: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()


def _seal(folder: Path, manifest: dict[str, object]) -> None:
    """Write the manifest and flush every file and folder to disk."""
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
    for path in [*folder.rglob("*"), folder, folder.parent]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


if __name__ == "__main__":
    main()
