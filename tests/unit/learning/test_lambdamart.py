"""Boosted trees over the linear reranker."""

import json

import numpy as np
import pytest

from flywheel.curation.dataset import Group
from flywheel.learning import lambdamart, ranker
from flywheel.learning.ranking import Pipeline, evaluate, matrix
from flywheel.retrieval.features import FEATURES
from flywheel.retrieval.reranking import Reranker
from tests.unit.learning.groups import group, lesson, wanting

CHAMPION = Pipeline(0.6)


def bent(count: int, *, seed: int = 1) -> list[Group]:
    """Return groups in which the wanted passage is the one whose recency lies nearest one half: no line finds it."""
    rng = np.random.default_rng(seed)
    groups = []
    for number in range(count):
        rows = [{name: float(rng.uniform()) for name in FEATURES} for _ in range(8)]
        best = min(range(8), key=lambda n: abs(rows[n]["recency"] - 0.5))
        groups.append(group(number, rows, [3.0 if n == best else 0.0 for n in range(8)]))
    return groups


@pytest.fixture(scope="module")
def learned() -> dict[str, object]:
    """Return what is learned where a line is not enough."""
    return lambdamart.learned(bent(400), CHAMPION, 7)


def test_trees_find_what_no_line_can(learned: dict[str, object]) -> None:
    unseen = bent(80, seed=2)
    line = evaluate(ranker.replaced(ranker.learned(bent(400), CHAMPION), CHAMPION), unseen)

    assert evaluate(ranker.replaced(learned, CHAMPION), unseen).ndcg.mean() > line.ndcg.mean() + 0.2


def test_what_serves_gives_the_scores_that_lightgbm_gives() -> None:
    lightgbm = pytest.importorskip("lightgbm")
    train = bent(150)
    linear = ranker.learned(train, CHAMPION)
    values = tuple(matrix(one, FEATURES) for one in train)
    told = lambdamart._dataset(lambdamart._Taught(tuple(train), values, linear))
    booster = lightgbm.train(dict(lambdamart.PARAMETERS), told, num_boost_round=20)
    trees = [one["tree_structure"] for one in booster.dump_model()["tree_info"]]
    one = bent(1, seed=5)[0]

    served = Reranker.of(lambdamart._with_trees(linear, trees)).scores([row.features for row in one.candidates])

    line = Reranker.of(linear).scores([row.features for row in one.candidates])
    assert served - line == pytest.approx(booster.predict(matrix(one, FEATURES), raw_score=True), abs=1e-9)


def test_where_a_line_is_enough_hardly_anything_is_lost() -> None:
    train, unseen = wanting("title_overlap", 300, noise=0.3), wanting("title_overlap", 100, seed=2, noise=0.3)
    line = evaluate(ranker.replaced(ranker.learned(train, CHAMPION), CHAMPION), unseen).ndcg.mean()

    trees = ranker.replaced(lambdamart.learned(train, CHAMPION, 7), CHAMPION)

    assert evaluate(trees, unseen).ndcg.mean() > line - 0.02


def test_the_same_questions_give_the_same_hash(learned: dict[str, object]) -> None:
    assert lambdamart.export(lambdamart.learned(bent(400), CHAMPION, 7)) == lambdamart.export(learned)


def test_an_artefact_survives_being_stored_as_json(learned: dict[str, object]) -> None:
    rows = [one.features for one in bent(1, seed=6)[0].candidates]

    stored = json.loads(json.dumps(learned))

    assert Reranker.of(stored).scores(rows).tolist() == Reranker.of(learned).scores(rows).tolist()


def test_it_asks_for_a_thousand_questions() -> None:
    enough, why = lambdamart.enough(lesson(bent(20)))

    assert not enough
    assert "1000" in why


def test_without_any_trees_it_is_the_linear_reranker() -> None:
    linear = ranker.learned(bent(50), CHAMPION)
    rows = [one.features for one in bent(1, seed=6)[0].candidates]

    bare = Reranker.of(lambdamart._with_trees(linear, []))

    assert bare.scores(rows).tolist() == Reranker.of(linear).scores(rows).tolist()


def test_its_trial_sets_it_against_what_serves() -> None:
    made = lesson(bent(300), bent(60, seed=3))

    trial = lambdamart.evaluate(lambdamart.fit(made), made)

    assert trial.learner == lambdamart.NAME
    assert trial.challenger.mean() > trial.champion.mean()
