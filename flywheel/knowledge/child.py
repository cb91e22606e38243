"""A child process that reads, for this one, what could hurt it: a request at a time, again and again until it fails.

One line of JSON goes to it, which says a `length`, and then that many bytes; one line of JSON comes back, never pickle.
One that hangs is killed. Whatever happens to it concerns the request at hand alone; its owner ends it then, and starts
another.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import flywheel
from flywheel.errors import HostileDocument

_STEP = 1 << 16


@dataclass(frozen=True, slots=True)
class Task:
    """What a child runs, and how much of it: `cpu_seconds` are those that it allows itself for a request."""

    module: str
    cpu_seconds: int
    longest_reply: int


class Child:
    """A running child; it has this process's interpreter and our package, and none of its tokens and keys."""

    def __init__(self, task: Task) -> None:
        """Start it."""
        self._task = task
        self._process = subprocess.Popen(  # noqa: S603  our own module
            [sys.executable, "-m", task.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )

    @property
    def has_ended(self) -> bool:
        """Tell whether it has died or gone home since it was last asked."""
        return self._process.poll() is not None

    def ask(self, request: Mapping[str, object], content: BinaryIO, patience: float) -> dict[str, Any]:
        """Send a request with `request["length"]` bytes of content, and return the reply, within `patience` seconds.

        Raises:
            HostileDocument: it hung or died over this one; end it.
        """
        hung = threading.Event()
        timer = threading.Timer(patience, self._kill, [hung])
        timer.start()
        try:
            return self._exchange(request, content)
        except (OSError, ValueError) as error:
            if hung.is_set():
                raise HostileDocument(f"took more than {patience:g} seconds to read") from error
            raise HostileDocument(f"its reader died{self._why()}") from error
        finally:
            timer.cancel()

    def end(self) -> None:
        """Kill it and let go of it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                _close(pipe)

    def _exchange(self, request: Mapping[str, object], content: BinaryIO) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        left = int(str(request["length"]))
        while left:
            step = content.read(min(_STEP, left)) or b" " * min(_STEP, left)  # the file has become shorter
            self._process.stdin.write(step)
            left -= len(step)
        self._process.stdin.flush()
        reply: dict[str, Any] = json.loads(self._process.stdout.readline(self._task.longest_reply))
        return reply

    def _kill(self, hung: threading.Event) -> None:
        hung.set()
        self._process.kill()

    def _why(self) -> str:
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return ": its reply was too long"
        worked = f" after {self._task.cpu_seconds} seconds of work"
        return worked if code == -signal.SIGXCPU else f" with code {code}"


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return  # what was still buffered for a child that is gone


def _environment() -> dict[str, str]:
    """Return the little a child needs; one thread each, since the machine has other work."""
    threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return {"PYTHONPATH": str(Path(flywheel.__file__).parents[1]), "PATH": os.defpath, "LC_ALL": "C.UTF-8", **threads}
