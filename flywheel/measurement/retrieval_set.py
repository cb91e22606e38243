"""Retrieval figures on a data set: BM25 alone, dense alone, and what really serves, question by question.

A data set is a folder with `queries.jsonl[.gz]` ({_id, text, split}) and `qrels.tsv` (query-id, corpus-id, score); its
corpus is indexed before. Intervals are 95 % percentile bootstraps over questions (Efron and Tibshirani 1993, §13.3);
that of a difference draws the same questions for both sides.

    better     the better one of BM25 and dense, by the metric's mean
    route      the retriever of the passages that a question wants, by the kinds that were indexed
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.measurement.questions import question_lines
from flywheel.model import RETRIEVER_OF, Audience
from flywheel.ports import Scored
from flywheel.retrieval.metrics import ndcg_at, recall_at, reciprocal_rank
from flywheel.retrieval.search import shortlist
from flywheel.store import documents, passages

DEPTH = 40
_DRAWS = 2_000
_SEED = 20_260_101
_METRICS: Mapping[str, Callable[[Sequence[str], Mapping[str, float]], float]] = {
    "ndcg@10": lambda ranking, relevance: ndcg_at(ranking, relevance, 10),
    "recall@5": lambda ranking, relevance: recall_at(ranking, relevance, 5),
    "mrr@10": lambda ranking, relevance: reciprocal_rank(ranking, relevance, 10),
}
_SERVING = "flywheel"
_SINGLES = ("bm25", "dense")

Ranker = Callable[[Core, str], list[str]]
Values = NDArray[np.float64]


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
        Judged(line["text"], relevance[str(line["_id"])])
        for line in question_lines(folder)
        if line.get("split") == split and str(line.get("_id")) in relevance
    ]
    if not judged:
        raise InvalidInput(f"{folder} has no judged questions in split {split!r}")
    return judged[:limit]


def measure(core: Core, questions: Sequence[Judged]) -> dict[str, Any]:
    """Return n, {ranker: {metric: {value, low, high}}}, `difference` and, where there is more than one, `routes`.

    `difference` has for each metric what serves less the better single index, with `better` naming that one. `routes`
    has the same figures for each route's questions.
    """
    values = _values(core, questions)
    figures = _figures(values, np.arange(len(questions)))
    routes = np.array(_routes(core, questions))
    if len(set(routes.tolist())) > 1:
        figures["routes"] = {
            route: _figures(values, np.flatnonzero(routes == route)) for route in sorted(set(routes.tolist()))
        }
    return figures


def table(figures: Mapping[str, Any]) -> str:
    """Return the figures as lines of text."""
    lines = _table_of(f"{figures['n']} questions", figures)
    for route, part in figures.get("routes", {}).items():
        lines += ["", *_table_of(f"{route}: {part['n']}", part)]
    return "\n".join(lines)


def _values(core: Core, questions: Sequence[Judged]) -> dict[str, dict[str, Values]]:
    """Return each ranker's value per metric and question, shape (n,)."""
    values = {}
    for name, ranker in _RANKERS.items():
        rankings = [ranker(core, one.text) for one in questions]
        values[name] = {
            metric: np.array([score(ids, one.relevance) for ids, one in zip(rankings, questions, strict=True)])
            for metric, score in _METRICS.items()
        }
    return values


def _figures(values: Mapping[str, Mapping[str, Values]], rows: NDArray[np.intp]) -> dict[str, Any]:
    figures: dict[str, Any] = {"n": len(rows)}
    for name, of_metrics in values.items():
        figures[name] = {metric: _interval(of_all[rows]) for metric, of_all in of_metrics.items()}
    figures["difference"] = {metric: _difference(values, metric, rows) for metric in _METRICS}
    return figures


def _difference(values: Mapping[str, Mapping[str, Values]], metric: str, rows: NDArray[np.intp]) -> dict[str, Any]:
    better = max(_SINGLES, key=lambda name: float(values[name][metric][rows].mean()))
    paired = values[_SERVING][metric][rows] - values[better][metric][rows]
    return {"better": better, **_interval(paired)}


def _routes(core: Core, questions: Sequence[Judged]) -> list[str]:
    """Return each question's route: that of most of what it wants; "none" where nothing of it is indexed."""
    wanted = sorted({one for question in questions for one in question.relevance})
    with core.database.read() as db:
        kinds = documents.kinds(db, wanted)
    found = []
    for question in questions:
        counted = Counter(RETRIEVER_OF[kinds[one]].value for one in question.relevance if one in kinds)
        found.append(counted.most_common(1)[0][0] if counted else "none")
    return found


def _table_of(title: str, figures: Mapping[str, Any]) -> list[str]:
    lines = [f"{title:<22}" + "".join(f"{metric:<36}" for metric in _METRICS)]
    for name in _RANKERS:
        lines.append(f"{name:<22}" + "".join(f"{_cell(one):<36}" for one in figures[name].values()))
    over = "".join(f"{_cell(one, '+') + ' over ' + one['better']:<36}" for one in figures["difference"].values())
    return [*lines, f"{'difference':<22}{over}".rstrip()]


def _cell(one: Mapping[str, Any], sign: str = "") -> str:
    return f"{one['value']:{sign}.3f} [{one['low']:{sign}.3f}, {one['high']:{sign}.3f}]"


def _relevance(file: Path) -> dict[str, dict[str, float]]:
    if not file.exists():
        raise InvalidInput(f"{file.parent} has no qrels.tsv; only retrieval sets can be measured")
    relevance: dict[str, dict[str, float]] = defaultdict(dict)
    with file.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text, delimiter="\t"):
            try:
                relevance[row["query-id"]][row["corpus-id"]] = float(row["score"])
            except (KeyError, TypeError, ValueError) as error:
                raise InvalidInput(f"{file} is no table of query-id, corpus-id and score: {error!r}") from error
    return dict(relevance)


def _bm25(core: Core, text: str) -> list[str]:
    return _external(core, core.words.match(text, Audience.everyone(), DEPTH))


def _dense(core: Core, text: str) -> list[str]:
    return _external(core, core.vectors.nearest(core.encoder.encode([text])[0], Audience.everyone(), DEPTH))


def _serving(core: Core, text: str) -> list[str]:
    return list(dict.fromkeys(hit.external_id for hit in shortlist(core, text, Audience.everyone(), DEPTH).hits))


_RANKERS: Mapping[str, Ranker] = {"bm25": _bm25, "dense": _dense, _SERVING: _serving}


def _external(core: Core, found: Sequence[Scored]) -> list[str]:
    with core.database.read() as db:
        names = {
            hit.passage_id: hit.external_id
            for hit in passages.hits(db, [one.passage_id for one in found], Audience.everyone())
        }
    return list(dict.fromkeys(names[one.passage_id] for one in found if one.passage_id in names))


def _interval(scores: Values) -> dict[str, float]:
    rng = np.random.default_rng(_SEED)
    means = scores[rng.integers(0, len(scores), (_DRAWS, len(scores)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return {"value": float(scores.mean()), "low": float(low), "high": float(high)}
