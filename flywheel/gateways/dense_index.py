"""Choose, for each question, between an exact scan and Chroma.

Chroma takes over only where it is the faster one: from `CROSSOVER` readable passages on, and when most of the corpus is
readable, since a filter costs Chroma more than it saves (docs/measurements.md). Its generation is never written to:
passages newer than it come from an exact scan over just those, and whatever was removed or closed to the audience since
is dropped by the rows in memory. If Chroma fails in any way, the exact scan answers.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import IndexUnavailable
from flywheel.gateways.chroma_reader import ChromaReader, ChromaServing
from flywheel.gateways.exact_scan import ExactScan, Rows, scan
from flywheel.model import Audience, Kind
from flywheel.ports import Encoder, Kinds, Scored
from flywheel.store.database import Database

CROSSOVER = 25_000
"""Readable passages from which on Chroma is asked: there an exact scan takes the 2.1 ms that Chroma takes.

tests/benchmarks/crossover.py, two shared cores, medians of 60 questions for the 60 nearest, in ms: exact 1.0, 1.8, 2.4,
4.1 at 10,000, 20,000, 30,000, 50,000 rows; Chroma 1.3 to 1.9 at all of them, and 0.3 for looking up what serves. A
filter costs Chroma 15 to 28 ms, so that it is never given one.
"""

_MOST = 0.5
"""Share of the corpus that must be readable: below it an exact scan of the readable rows is cheaper than a filter."""

_SPARE = 1.5  # asked for beyond what the share of readable rows calls for
_LOG = logging.getLogger(__name__)


class DenseIndex:
    """A `VectorIndex` over all embeddings of one encoder. Safe to share between threads."""

    def __init__(
        self,
        database: Database,
        encoder: Encoder,
        *,
        home: Path | None = None,
        chroma_url: str | None = None,
        crossover: int = CROSSOVER,
    ) -> None:
        """Read nothing yet. Without `home` and `chroma_url` every search is an exact scan."""
        self._exact = ExactScan(database, encoder.name, encoder.dimensions)
        self._crossover = crossover
        self._serving = (
            None if home is None and chroma_url is None else ChromaServing(database, encoder.name, home, chroma_url)
        )
        self._state = ""

    def nearest(self, vector: NDArray[np.float32], audience: Audience, k: int, kinds: Kinds = None) -> list[Scored]:
        """Return up to `k` passages of some kinds by falling cosine, in [-1, 1]."""
        rows = self._exact.refresh()
        mask = rows.readable(audience, kinds)
        readable = int(mask.sum())
        if self._serving is not None and readable >= max(self._crossover, _MOST * len(rows.ids), 1):
            found = self._through_chroma(self._serving, rows, Wanted(vector, mask, k))
            if found is not None:
                return found
        return self._exact.among(rows, vector, mask, k)

    def cosines(self, vector: NDArray[np.float32], passage_ids: Sequence[str]) -> dict[str, float]:
        """Return the cosine of those of the named passages that are known with the vector; exact."""
        return self._exact.cosines(vector, passage_ids)

    def kinds(self, audience: Audience) -> frozenset[Kind]:
        """Return the kinds of passages of which the audience may read any."""
        return self._exact.kinds(audience)

    def withheld(self, vector: NDArray[np.float32], audience: Audience, k: int) -> int:
        """Return how many of the `k` nearest of all passages the audience may not read; exact."""
        return self._exact.withheld(vector, audience, k)

    def refresh(self) -> None:
        """Load what changed, so that the first question need not wait for it."""
        self._exact.refresh()

    def describe(self) -> str:
        """Return what serves, for the log of versions."""
        chroma = self._serving.describe() if self._serving is not None else ""
        return "+".join(part for part in (self._exact.describe(), chroma) if part)

    def close(self) -> None:
        """Let go of Chroma's files and lock."""
        if self._serving is not None:
            self._serving.close()

    def _through_chroma(self, serving: ChromaServing, rows: Rows, wanted: "Wanted") -> list[Scored] | None:
        try:
            reader = serving.reader()
        except IndexUnavailable as error:
            self._say(f"exact scan instead of Chroma: {error}")
            return None
        try:
            return merged(reader, rows, wanted)
        except IndexUnavailable as error:
            serving.refuse(reader, str(error))
            return None

    def _say(self, state: str) -> None:
        if state != self._state:  # once per state, not once per question
            _LOG.warning(state)
            self._state = state


@dataclass(frozen=True, slots=True)
class Wanted:
    """The `k` nearest to a vector, shape (dimensions,), among the rows of a mask, shape (n,)."""

    vector: NDArray[np.float32]
    mask: NDArray[np.bool_]
    k: int


def merged(reader: ChromaReader, rows: Rows, wanted: Wanted) -> list[Scored] | None:
    """Return the nearest of the generation and of the rows newer than it, or None when the mask leaves too few.

    Chroma is asked unfiltered, for more than `k`, so that the mask still leaves `k`.

    Raises:
        IndexUnavailable: Chroma failed.
    """
    newer = rows.versions > reader.version
    old = wanted.mask & ~newer
    share = max(float(old.mean()), _MOST)
    found = reader.nearest(wanted.vector, int(wanted.k / share * _SPARE) + 1)
    kept = [one for one in found if (place := rows.place(one.passage_id)) is not None and old[place]]
    if len(kept) < min(wanted.k, int(old.sum())):
        return None
    side = scan(rows, wanted.vector, wanted.mask & newer, wanted.k)
    return sorted([*kept, *side], key=lambda one: -one.score)[: wanted.k]
