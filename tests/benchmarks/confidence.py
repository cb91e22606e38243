"""Fit and check the confidence of an answer.

    python -m tests.benchmarks.confidence --data FOLDER [--passages 3000] [--cache FILE]

One organisation's handbook (sourcegraph, of handbook_wiki) is indexed; its questions are asked, and as questions that
nothing answers those of the other three organisations, whose handbooks are left out, and questions of clinc150 about
anything at all. A question counts as answerable when a passage marked relevant is among the first five. Questions that
only an unmarked passage answers count against us, so the confidence errs on the careful side.

Coefficients are fitted on the train splits (logistic regression, Newton's method, a small L2 penalty) and judged on
dev: Brier score, AUC, and the calibration error over ten equal bins. The printed ones go into
`flywheel/answering/decide.py`.
"""

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flywheel.answering.context import understand
from flywheel.answering.decide import ANSWER_FROM, COEFFICIENTS, INTERCEPT, SIGNALS, signals
from flywheel.answering.evidence import gather
from flywheel.answering.unknown import unknown
from flywheel.core import Core
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.model import PUBLIC, Audience
from flywheel.retrieval.search import shortlist
from tests.benchmarks.company_answers import open_core

INSIDE = "sourcegraph:"
FIRST = 5
PENALTY = 0.3
QUESTIONS = {"train": (170, 85, 85), "dev": (70, 35, 45)}
"""Per split: questions of the indexed handbook, of the others, of no handbook."""

Table = NDArray[np.float64]


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a data file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def relevant(folder: Path) -> dict[str, set[str]]:
    """Return the relevant passages of each question."""
    found: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        question, passage, _ = line.split("\t")
        found.setdefault(question, set()).add(passage)
    return found


def corpus(folder: Path, count: int, rng: Random) -> list[dict[str, Any]]:
    """Return about `count` passages of the indexed handbook, all the relevant ones among them."""
    inside = [one for one in read(folder / "corpus.jsonl.gz") if one["doc_id"].startswith(INSIDE)]
    wanted = set().union(*relevant(folder).values())
    needed = [one for one in inside if one["_id"] in wanted]
    others = [one for one in inside if one["_id"] not in wanted]
    return needed + rng.sample(others, max(0, min(len(others), count - len(needed))))


def questions(data: Path, split: str, rng: Random) -> list[tuple[str, str]]:
    """Return (id, text) of a split's questions; the ids of those that nothing answers are empty."""
    asked = [one for one in read(data / "handbook_wiki" / "queries.jsonl.gz") if one["split"] == split]
    inside = [(one["_id"], one["text"]) for one in asked if one["doc_id"].startswith(INSIDE)]
    outside = [("", one["text"]) for one in asked if not one["doc_id"].startswith(INSIDE)]
    anything = [("", one["text"]) for one in read(data / "clinc150" / "queries.jsonl.gz") if one["split"] == split]
    groups = zip((inside, outside, anything), QUESTIONS[split], strict=True)
    return [one for group, count in groups for one in rng.sample(group, min(count, len(group)))]


def measured(core: Core, asked: Sequence[tuple[str, str]], qrels: Mapping[str, set[str]]) -> list[list[float]]:
    """Return a row per question: its signals, 1 if it names an unknown thing, 1 if the hits could answer it."""
    rows = []
    for question_id, text in asked:
        question = understand(text, "", (), None).question
        found = shortlist(core, question, Audience(frozenset({PUBLIC})), 40)
        evidence = gather(core.encoder, question, found.hits)
        values = signals(question, found.hits, evidence)
        first = {hit.external_id for hit in found.hits[:FIRST]}
        answerable = float(bool(first & qrels.get(question_id, set())))
        rows.append(
            [*(values.get(name, 0.0) for name in SIGNALS), float(bool(unknown(question, found.hits))), answerable]
        )
    return rows


def fitted(rows: Table) -> Table:
    """Return intercept and coefficients of the penalised logistic regression, over questions without unknown things."""
    rows = rows[rows[:, -2] == 0]
    inputs = np.column_stack([np.ones(len(rows)), rows[:, :-2]])
    weights = np.zeros(inputs.shape[1])
    penalty = np.diag([0.0] + [PENALTY] * len(SIGNALS))
    for _ in range(50):
        predicted = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (rows[:, -1] - predicted) - penalty @ weights
        curve = (inputs * (predicted * (1 - predicted))[:, None]).T @ inputs + penalty
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def report(name: str, rows: Table, weights: Table) -> None:
    """Print how good and how honest the confidence is."""
    predicted = 1 / (1 + np.exp(-(weights[0] + rows[:, :-2] @ weights[1:])))
    predicted[rows[:, -2] == 1] = 0.0
    truth = rows[:, -1]
    bins = np.minimum((predicted * 10).astype(int), 9)
    error = sum(
        abs(predicted[bins == one].mean() - truth[bins == one].mean()) * (bins == one).mean()
        for one in range(10)
        if (bins == one).any()
    )
    pairs = predicted[truth == 1][:, None] - predicted[truth == 0][None, :]
    answered = predicted >= ANSWER_FROM
    _say(
        f"{name}: n {len(rows)}, answerable {truth.mean():.1%}, Brier {np.mean((predicted - truth) ** 2):.3f}, "
        f"AUC {np.mean(pairs > 0) + np.mean(pairs == 0) / 2:.3f}, calibration error {error:.3f}; "
        f"at {ANSWER_FROM}: answers {answered[truth == 1].mean():.1%} of the answerable, "
        f"stays silent on {1 - answered[truth == 0].mean():.1%} of the others"
    )


def table(options: argparse.Namespace, split: str) -> Table:
    """Return a split's rows, measured now or read from the cache."""
    kept = Path(f"{options.cache}.{split}.json") if options.cache else None
    if kept and kept.exists():
        return np.array(json.loads(kept.read_text(encoding="utf-8")))
    rng = Random(20261121)
    core = _core(options, rng)
    rows = measured(core, questions(options.data, split, rng), relevant(options.data / "handbook_wiki"))
    if kept:
        kept.write_text(json.dumps(rows), encoding="utf-8")
    return np.array(rows)


def main(arguments: Sequence[str]) -> None:
    """Fit on train, judge on dev, and print the coefficients."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=3000)
    parser.add_argument("--home", type=Path, default=Path(tempfile.gettempdir()) / "confidence")
    parser.add_argument("--cache", type=Path)
    options = parser.parse_args(arguments)
    train, dev = table(options, "train"), table(options, "dev")
    weights = fitted(train)
    for name, weight in zip(("intercept", *SIGNALS), weights, strict=True):
        _say(f"    {name}: {weight:.2f}")
    report("train", train, weights)
    report("dev", dev, weights)
    served = np.array([INTERCEPT, *(COEFFICIENTS.get(name, 0.0) for name in SIGNALS)])
    report("dev, as served", dev, served)


def _core(options: argparse.Namespace, rng: Random) -> Core:
    options.home.mkdir(parents=True, exist_ok=True)
    lines = options.home / "corpus.jsonl"
    if not lines.exists():
        chosen = corpus(options.data / "handbook_wiki", options.passages, rng)
        lines.write_text("".join(json.dumps(one) + "\n" for one in chosen), encoding="utf-8")
    core = open_core(options.home)
    ingest(core, [lines], None, Silence())
    return core


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
