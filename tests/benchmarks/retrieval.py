"""How good is retrieval on a data folder: BM25 alone, dense alone, both as served.

    python -m tests.benchmarks.retrieval --data FOLDER … [--split dev] [--limit-corpus 4000] [--limit-queries 600]

Prints nDCG@10, recall@5, hit@1 and MRR@10 with the 95 % interval of nDCG@10 (bootstrap over questions), and the paired
difference between what serves and the better of the two. Several folders stand in one index, and each has its own
figures. No router is trained: every kind is searched. Vectors are kept in `--cache`, so a second run does not encode
again.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import gettempdir

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.gateways.encoder import open_encoder
from flywheel.model import Audience
from flywheel.retrieval.hybrid import DEPTH
from flywheel.retrieval.metrics import hit_at, ndcg_at, recall_at, reciprocal_rank
from flywheel.retrieval.search import shortlist
from tests.benchmarks import corpora
from tests.benchmarks.corpora import Query, say
from tests.benchmarks.rooms import room

_EVERYONE = Audience.everyone()
_DRAWS = 2_000


def main() -> None:
    """Measure data folders that share an index."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True, nargs="+")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--limit-corpus", type=int)
    parser.add_argument("--limit-queries", type=int)
    parser.add_argument("--cache", type=Path, default=Path(gettempdir()) / "flywheel-benchmarks")
    given = parser.parse_args()
    parts = [corpora.read(folder, open_encoder(), given.cache, given.limit_corpus) for folder in given.data]
    with room(corpora.together(parts)) as core:
        for part in parts:
            queries = [query for query in part.queries if query.split == given.split][: given.limit_queries]
            say(f"{part.name}: {len(part.lines)} passages, {len(queries)} questions of {given.split}")
            report([rank(core, query) for query in queries], queries)


def report(rankings: Sequence[dict[str, list[str]]], queries: Sequence[Query]) -> None:
    """Print a line for each way, and the difference."""
    of_ways = {way: [ranking[way] for ranking in rankings] for way in ("bm25", "dense", "hybrid")}
    for way, its in of_ways.items():
        say(row(way, its, queries))
    gained = {way: gains(its, queries) for way, its in of_ways.items()}
    better = max(("bm25", "dense"), key=lambda way: float(gained[way].mean()))
    paired = gained["hybrid"] - gained[better]
    low, high = interval(paired)
    say(f"hybrid - {better} {paired.mean():+.4f} [{low:+.3f}, {high:+.3f}]")


def rank(core: Core, query: Query) -> dict[str, list[str]]:
    """Return the three rankings of one question, as ids of lines."""
    vector = core.encoder.encode([query.text])[0]
    return {
        "bm25": [one.passage_id for one in core.words.match(query.text, _EVERYONE, DEPTH)],
        "dense": [one.passage_id for one in core.vectors.nearest(vector, _EVERYONE, DEPTH)],
        "hybrid": [hit.passage_id for hit in shortlist(core, query.text, _EVERYONE).hits],
    }


def row(name: str, rankings: Sequence[list[str]], queries: Sequence[Query]) -> str:
    """Return one line of the table."""
    pairs = [(ranking, query.relevant) for ranking, query in zip(rankings, queries, strict=True)]
    gained = gains(rankings, queries)
    low, high = interval(gained)
    recall = np.mean([recall_at(ranking, relevant, 5) for ranking, relevant in pairs])
    first = np.mean([hit_at(ranking, relevant, 1) for ranking, relevant in pairs])
    mean_reciprocal = np.mean([reciprocal_rank(ranking, relevant) for ranking, relevant in pairs])
    return (
        f"{name:7} nDCG@10 {gained.mean():.4f} [{low:.3f}, {high:.3f}]  recall@5 {recall:.4f}"
        f"  hit@1 {first:.4f}  MRR@10 {mean_reciprocal:.4f}"
    )


def gains(rankings: Sequence[list[str]], queries: Sequence[Query]) -> NDArray[np.float64]:
    """Return nDCG@10 of each question, shape (n,)."""
    return np.array([ndcg_at(ranking, query.relevant, 10) for ranking, query in zip(rankings, queries, strict=True)])


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % interval of the mean."""
    draws = np.random.default_rng(0).integers(0, len(values), (_DRAWS, len(values)))
    low, high = np.percentile(values[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    main()
