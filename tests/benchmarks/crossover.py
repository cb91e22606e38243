"""From how many readable passages on is Chroma faster than an exact scan?

    python -m tests.benchmarks.crossover --vectors FILE.npy --sizes 10000,25000,50000,100000

Vectors are real ones, repeated with noise where a size needs more of them. Both engines are the product's. Prints the
medians over the queries in ms, one row per size.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from flywheel.gateways.chroma_client import Place, connect, create
from flywheel.gateways.exact_scan import Rows, scan
from flywheel.model import PUBLIC, Audience
from flywheel.ports import Vectors
from tests.benchmarks.corpora import say

_K = 60
_QUERIES = 60
_BATCH = 5_000
_NOISE = 0.03


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--vectors", type=Path, required=True)
    parser.add_argument("--sizes", default="10000,25000,50000,100000")
    given = parser.parse_args()
    real: Vectors = np.load(given.vectors, allow_pickle=False)
    say("rows | exact all | exact 50 % | exact 10 % | chroma all | chroma filter 10 % | recall@60")
    for size in (int(one) for one in given.sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            say(measure(grown(real, size), Path(folder)))


def grown(real: Vectors, size: int) -> Vectors:
    """Return `size` unit vectors: the real ones, then noisy copies of them."""
    rng = np.random.default_rng(0)
    copies = real[rng.integers(0, len(real), max(0, size - len(real)))]
    noisy = copies + rng.normal(0, _NOISE, copies.shape).astype(np.float32)
    vectors: Vectors = np.concatenate([real, noisy])[:size].astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def measure(vectors: Vectors, folder: Path) -> str:
    """Return one row of the table."""
    collection = create(connect(Place("passages", folder=str(folder))), "passages")
    ids = [f"p{place}" for place in range(len(vectors))]
    for start in range(0, len(ids), _BATCH):
        part = slice(start, start + _BATCH)
        labels = [{"tenth": int(one[1:]) % 10 == 0} for one in ids[part]]
        collection.add(ids=ids[part], embeddings=vectors[part], metadatas=labels)
    versions = np.ones(len(ids), dtype=np.int64)
    labels_of, kinds_of = np.zeros(len(ids), dtype=np.int32), np.zeros(len(ids), dtype=np.int8)
    rows = Rows(1, tuple(ids), vectors, (frozenset({PUBLIC}),), labels_of, kinds_of, versions)
    everything = rows.readable(Audience.everyone())
    half, tenth = np.arange(len(ids)) % 2 == 0, np.arange(len(ids)) % 10 == 0
    queries = vectors[np.random.default_rng(1).integers(0, len(vectors), _QUERIES)]

    def ask(vector: Vectors, where: dict[str, bool] | None = None) -> list[str]:
        found: list[str] = collection.query(query_embeddings=[vector], n_results=_K, where=where, include=[])["ids"][0]
        return found

    recall = statistics.mean(
        len({one.passage_id for one in scan(rows, query, everything, _K)} & set(ask(query))) / _K for query in queries
    )
    ways: list[Callable[[Vectors], object]] = [
        lambda query: scan(rows, query, everything, _K),
        lambda query: scan(rows, query, half, _K),
        lambda query: scan(rows, query, tenth, _K),
        ask,
        lambda query: ask(query, {"tenth": True}),
    ]
    times = [_median_ms(way, queries) for way in ways]
    return " | ".join([f"{len(ids):7}", *(f"{one:6.2f}" for one in times), f"{recall:.3f}"])


def _median_ms(way: Callable[[Vectors], object], queries: Vectors) -> float:
    times = []
    for query in queries:
        started = time.perf_counter()
        way(query)
        times.append((time.perf_counter() - started) * 1e3)
    return statistics.median(times)


if __name__ == "__main__":
    main()
