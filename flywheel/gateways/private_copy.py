"""A process's own copy of an index generation, made of hard links, gone when the process is.

A generation is never written in place. tantivy writes new segment files beside old ones and replaces its `*.json`
files, so linked segments and copied JSON make a copy that can be written without touching the original. A lock held for
the life of the process tells a living copy from one that a killed process left behind.
"""

import fcntl
import os
import shutil
import uuid
from pathlib import Path

_PREFIX = "live-"
_LOCK = ".owner.lock"


class PrivateCopy:
    """A copy of one generation's folder under `parent`, for this process alone."""

    def __init__(self, parent: Path, generation: Path) -> None:
        """Name the copy; `make` makes it."""
        self.name = generation.name
        self._generation = generation
        self._folder = parent / f"{_PREFIX}{uuid.uuid4().hex}"
        self._lock: int | None = None

    def make(self) -> Path:
        """Copy the generation and return the copy's folder; copies of dead processes are removed on the way.

        Raises:
            OSError: the generation is not there, or the disk is full.
        """
        sweep(self._folder.parent)
        unseen = self._folder.with_name(f".{self._folder.name}")  # until it is locked, for the sake of `sweep`
        unseen.mkdir(parents=True)
        self._lock = os.open(unseen / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        unseen.rename(self._folder)
        for path in self._generation.iterdir():
            _place(path, self._folder / path.name)
        return self._folder

    def remove(self) -> None:
        """Delete the copy."""
        shutil.rmtree(self._folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def sweep(parent: Path) -> None:
    """Remove the copies whose processes are gone."""
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            lock = os.open(folder / _LOCK, os.O_RDWR)
        except FileNotFoundError:
            continue  # being made, or being removed, by another process
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            pass  # its process lives
        finally:
            os.close(lock)


def _place(source: Path, target: Path) -> None:
    if source.suffix in {".json", ".lock"}:
        if source.suffix == ".json":
            shutil.copyfile(source, target)
        return
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(source, target)
