"""Artefacts in memory, so that a question reads ids alone and a roll-back has nothing to load."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache

KEPT = 64
"""Artefacts in memory: the last five of each learner's releases, with room for a dozen learners."""


class Shelf:
    """Artefacts by release id; those that were used longest ago leave first.

    An id is the hash of its content, so what was verified once never goes stale.
    """

    def __init__(self, most: int = KEPT) -> None:
        """Start empty."""
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Mapping[str, object]] = OrderedDict()

    def find(self, release_id: str) -> Mapping[str, object] | None:
        """Return an artefact, or None where it is not kept."""
        with self._lock:
            if release_id in self._kept:
                self._kept.move_to_end(release_id)
            return self._kept.get(release_id)

    def put(self, release_id: str, artefact: Mapping[str, object]) -> None:
        """Keep a verified artefact."""
        with self._lock:
            self._kept[release_id] = artefact
            self._kept.move_to_end(release_id)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


@cache
def shelf() -> Shelf:
    """Return the shelf of this process."""
    return Shelf()
