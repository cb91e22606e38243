"""Find nearest passages by comparing the question with every vector one may read.

The vectors live in memory, read from SQL and brought up to date when the corpus version moves: only what changed is
read again. It is exact, survives whatever happens to an index, and for what one person may read it is usually the
fastest way too (see `dense_index`).
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from flywheel.model import Audience, Kind
from flywheel.ports import Kinds, Scored, Vectors
from flywheel.store import embeddings, passages
from flywheel.store.database import Database

_GATHER_BELOW = 0.3
"""Share of readable rows below which copying them is cheaper than multiplying all (tests/benchmarks/crossover.py)."""

_SHARE_FROM = 4_000
"""Rows from which on a second thread pays: at 10,000 it takes 0.68 instead of 1.22 ms, right after an encoding."""

_MASKS_KEPT = 256

KINDS = tuple(Kind)
"""Kinds in the order in which rows number them."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The vectors at one corpus version. Row i has id `ids[i]`, label set `label_sets[label_of[i]]` and a kind.

    `kind_of` holds places in `KINDS`.
    """

    version: int
    ids: tuple[str, ...]
    matrix: Vectors
    label_sets: tuple[frozenset[str], ...]
    label_of: NDArray[np.int32]
    kind_of: NDArray[np.int8]
    versions: NDArray[np.int64]
    masks: dict[tuple[frozenset[str], Kinds], NDArray[np.bool_]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    readable_kinds: dict[frozenset[str], frozenset[Kind]] = field(default_factory=dict)

    def readable(self, audience: Audience, kinds: Kinds = None) -> NDArray[np.bool_]:
        """Return which rows of some kinds the audience may read, shape (n,)."""
        known = self.masks.get((audience.labels, kinds))
        if known is not None:
            return known
        allowed = np.array([not one.isdisjoint(audience.labels) for one in self.label_sets], dtype=bool)
        mask = allowed[self.label_of] if len(self.ids) else np.zeros(0, dtype=bool)
        if kinds is not None:
            mask = mask & np.isin(self.kind_of, [place for place, kind in enumerate(KINDS) if kind in kinds])
        if len(self.masks) < _MASKS_KEPT:
            self.masks[audience.labels, kinds] = mask
        return mask

    def kinds(self, audience: Audience) -> frozenset[Kind]:
        """Return the kinds of passages of which the audience may read any."""
        known = self.readable_kinds.get(audience.labels)
        if known is None:
            counts = np.bincount(self.kind_of[self.readable(audience)], minlength=len(KINDS))
            known = frozenset(kind for kind, count in zip(KINDS, counts, strict=True) if count)
            if len(self.readable_kinds) < _MASKS_KEPT:
                self.readable_kinds[audience.labels] = known
        return known

    def place(self, passage_id: str) -> int | None:
        """Return the row of a passage, or None when it is not there (any more)."""
        if not self.places:
            self.places.update({one: place for place, one in enumerate(self.ids)})
        return self.places.get(passage_id)


class ExactScan:
    """A `VectorIndex` over all embeddings of one encoder. Safe to share between threads.

    Making one sets numpy's BLAS to one thread in this process: a product of a matrix and a vector is bound by memory,
    and OpenBLAS spins its other threads for it (10,000 rows on a busy machine of two cores: 0.3 ms with one thread,
    5.9 ms of CPU with two, 0.9 in numpy's own loop). A second thread of our own, which sleeps in between, takes half.
    """

    def __init__(self, database: Database, encoder: str, dimensions: int) -> None:
        """Read nothing yet; the first search, or `refresh`, does."""
        threadpool_limits(limits=1, user_api="blas")
        self._database = database
        self._encoder = encoder
        self._dimensions = dimensions
        self._refreshing = threading.Lock()
        self._aside = ThreadPoolExecutor(1, "scan") if (os.cpu_count() or 1) > 1 else None
        self._rows = _no_rows(dimensions)

    def nearest(self, vector: NDArray[np.float32], audience: Audience, k: int, kinds: Kinds = None) -> list[Scored]:
        """Return the `k` nearest passages of some kinds by falling cosine, in [-1, 1]; exact."""
        rows = self.refresh()
        return self.among(rows, vector, rows.readable(audience, kinds), k)

    def kinds(self, audience: Audience) -> frozenset[Kind]:
        """Return the kinds of passages of which the audience may read any."""
        return self.refresh().kinds(audience)

    def withheld(self, vector: NDArray[np.float32], audience: Audience, k: int) -> int:
        """Return how many of the `k` nearest of all passages the audience may not read, as of the last search."""
        rows = self._rows
        mask = rows.readable(audience)
        if mask.all():
            return 0
        everything = scan(rows, vector, np.ones(len(mask), dtype=bool), k, self._aside)
        return sum(not mask[place] for one in everything if (place := rows.place(one.passage_id)) is not None)

    def among(self, rows: Rows, vector: NDArray[np.float32], mask: NDArray[np.bool_], k: int) -> list[Scored]:
        """Return the `k` nearest of those of the rows that are in `mask`, best first."""
        return scan(rows, vector, mask, k, self._aside)

    def refresh(self) -> Rows:
        """Bring the rows up to the store's corpus version and return them."""
        current = passages.newest(self._database)
        if current == self._rows.version:
            return self._rows
        with self._refreshing:
            if current != self._rows.version:
                self._rows = self._loaded(self._rows)
            return self._rows

    def cosines(self, vector: NDArray[np.float32], passage_ids: Sequence[str]) -> dict[str, float]:
        """Return the cosine of those of the named passages that are here with the vector."""
        rows = self._rows
        placed = {one: place for one in passage_ids if (place := rows.place(one)) is not None}
        found = cosines(rows.matrix[list(placed.values())], vector)
        return dict(zip(placed, found.tolist(), strict=True))

    def describe(self) -> str:
        """Return what serves, for the log of versions."""
        return f"exact@{self._rows.version}"

    def _loaded(self, old: Rows) -> Rows:
        with self._database.read() as db:
            version = passages.version(db)
            after = old.version if version > old.version else 0  # a restored backup may be older than what is here
            removed = passages.removed_since(db, after) if after else []
            changed = embeddings.changed_since(db, self._encoder, after, self._dimensions)
        kept = _without(old, frozenset(removed) | frozenset(changed.ids)) if after else _no_rows(self._dimensions)
        return _with(kept, changed, version)


def scan(
    rows: Rows, vector: NDArray[np.float32], mask: NDArray[np.bool_], k: int, aside: Executor | None = None
) -> list[Scored]:
    """Return the `k` nearest of the rows in `mask`, best first; `aside` may take half of the work."""
    wanted = int(np.count_nonzero(mask))
    if wanted == 0:
        return []
    chosen = np.flatnonzero(mask) if wanted < _GATHER_BELOW * len(rows.ids) else None
    scores = cosines(rows.matrix if chosen is None else rows.matrix[chosen], vector, aside)
    if chosen is None and wanted < len(rows.ids):
        scores[~mask] = -np.inf
    count = min(k, wanted)
    top = np.argpartition(scores, -count)[-count:]
    top = top[np.argsort(-scores[top], kind="stable")]
    places = top if chosen is None else chosen[top]
    return [Scored(rows.ids[place], score) for place, score in zip(places.tolist(), scores[top].tolist(), strict=True)]


def cosines(matrix: Vectors, vector: NDArray[np.float32], aside: Executor | None = None) -> NDArray[np.float32]:
    """Return the cosine of each row with the vector; `aside` may take half of the work."""
    if aside is None or len(matrix) < _SHARE_FROM:
        alone: NDArray[np.float32] = matrix @ vector
        return alone
    products = np.empty(len(matrix), dtype=np.float32)
    half = len(matrix) // 2
    other = aside.submit(np.matmul, matrix[half:], vector, out=products[half:])
    np.matmul(matrix[:half], vector, out=products[:half])
    other.result()
    return products


def _no_rows(dimensions: int) -> Rows:
    empty = np.zeros((0, dimensions), dtype=np.float32)
    nothing = np.zeros(0, dtype=np.int32)
    return Rows(0, (), empty, (), nothing, nothing.astype(np.int8), nothing.astype(np.int64))


def _without(rows: Rows, gone: frozenset[str]) -> Rows:
    keep = np.array([one not in gone for one in rows.ids], dtype=bool)
    if keep.all():
        return rows
    ids = tuple(one for one, stays in zip(rows.ids, keep, strict=True) if stays)
    columns = (rows.label_of[keep], rows.kind_of[keep], rows.versions[keep])
    return Rows(rows.version, ids, rows.matrix[keep], rows.label_sets, *columns)


def _with(rows: Rows, changed: embeddings.LabelledVectors, version: int) -> Rows:
    places = {one: place for place, one in enumerate(rows.label_sets)}
    label_of = [places.setdefault(one, len(places)) for one in changed.labels]
    return Rows(
        version,
        rows.ids + changed.ids,
        np.concatenate([rows.matrix, changed.matrix]),
        tuple(places),
        np.concatenate([rows.label_of, np.array(label_of, dtype=np.int32)]),
        np.concatenate([rows.kind_of, np.array([KINDS.index(Kind(one)) for one in changed.kinds], dtype=np.int8)]),
        np.concatenate([rows.versions, np.array(changed.versions, dtype=np.int64)]),
    )
