"""What a challenger does on each part of the questions."""

from dataclasses import replace

import numpy as np
import pytest

from flywheel.learning.segments import of_trial, shrunk
from flywheel.learning.trial import Trial


def trial(gains: dict[str, tuple[float, int]], *, sd: float = 0.19) -> Trial:
    """Return a trial whose routes gain so much each, on so many questions, of 30 persons."""
    rng = np.random.default_rng(4)
    routes = [route for route, (_, count) in gains.items() for _ in range(count)]
    differences = np.concatenate([rng.normal(mean, sd, count) for mean, count in gains.values()])
    champion, seen = np.full(len(routes), 0.5), np.ones(len(routes), dtype=np.bool_)
    persons = np.arange(len(routes)) % 30
    return Trial("reranker", champion, champion + differences, persons, seen, segments={"route": tuple(routes)})


def worse(made: Trial) -> list[str]:
    """Return the segments that may be worse."""
    return [one.value for one in of_trial(made) if one.worse]


def test_a_route_that_loses_is_seen_among_others_that_gain() -> None:
    assert worse(trial({"documents": (0.08, 160), "code": (-0.08, 60)})) == ["code"]


def test_routes_that_all_gain_are_not_taken_for_worse() -> None:
    assert worse(trial({"documents": (0.08, 120), "code": (0.08, 40), "tables": (0.08, 40)})) == []


def test_a_few_unlucky_questions_are_no_evidence_of_harm() -> None:
    assert worse(trial({"documents": (0.08, 200), "code": (-0.05, 5)})) == []


def test_a_few_questions_that_all_fail_are() -> None:
    assert worse(trial({"documents": (0.08, 200), "code": (-0.6, 10)})) == ["code"]


def test_a_small_segment_is_told_of_as_few() -> None:
    few = {one.value: one.few for one in of_trial(trial({"documents": (0.1, 60), "code": (0.1, 20)}))}

    assert few == {"documents": False, "code": True}


def test_one_value_for_all_questions_makes_no_segments() -> None:
    assert of_trial(trial({"documents": (0.1, 60)})) == ()


def test_an_empty_value_is_no_segment() -> None:
    assert {one.value for one in of_trial(trial({"documents": (0.1, 40), "code": (0.1, 40), "": (0.1, 40)}))} == {
        "documents",
        "code",
    }


def test_seen_and_unseen_targets_are_segments() -> None:
    made = trial({"documents": (0.1, 80)})
    half = np.arange(80) < 40

    parts = of_trial(Trial("reranker", made.champion, made.challenger, made.persons, half))

    assert [(one.name, one.value, one.n) for one in parts] == [("targets", "seen", 40), ("targets", "unseen", 40)]


def test_equal_segments_are_all_taken_for_the_mean() -> None:
    estimates, low, high = shrunk(np.array([0.05, 0.05]), np.array([0.02, 0.02]))

    assert estimates == pytest.approx([0.05, 0.05])
    assert high - low == pytest.approx(2 * 1.96 * 0.02 / np.sqrt(2), rel=1e-3)


def test_a_segment_that_stands_out_keeps_most_of_its_difference() -> None:
    estimates, _, _ = shrunk(np.array([0.10, 0.10, -0.20]), np.array([0.01, 0.01, 0.02]))

    assert estimates[2] == pytest.approx(-0.20, abs=0.02)


@pytest.mark.filterwarnings("error")
def test_of_one_person_s_questions_no_part_is_told() -> None:
    made = trial({"documents": (0.1, 40), "code": (0.1, 40)})

    assert of_trial(replace(made, persons=np.zeros(80, dtype=np.int64))) == ()
