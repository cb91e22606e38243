"""A `PictureReader` that has the work done by a child process, so that no picture can hurt this one.

One child at a time, started when first needed and used again until it fails or has not been asked for a minute; one
that hangs is killed after PATIENCE, one that dies is replaced, and either way only the picture at hand is refused.
JSON goes both ways, never pickle. See `picture_child.py` for its limits.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import flywheel
from flywheel.errors import BrokenDocument, HostileDocument

PATIENCE = 90.0
"""Seconds after which a child that has not answered is killed; its first picture includes loading the models."""

_LONGEST_REPLY = 4_000_000
_ERRORS = {error.__name__: error for error in (BrokenDocument, HostileDocument)}


class RapidPictureReader:
    """Read pictures one after the other, whatever the number of threads that ask."""

    def __init__(self, patience: float = PATIENCE) -> None:
        """Allow `patience` seconds for each picture; no process is started yet."""
        self._patience = patience
        self._child: _Child | None = None
        self._turn = threading.Lock()

    def words(self, picture: bytes) -> str:
        """Return the lines that are written in an image file, from top to bottom; empty when there are none.

        Raises:
            BrokenDocument: not an image that can be decoded.
            HostileDocument: more pixels, memory or time than a picture may take.
        """
        with self._turn:
            reply = self._ask(picture)
        if "error" in reply:
            raise _ERRORS[reply["error"]](reply["reason"])
        return "\n".join(str(line) for line in reply["lines"])

    def close(self) -> None:
        """End the child, if there is one; a later picture starts another."""
        with self._turn:
            self._end()

    def _ask(self, picture: bytes) -> dict[str, Any]:
        if self._child is not None and self._child.has_ended:
            self._end()
        self._child = self._child or _Child()
        answered = False
        try:
            reply = self._child.ask(picture, self._patience)
            answered = True
        finally:
            if not answered:
                self._end()
        return reply

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
        self._child = None


class _Child:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "flywheel.gateways.picture_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def ask(self, picture: bytes, patience: float) -> dict[str, Any]:
        hung = threading.Event()
        timer = threading.Timer(patience, self._kill, [hung])
        timer.start()
        try:
            return self._exchange(picture)
        except (OSError, ValueError) as error:
            if hung.is_set():
                raise HostileDocument(f"took more than {patience:g} seconds to read") from error
            raise HostileDocument(f"its reader died{self._why()}") from error
        finally:
            timer.cancel()

    def _exchange(self, picture: bytes) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"length": len(picture)}).encode() + b"\n" + picture)
        self._process.stdin.flush()
        reply: dict[str, Any] = json.loads(self._process.stdout.readline(_LONGEST_REPLY))
        return reply

    def _kill(self, hung: threading.Event) -> None:
        hung.set()
        self._process.kill()

    def _why(self) -> str:
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return ": its reply was too long"
        return " after 30 seconds of work" if code == -signal.SIGXCPU else f" with code {code}"

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
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return {"PYTHONPATH": root, "PATH": os.defpath, "LC_ALL": "C.UTF-8", **threads}
