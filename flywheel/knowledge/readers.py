"""Have documents parsed by child processes, so that no document can hurt this one.

A child is used again until it fails; one that hangs is killed after PATIENCE, one that dies is replaced, and either
way only the document at hand is refused. See `child.py` for what goes to it, `reading_child.py` for its limits.
"""

from base64 import b64decode
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, BinaryIO

from flywheel.errors import BrokenDocument, HostileDocument, UnsupportedDocument
from flywheel.knowledge.blocks import Figure, Grid
from flywheel.knowledge.child import Child, Task
from flywheel.knowledge.chunks import Piece
from flywheel.knowledge.formats import Format
from flywheel.model import Kind

PATIENCE = 30.0
"""Seconds after which a child that has not answered is killed."""

CPU_SECONDS = 20
"""Processor seconds one document may take."""

_TASK = Task("flywheel.knowledge.reading_child", CPU_SECONDS, longest_reply=60_000_000)
_ERRORS = {error.__name__: error for error in (BrokenDocument, HostileDocument, UnsupportedDocument)}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says. `updated_at` is ISO 8601; what it does not say is None."""

    pieces: tuple[Piece, ...]
    title: str | None = None
    owner: str | None = None
    url: str | None = None
    updated_at: str | None = None
    grids: tuple[Grid, ...] = ()
    figures: tuple[Figure, ...] = ()


class Readers:
    """A pool of children. Use it as a context: leaving it ends them. `read` may be called from several threads."""

    def __init__(self, count: int, patience: float = PATIENCE) -> None:
        """Allow `count` children, started when first needed, `patience` seconds for each document."""
        self._patience = patience
        self._idle: SimpleQueue[Child | None] = SimpleQueue()
        for _ in range(count):
            self._idle.put(None)
        self._count = count

    def __enter__(self) -> "Readers":
        """Begin."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """End every child."""
        for _ in range(self._count):
            child = self._idle.get()
            if child is not None:
                child.end()

    def read(self, fmt: Format, name: str, content: BinaryIO, length: int) -> Reading:
        """Return what `length` bytes of a file say.

        Raises:
            DocumentError: broken, hostile or empty; the message is the reason.
        """
        child, alive = self._idle.get(), None
        try:
            child = child or Child(_TASK)
            reply = child.ask({"format": fmt, "name": name, "length": length}, content, self._patience)
            alive = None if reply.get("last") else child
        finally:
            if child is not None and alive is None:
                child.end()
            self._idle.put(alive)
        if "error" in reply:
            raise _ERRORS[reply["error"]](reply["reason"])
        return _reading(reply)


def _reading(reply: dict[str, Any]) -> Reading:
    pieces = tuple(
        Piece(
            str(one["text"]),
            Kind(one["kind"]),
            tuple(str(name) for name in one["heading_path"]),
            one["page"],
            one["line"],
            one["search_text"],
            {str(name): str(value) for name, value in one["detail"].items()},
        )
        for one in reply["pieces"]
    )
    grids = tuple(_grid(one) for one in reply["grids"])
    figures = tuple(_figure(one) for one in reply["figures"])
    return Reading(pieces, reply["title"], reply["owner"], reply["url"], reply["updated_at"], grids, figures)


def _grid(said: dict[str, Any]) -> Grid:
    rows = tuple(tuple(str(cell) for cell in row) for row in said["rows"])
    return Grid(**{**said, "head": tuple(said["head"]), "rows": rows, "heading_path": tuple(said["heading_path"])})


def _figure(said: dict[str, Any]) -> Figure:
    return Figure(**{**said, "content": b64decode(said["content"]), "heading_path": tuple(said["heading_path"])})
