"""A trained query tower becomes a challenger, and is judged on questions that are newer than its training."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from flywheel.curation.dataset import Dataset, Group
from flywheel.curation.split import Split
from flywheel.errors import ArtefactError, NotFound
from flywheel.learning import query_tower, training_jobs
from flywheel.learning.lesson import Lesson
from flywheel.ports import Encoder, VectorIndex, Vectors
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.fusion import DEFAULT_ALPHA
from flywheel.store import training_jobs as rows
from flywheel.store.database import Database
from flywheel.store.ledger import Ledger
from tests.parts import MOMENT, HashingEncoder, know, make_core

TRANSLATED = {"holiday": "leave", "laptop": "computer"}


@dataclass(frozen=True)
class Translating(HashingEncoder):
    """An encoder whose trained model knows what the words of questions are called in the documents."""

    def model(self, name: str) -> Encoder:
        """Return the trained model."""
        return _Trained(name)

    def index(self, database: Database, name: str) -> VectorIndex:
        """Refuse: no passage is encoded anew here."""
        raise ArtefactError


@dataclass(frozen=True)
class _Trained(HashingEncoder):
    def encode(self, texts: Sequence[str]) -> Vectors:
        said = [" ".join(TRANSLATED.get(word, word) for word in text.split()) for text in texts]
        return np.asarray(HashingEncoder.encode(self, said))


def asked(n: int, text: str, wanted: str) -> Group:
    """Return a judged question."""
    at = MOMENT + timedelta(hours=n)
    return Group(f"q{n}", text, f"U{n % 3}", at, None, (), wanted={wanted: 3.0})


@pytest.fixture
def lesson(tmp_path: Path) -> Iterator[Lesson]:
    """Return a lesson about two documents, after four questions of which two are held out."""
    core = replace(make_core(tmp_path), encoder=Translating())
    (leave,) = know(core, "leave.md", "leave is granted by managers")
    (computer,) = know(core, "machines.md", "computer orders go through it")
    know(core, "noise.md", "holiday laptop lunch", "laptop bags and holiday cards")
    train = (asked(0, "old", leave), asked(1, "older", computer))
    heldout = (asked(2, "holiday", leave), asked(3, "laptop", computer))
    parts = Split(train, heldout, heldout[0].asked_at, straddling=0, shared_persons=0)
    champions = Champions(DEFAULT_ALPHA, None, {})
    ledger = Ledger((), (), (), {}, frozenset())
    yield Lesson(core, ledger, Dataset((*train, *heldout), {}, 4, 4), parts, champions, seed=7)
    core.database.close()


def finish(lesson: Lesson) -> None:
    """Let the queued training finish."""
    with lesson.core.database.begin() as db:
        job = rows.claim(db, MOMENT)
        assert job is not None
        rows.finish(db, job, {"folder": "m1", "weight": 1.0, "encoder": "hashing-384"}, MOMENT)


def test_a_tower_that_knows_the_documents_words_gains_on_questions_in_other_words(lesson: Lesson) -> None:
    training_jobs.queue(lesson, "query_tower")
    finish(lesson)

    trial = query_tower.evaluate(query_tower.fit(lesson), lesson)

    assert trial.challenger.mean() > trial.champion.mean()


def test_questions_that_are_older_than_the_end_of_the_training_judge_nothing(lesson: Lesson) -> None:
    artefact = {"folder": "m1", "weight": 1.0, "encoder": "hashing-384"}
    until = lesson.parts.heldout[0].asked_at.isoformat()

    trial = query_tower.evaluate({**artefact, "trained_until": until}, lesson)

    assert trial.question_ids == ("q3",)


def test_a_training_that_brought_nothing_may_not_serve(lesson: Lesson) -> None:
    trial = query_tower.evaluate({"folder": "m1", "weight": 0.0, "encoder": "hashing-384"}, lesson)

    assert "brought nothing" in trial.objection


def test_without_a_finished_training_there_is_no_challenger(lesson: Lesson) -> None:
    assert query_tower.enough(lesson)[0] is False
    with pytest.raises(NotFound):
        query_tower.fit(lesson)


def test_too_few_questions_queue_no_training(lesson: Lesson) -> None:
    assert "needs 300" in query_tower.due(lesson)


def test_a_training_is_not_repeated_before_there_is_half_as_much_again_to_learn_from(lesson: Lesson) -> None:
    training_jobs.queue(lesson, "query_tower")
    finish(lesson)

    assert "too few are new" in training_jobs.queue(lesson, "query_tower")
