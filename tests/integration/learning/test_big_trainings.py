"""Both towers and a fine-tuned cross-encoder become challengers once their trainings have finished."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from flywheel.curation.dataset import Candidate, Dataset, Group
from flywheel.curation.split import Split
from flywheel.gateways.exact_scan import ExactScan
from flywheel.knowledge.embedding import encode_missing
from flywheel.knowledge.progress import Silence
from flywheel.learning import cross_encoder_training, material, towers
from flywheel.learning.lesson import Lesson
from flywheel.ports import Encoder, PairScorer, VectorIndex
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.features import FEATURES, SCORES
from flywheel.retrieval.fusion import DEFAULT_ALPHA
from flywheel.store import training_jobs
from flywheel.store.database import Database
from flywheel.store.ledger import Ledger
from tests.parts import MOMENT, HashingEncoder, know, make_core


@dataclass(frozen=True)
class Keeping(HashingEncoder):
    """An encoder that keeps one trained model, which encodes as it does under another name."""

    def model(self, name: str) -> Encoder:
        """Return the trained model."""
        return HashingEncoder(name)

    def index(self, database: Database, name: str) -> VectorIndex:
        """Return a scan of the passages under the trained model."""
        return ExactScan(database, name, self.dimensions)


@dataclass(frozen=True)
class Reading:
    """A cross-encoder that likes short texts; the one that was trained from it likes those that say “right”."""

    name: str = "untrained"

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return one score per text."""
        said = [float("right" in text) if self.name == "trained" else -float(len(text)) for text in texts]
        return np.array(said, dtype=np.float64)

    def scorer(self, name: str) -> PairScorer:
        """Return the trained one."""
        return Reading(name)


def asked(n: int, wanted: str, other: str) -> Group:
    """Return a judged question whose list has the wrong passage first."""
    features = dict.fromkeys((*SCORES, *FEATURES), 0.0)
    first = Candidate(other, {**features, "dense_norm": 1.0, "dense": 0.9}, 0.0, judged=False)
    second = Candidate(wanted, {**features, "dense_norm": 0.9, "dense": 0.5}, 3.0, judged=True)
    at = MOMENT + timedelta(hours=n)
    return Group(f"q{n}", "vpn certificate", f"U{n % 3}", at, None, (first, second), wanted={wanted: 3.0})


@pytest.fixture
def lesson(tmp_path: Path) -> Iterator[Lesson]:
    """Return a lesson of twelve questions, four of them held out."""
    core = replace(make_core(tmp_path), encoder=Keeping(), pair_scorer=Reading())
    wanted, other = know(core, "vpn.md", "the right vpn certificate text", "the wrong one")
    groups = tuple(asked(n, wanted, other) for n in range(12))
    parts = Split(groups[:8], groups[8:], groups[8].asked_at, straddling=0, shared_persons=0)
    champions = Champions(DEFAULT_ALPHA, None, {})
    ledger = Ledger((), (), (), {}, frozenset())
    yield Lesson(core, ledger, Dataset(groups, {}, 12, 12), parts, champions, seed=7)
    core.database.close()


def finish(lesson: Lesson, learner: str, folder: str) -> None:
    """Queue a training and let it finish."""
    with lesson.core.database.begin() as db:
        training_jobs.queue(db, learner, "s1", {"questions": [], "until": ""}, MOMENT)
        job = training_jobs.claim(db, MOMENT)
        assert job is not None
        training_jobs.finish(db, job, {"folder": folder, "judged": {}}, MOMENT)


def test_both_towers_are_searched_under_their_own_name_and_wait_for_somebody_to_switch(lesson: Lesson) -> None:
    finish(lesson, "towers", "new")
    encode_missing(replace(lesson.core, encoder=HashingEncoder("new")), Silence())

    trial = towers.evaluate(towers.fit(lesson), lesson)

    assert trial.challenger.tolist() == trial.champion.tolist() == [1.0] * 4
    assert "promote it by hand" in trial.objection


def test_a_trained_cross_encoder_is_weighed_and_judged_against_what_serves(lesson: Lesson) -> None:
    finish(lesson, "cross_encoder_training", "trained")

    artefact = cross_encoder_training.fit(lesson)
    trial = cross_encoder_training.evaluate(artefact, lesson)

    assert artefact["model"] == "trained"
    assert trial.challenger.mean() > trial.champion.mean()


def test_without_a_cross_encoder_none_is_trained(lesson: Lesson) -> None:
    bare = replace(lesson, core=replace(lesson.core, pair_scorer=None))

    assert "switched on" in cross_encoder_training.due(bare)


def test_a_passage_that_nobody_judged_and_that_looks_as_good_is_no_negative(lesson: Lesson) -> None:
    kept = material.listed(lesson.parts.train)["questions"]

    assert [grades for _, grades in kept] == [lesson.parts.train[0].wanted] * 8
