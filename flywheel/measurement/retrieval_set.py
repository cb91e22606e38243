"""Retrieval figures on a data set: BM25 alone, dense alone, and what really serves, question by question.

A data set is a folder with `queries.jsonl[.gz]` ({_id, text, split}) and `qrels.tsv` (query-id, corpus-id, score); its
corpus is indexed before. Intervals are 95 % percentile bootstraps over questions (Efron and Tibshirani 1993, §13.3).
"""

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.model import Audience
from flywheel.ports import Scored
from flywheel.retrieval.metrics import ndcg_at, recall_at, reciprocal_rank
from flywheel.retrieval.search import shortlist
from flywheel.store import passages

DEPTH = 40
_DRAWS = 2_000
_SEED = 20_260_101
_METRICS: Mapping[str, Callable[[Sequence[str], Mapping[str, float]], float]] = {
    "ndcg@10": lambda ranking, relevance: ndcg_at(ranking, relevance, 10),
    "recall@5": lambda ranking, relevance: recall_at(ranking, relevance, 5),
    "mrr@10": lambda ranking, relevance: reciprocal_rank(ranking, relevance, 10),
}

Ranker = Callable[[Core, str], list[str]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with the external ids that are relevant to it, and how much."""

    text: str
    relevance: Mapping[str, float]


def load(folder: Path, split: str, limit: int | None = None) -> list[Judged]:
    """Read the judged questions of one split.

    Raises:
        InvalidInput: the folder holds no retrieval set, or the split has no judged question.
    """
    relevance = _relevance(folder / "qrels.tsv")
    judged = [
        Judged(line["text"], relevance[line["_id"]])
        for line in _lines(folder)
        if line.get("split") == split and line["_id"] in relevance
    ]
    if not judged:
        raise InvalidInput(f"{folder} has no judged questions in split {split!r}")
    return judged[:limit]


def measure(core: Core, questions: Sequence[Judged]) -> dict[str, Any]:
    """Return {ranker: {metric: {value, low, high}}} and n."""
    figures: dict[str, Any] = {"n": len(questions)}
    for name, ranker in _RANKERS.items():
        rankings = [ranker(core, one.text) for one in questions]
        figures[name] = {
            metric: _interval([score(ranking, one.relevance) for ranking, one in zip(rankings, questions, strict=True)])
            for metric, score in _METRICS.items()
        }
    return figures


def table(figures: Mapping[str, Any]) -> str:
    """Return the figures as lines of text."""
    lines = [f"{figures['n']} questions" + " " * 6 + "".join(f"{metric:<26}" for metric in _METRICS)]
    for name in _RANKERS:
        cells = [f"{one['value']:.3f} [{one['low']:.3f}, {one['high']:.3f}]" for one in figures[name].values()]
        lines.append(f"{name:<18}" + "".join(f"{cell:<26}" for cell in cells))
    return "\n".join(lines)


def _relevance(file: Path) -> dict[str, dict[str, float]]:
    if not file.exists():
        raise InvalidInput(f"{file.parent} has no qrels.tsv; only retrieval sets can be measured")
    relevance: dict[str, dict[str, float]] = defaultdict(dict)
    with file.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text, delimiter="\t"):
            relevance[row["query-id"]][row["corpus-id"]] = float(row["score"])
    return dict(relevance)


def _lines(folder: Path) -> Iterator[Mapping[str, Any]]:
    for file in (folder / "queries.jsonl.gz", folder / "queries.jsonl"):
        if file.exists():
            opener = gzip.open if file.suffix == ".gz" else open
            with opener(file, "rt", encoding="utf-8") as text:
                yield from map(json.loads, text)
            return
    raise InvalidInput(f"{folder} has no queries.jsonl or queries.jsonl.gz")


def _bm25(core: Core, text: str) -> list[str]:
    return _external(core, core.words.match(text, Audience.everyone(), DEPTH))


def _dense(core: Core, text: str) -> list[str]:
    return _external(core, core.vectors.nearest(core.encoder.encode([text])[0], Audience.everyone(), DEPTH))


def _serving(core: Core, text: str) -> list[str]:
    return [hit.external_id for hit in shortlist(core, text, Audience.everyone(), DEPTH).hits]


_RANKERS: Mapping[str, Ranker] = {"bm25": _bm25, "dense": _dense, "flywheel": _serving}


def _external(core: Core, found: Sequence[Scored]) -> list[str]:
    with core.database.read() as db:
        names = {
            hit.passage_id: hit.external_id
            for hit in passages.hits(db, [one.passage_id for one in found], Audience.everyone())
        }
    return list(dict.fromkeys(names[one.passage_id] for one in found if one.passage_id in names))


def _interval(values: Sequence[float]) -> dict[str, float]:
    scores = np.asarray(values)
    rng = np.random.default_rng(_SEED)
    means = scores[rng.integers(0, len(scores), (_DRAWS, len(scores)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return {"value": float(scores.mean()), "low": float(low), "high": float(high)}
