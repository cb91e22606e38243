"""A `PictureReader` that has the work done by a child process, so that no picture can hurt this one.

One child at a time, started when first needed and used again until it fails or has not been asked for a minute; one
that hangs is killed after PATIENCE, one that dies is replaced, and either way only the picture at hand is refused.
See `knowledge/child.py` for what goes to it, `picture_child.py` for its limits.
"""

import threading
from io import BytesIO
from typing import Any

from flywheel.errors import BrokenDocument, HostileDocument
from flywheel.knowledge.child import Child, Task

PATIENCE = 90.0
"""Seconds after which a child that has not answered is killed; its first picture includes loading the models."""

CPU_SECONDS = 30
"""Processor seconds that one picture may take; 2 to 3 are common."""

_TASK = Task("flywheel.gateways.picture_child", CPU_SECONDS, longest_reply=4_000_000)
_ERRORS = {error.__name__: error for error in (BrokenDocument, HostileDocument)}


class RapidPictureReader:
    """Read pictures one after the other, whatever the number of threads that ask."""

    def __init__(self, patience: float = PATIENCE) -> None:
        """Allow `patience` seconds for each picture; no process is started yet."""
        self._patience = patience
        self._child: Child | None = None
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
        self._child = self._child or Child(_TASK)
        answered = False
        try:
            reply = self._child.ask({"length": len(picture)}, BytesIO(picture), self._patience)
            answered = True
        finally:
            if not answered:
                self._end()
        return reply

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
        self._child = None
