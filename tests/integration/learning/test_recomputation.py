"""A turn's evidence, computed again from the ledger by somebody who shares no code with it.

The ledger here holds one kind of judgement (citation_up, grade 3), so the labels can be read off the rows.
"""

import json
import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from flywheel.measurement.turn import queue, turn
from tests.integration.learning.company import Habits, core_on, live
from tests.parts import migrated_sqlite

DEFAULT_ALPHA = 0.6
Rows = list[tuple[str, dict[str, float]]]


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[sqlite3.Connection, dict[str, Any]]]:
    """The raw ledger after a turn over 500 judgements, and the evidence."""
    folder: Path = tmp_path_factory.mktemp("recomputed")
    database = migrated_sqlite(folder)
    live(database, Habits(500))
    core = core_on(database)
    evidence = turn(core, queue(core, "test")).evidence
    raw = sqlite3.connect(database.url.removeprefix("sqlite:///"))
    yield raw, json.loads(json.dumps(evidence))
    raw.close()
    database.close()


def test_the_held_out_figures_follow_from_the_ledger(turned: tuple[sqlite3.Connection, dict[str, Any]]) -> None:
    raw, evidence = turned
    told = evidence["learners"]["reranker"]
    model = artefact(raw, told["challenger"]["id"])

    for place, question in enumerate(evidence["heldout"]["question_ids"]):
        rows, wanted = shortlist(raw, question), judged(raw, question)
        assert told["per_question"]["champion"][place] == pytest.approx(ndcg(by_fusion(rows), wanted), abs=1e-6)
        assert told["per_question"]["challenger"][place] == pytest.approx(ndcg(by_model(rows, model), wanted), abs=1e-6)


def test_the_decision_follows_from_the_held_out_figures(turned: tuple[sqlite3.Connection, dict[str, Any]]) -> None:
    _, evidence = turned
    told = evidence["learners"]["reranker"]
    gain = np.subtract(told["per_question"]["challenger"], told["per_question"]["champion"])

    low, high = interval(gain, np.array(evidence["heldout"]["persons"]))

    assert told["difference"] == pytest.approx(float(gain.mean()), abs=1e-6)
    assert (told["low"], told["high"]) == pytest.approx((low, high), abs=0.01)
    assert 30 <= len(gain) < 200
    assert told["decision"] == ("provisional" if gain.mean() > 0 and low > -0.01 else "held")


def test_nothing_held_out_was_trained_on(turned: tuple[sqlite3.Connection, dict[str, Any]]) -> None:
    raw, evidence = turned
    held_out = evidence["heldout"]["question_ids"]
    first = min(raw.execute("SELECT asked_at FROM question WHERE id = ?", (one,)).fetchone()[0] for one in held_out)

    earlier = raw.execute("SELECT count(*) FROM question WHERE asked_at < ?", (first,)).fetchone()[0]
    assert earlier >= evidence["n_train"]


def artefact(raw: sqlite3.Connection, release: str) -> dict[str, list[Any]]:
    return dict(json.loads(raw.execute('SELECT artefact FROM "release" WHERE id = ?', (release,)).fetchone()[0]))


def shortlist(raw: sqlite3.Connection, question: str) -> Rows:
    joined = "shortlist JOIN answer ON answer.id = answer_id"
    query = f"SELECT passage_id, features FROM {joined} WHERE question_id = ? ORDER BY rank"
    return [(passage, json.loads(features)) for passage, features in raw.execute(query, (question,))]


def judged(raw: sqlite3.Connection, question: str) -> set[str]:
    query = "SELECT kind, detail FROM signal JOIN answer ON answer.id = answer_id WHERE question_id = ?"
    acts = raw.execute(query, (question,)).fetchall()
    assert {kind for kind, _ in acts} == {"citation_up"}
    return {json.loads(detail)["passage_id"] for _, detail in acts}


def by_fusion(rows: Rows) -> list[str]:
    def fused(features: dict[str, float]) -> float:
        leaning = 0.1 * features["phrase_match"] - 0.2 * (1 - features["name_match"]) - 0.2 * (1 - features["route"])
        return DEFAULT_ALPHA * features["dense_norm"] + (1 - DEFAULT_ALPHA) * features["bm25_norm"] + leaning

    return [passage for passage, features in sorted(rows, key=lambda row: -fused(row[1]))]


def by_model(rows: Rows, model: dict[str, list[Any]]) -> list[str]:
    parts = list(zip(model["features"], model["mean"], model["scale"], model["weights"], strict=True))

    def score(features: dict[str, float]) -> float:
        return float(sum(weight * (features[name] - mean) / scale for name, mean, scale, weight in parts))

    return [passage for passage, features in sorted(rows, key=lambda row: -score(row[1]))]


def ndcg(order: list[str], wanted: set[str]) -> float:
    gains = [1 / math.log2(rank + 1) for rank, passage in enumerate(order[:10], start=1) if passage in wanted]
    return sum(gains) / sum(1 / math.log2(rank + 1) for rank in range(1, min(len(wanted), 10) + 1))


def interval(gain: Any, persons: Any) -> tuple[float, float]:
    """Resample persons, each with all their questions."""
    rng = np.random.default_rng(1)
    groups = [gain[persons == one] for one in np.unique(persons)]
    means = [
        np.concatenate([groups[one] for one in rng.integers(0, len(groups), len(groups))]).mean() for _ in range(4000)
    ]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
