"""What fusion and reranker learn from groups whose truth is known."""

import numpy as np
import pytest

from flywheel.errors import ArtefactError
from flywheel.learning import fusion, ranker
from flywheel.learning.ranking import Pipeline, Table, evaluate, fused, matrix, ndcg
from flywheel.retrieval.closer_features import CLOSER
from flywheel.retrieval.features import FEATURES
from flywheel.retrieval.metrics import ndcg_at
from tests.unit.learning.groups import group, lesson, wanting

CHAMPION = Pipeline(0.6)


def test_ndcg_agrees_with_the_metric_that_retrieval_is_measured_by() -> None:
    rng = np.random.default_rng(2)
    grades = [0.0, 3.0, 0.0, 1.0, 2.0, 0.0]
    one, scores = group(1, [{}] * 6, grades), rng.uniform(size=6)
    ranking = [one.candidates[n].passage_id for n in np.argsort(-scores)]
    relevance = {each.passage_id: each.grade for each in one.candidates if each.grade}

    assert ndcg(one, scores) == pytest.approx(ndcg_at(ranking, relevance, 10))


def test_a_wanted_passage_that_was_not_listed_lowers_ndcg() -> None:
    whole = group(1, [{}, {}], [3.0, 0.0])
    partial = group(1, [{}, {}], [3.0, 0.0], missed=(3.0,))

    assert ndcg(partial, np.array([1.0, 0.0])) < ndcg(whole, np.array([1.0, 0.0])) == 1.0


def test_where_words_find_it_the_weight_goes_to_words() -> None:
    learned = fusion.learned(wanting("bm25_norm", 80, plain=True), CHAMPION)

    assert learned == {"alpha": 0.0}


def test_one_question_cannot_pull_the_weight_far_from_the_champion() -> None:
    near = group(1, [{"dense_norm": 1.0}, {"bm25_norm": 0.55}], [0.0, 3.0])
    champion = Pipeline(0.9)

    assert fusion.learned([near], champion) == {"alpha": 0.9}
    assert fusion.learned([near] * 400, champion) == {"alpha": 0.35}


def test_the_reranker_finds_the_feature_that_people_want() -> None:
    artefact = ranker.learned(wanting("title_overlap", 150, noise=0.1), CHAMPION)

    learned = zip(FEATURES, artefact["weights"], strict=True)  # type: ignore[call-overload]
    weights = {name: weight for name, weight in learned if name not in CLOSER}
    assert max(weights, key=lambda name: abs(weights[name])) == "title_overlap"


def test_the_reranker_beats_fusion_on_questions_it_has_not_seen() -> None:
    artefact = ranker.learned(wanting("title_overlap", 150), CHAMPION)
    unseen = wanting("title_overlap", 60, seed=2)

    gain = evaluate(ranker.replaced(artefact, CHAMPION), unseen).ndcg.mean() - evaluate(CHAMPION, unseen).ndcg.mean()

    assert gain > 0.3


def test_no_weights_nearby_have_a_smaller_loss() -> None:
    train = wanting("title_overlap", 40, noise=0.3)
    weights = np.array(ranker.learned(train, CHAMPION)["weights"])
    matrices = [matrix(one, FEATURES) for one in train]
    stacked = np.vstack(matrices)
    mean, scale = stacked.mean(axis=0), np.where(stacked.std(axis=0) > 0, stacked.std(axis=0), 1.0)
    pairs, importance = ranker._pairs(train, [(one - mean) / scale for one in matrices])
    start = ranker._slopes(CHAMPION) * scale

    nearby = [weights + step for step in 0.01 * np.vstack([np.eye(len(weights)), -np.eye(len(weights))])]

    least = ranker._loss(pairs, importance, weights, start)
    assert all(ranker._loss(pairs, importance, one, start) > least for one in nearby)


def test_where_people_agree_with_the_champion_its_order_stays() -> None:
    train = wanting("dense_norm", 120, plain=True)
    artefact = ranker.learned(train, Pipeline(1.0))

    assert evaluate(ranker.replaced(artefact, Pipeline(1.0)), train).ndcg.mean() > 0.98


def test_the_same_questions_teach_the_same_whether_or_not_a_reranker_serves() -> None:
    train = wanting("title_overlap", 100)
    first = ranker.learned(train, CHAMPION)

    assert ranker.learned(train, ranker.replaced(first, CHAMPION)) == first


@pytest.mark.parametrize("learner", [fusion, ranker], ids=lambda learner: learner.NAME)
def test_the_same_questions_give_the_same_hash(learner) -> None:  # type: ignore[no-untyped-def]
    first = learner.learned(wanting("phrase_match", 40), CHAMPION)
    second = learner.learned(wanting("phrase_match", 40), CHAMPION)

    assert learner.export(first) == learner.export(second)


def test_a_feature_that_never_varies_gets_no_weight() -> None:
    train = [group(n, [{"recency": 0.5, "rrf": 1.0}, {"recency": 0.5}], [3.0, 0.0]) for n in range(30)]

    artefact = ranker.learned(train, CHAMPION)

    assert dict(zip(FEATURES, artefact["weights"], strict=True))["recency"] == 0.0  # type: ignore[call-overload]


def test_a_weight_outside_of_0_to_1_is_refused() -> None:
    with pytest.raises(ArtefactError):
        fusion.replaced({"alpha": 1.5}, CHAMPION)


@pytest.mark.parametrize(("learner", "questions"), [(fusion, 20), (ranker, 100)])
def test_a_learner_says_how_many_questions_it_lacks(learner, questions: int) -> None:  # type: ignore[no-untyped-def]
    enough, why = learner.enough(lesson(wanting("route", questions - 1)))

    assert not enough
    assert str(questions) in why
    assert learner.enough(lesson(wanting("route", questions)))[0]


def test_many_groups_at_once_score_as_each_alone() -> None:
    groups = [
        *wanting("title_overlap", 20),
        group(90, [{"dense_norm": 0.4}, {"bm25_norm": 0.9}], [0.0, 2.0], missed=(3.0,)),
    ]

    together = Table.of(groups).ndcg(0.3)

    assert together == pytest.approx([ndcg(one, fused(one, 0.3)) for one in groups])
