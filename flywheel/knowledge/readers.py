"""Have documents parsed by child processes, so that no document can hurt this one.

A child is used again until it fails; one that hangs is killed after PATIENCE, one that dies is replaced, and either
way only the document at hand is refused. JSON goes both ways, never pickle. See `reading_child.py` for its limits.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

import flywheel
from flywheel.errors import BrokenDocument, HostileDocument, UnsupportedDocument
from flywheel.knowledge.blocks import Figure, Grid
from flywheel.knowledge.chunks import Piece
from flywheel.knowledge.formats import Format
from flywheel.model import Kind

PATIENCE = 30.0
"""Seconds after which a child that has not answered is killed."""

_LONGEST_REPLY = 60_000_000
_STEP = 1 << 16
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
        self._idle: SimpleQueue[_Child | None] = SimpleQueue()
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
            child = child or _Child()
            reply = child.ask({"format": fmt, "name": name, "length": length}, content, self._patience)
            alive = None if reply.get("last") else child
        finally:
            if child is not None and alive is None:
                child.end()
            self._idle.put(alive)
        if "error" in reply:
            raise _ERRORS[reply["error"]](reply["reason"])
        return _reading(reply)


class _Child:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flywheel.knowledge.reading_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )

    def ask(self, request: dict[str, object], content: BinaryIO, patience: float) -> dict[str, Any]:
        hung = threading.Event()
        timer = threading.Timer(patience, self._kill, [hung.set])
        timer.start()
        try:
            return self._exchange(request, content)
        except (OSError, ValueError) as error:
            if hung.is_set():
                raise HostileDocument(f"took more than {patience:g} seconds to read") from error
            raise HostileDocument(f"its reader died{self._why()}") from error
        finally:
            timer.cancel()

    def _exchange(self, request: dict[str, object], content: BinaryIO) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        left = int(str(request["length"]))
        while left:
            step = content.read(min(_STEP, left)) or b" " * min(_STEP, left)  # the file has become shorter
            self._process.stdin.write(step)
            left -= len(step)
        self._process.stdin.flush()
        reply: dict[str, Any] = json.loads(self._process.stdout.readline(_LONGEST_REPLY))
        return reply

    def _kill(self, tell: Callable[[], None]) -> None:
        tell()
        self._process.kill()

    def _why(self) -> str:
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return ": its reply was too long"
        return " after 20 seconds of work" if code == -signal.SIGXCPU else f" with code {code}"

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _close(pipe)


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return  # what was still buffered for a child that is gone


def _environment() -> dict[str, str]:
    """Return the little a child needs; tokens and keys stay here."""
    root = str(Path(flywheel.__file__).parents[1])
    return {"PYTHONPATH": root, "PATH": os.defpath, "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"}


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
