"""How much a cross-encoder counts is learned from its reading, timed and gated."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.curation.dataset import Group
from flywheel.learning.challenge import Challenge, challenge, learners
from flywheel.learning.cross_encoder import READ_AT_MOST, SLOWEST, CrossEncoding
from flywheel.learning.gate import Decision, Verdict, judge
from flywheel.learning.ranking import Pipeline
from flywheel.measurement.turn import queue, turn
from flywheel.model import Document, Kind, Passage
from flywheel.retrieval.reranking import TOP, Blend
from flywheel.store import documents
from flywheel.store.database import Database
from tests.integration.learning.company import NOW, Habits, core_on, live
from tests.parts import make_core
from tests.unit.learning.groups import group, lesson

CHAMPION = Pipeline(0.6)
WANTED = "the wanted passage"


class Oracle:
    """A `PairScorer` that knows which passage is wanted."""

    name = "oracle"

    def __init__(self) -> None:
        """Count the questions."""
        self.asked = 0

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return 1 for the wanted passage."""
        self.asked += 1
        return np.array([float(WANTED in text) for text in texts])


def library(core: Core, wanted: Sequence[str], others: Sequence[str]) -> None:
    """Store passages of which some say that they are wanted."""
    document = Document("d", "s", "d", "d", Kind.TEXT, "h", frozenset({"public"}))
    said = [*((one, f"{WANTED} {one}") for one in wanted), *((one, f"another {one}") for one in others)]
    passages = [Passage(one, "d", place, text, Kind.TEXT) for place, (one, text) in enumerate(said)]
    with core.database.begin() as db:
        documents.put(db, [(document, passages)], version=documents.advance_corpus(db), at=NOW)


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core with the passages of a hundred questions, each of which wants its last candidate."""
    made = make_core(tmp_path, pair_scorer=Oracle())
    library(made, [f"p{n}-5" for n in range(100)], [f"p{n}-{c}" for n in range(100) for c in range(5)])
    return made


def questions(number: int = 100) -> list[Group]:
    """Return questions whose built-in order puts the wanted passage last."""
    rows = [{"dense_norm": 1.0 - 0.1 * n, "bm25_norm": 1.0 - 0.1 * n} for n in range(6)]
    return [group(n, rows, [0.0] * 5 + [3.0]) for n in range(number)]


def encoding(core: Core, serving: Blend | None = None, took: float = 0.01) -> CrossEncoding:
    """Return the learner with a clock by which each question takes so many seconds."""
    assert core.pair_scorer is not None
    ticks = count(0.0, took)
    return CrossEncoding(core, core.pair_scorer, serving, lambda: next(ticks))


def asked(core: Core) -> int:
    """Return how many questions the model was asked."""
    assert isinstance(core.pair_scorer, Oracle)
    return core.pair_scorer.asked


def trained(core: Core, took: float) -> tuple[Challenge, Verdict]:
    """Return a challenge over a hundred questions, and what the gate and the guard say of it."""
    made = challenge(encoding(core, took=took), lesson(questions()[:60], questions()[60:], core=core))
    return made, judge([made.trial], seed=1)[0]


def test_a_model_that_knows_gets_a_weight(core: Core) -> None:
    artefact = encoding(core).learned(questions(), CHAMPION)

    assert artefact["model"] == "oracle"
    assert Blend.of(artefact).weight > 0.5


def test_with_all_the_weight_the_wanted_passage_comes_first(core: Core) -> None:
    scores = encoding(core).scored({"model": "oracle", "weight": 1.0}, CHAMPION, questions(5))

    assert scores.ndcg == pytest.approx(np.ones(5))


def test_without_weight_it_is_not_even_asked(core: Core) -> None:
    encoding(core).scored({"model": "oracle", "weight": 0.0}, CHAMPION, questions(5))

    assert asked(core) == 0


def test_a_question_is_read_once_whatever_is_tried(core: Core) -> None:
    encoding(core).learned(questions(10), CHAMPION)

    assert asked(core) == 10


def test_of_many_questions_for_learning_only_the_newest_are_read(core: Core) -> None:
    encoding(core).learned(questions(READ_AT_MOST + 5), CHAMPION)

    assert asked(core) == READ_AT_MOST


def test_only_the_first_passages_can_move(core: Core) -> None:
    rows = [{"dense_norm": 1.0 - 0.01 * n, "bm25_norm": 0.0} for n in range(TOP + 1)]
    library(core, [f"p7-{TOP}"], [])
    beyond = [group(7, rows, [1.0] + [0.0] * (TOP - 1) + [3.0])]

    scores = [encoding(core).scored({"model": "oracle", "weight": one}, CHAMPION, beyond).ndcg for one in (0.0, 0.9)]

    assert scores[0] == pytest.approx(scores[1])


def test_what_serves_already_is_what_it_is_up_against(core: Core) -> None:
    made = encoding(core, Blend("oracle", 1.0))

    assert made.standing(CHAMPION, questions(5)).ndcg == pytest.approx(np.ones(5))


def test_its_time_for_a_question_stands_in_the_evidence(core: Core) -> None:
    made, _ = trained(core, took=0.02)

    latency = made.trial.facts["latency_ms"]
    assert latency == {"questions": 100, "passages": TOP, "p50": 20.0, "p95": 20.0, "limit": SLOWEST}


def test_a_quick_one_that_is_better_passes_the_gate(core: Core) -> None:
    assert trained(core, took=0.02)[1].decision is Decision.PROVISIONAL


def test_a_slow_one_is_held_however_good_it_is(core: Core) -> None:
    _, verdict = trained(core, took=0.4)

    assert verdict.decision is Decision.HELD
    assert verdict.reason.startswith("It adds 400 ms")


@pytest.mark.parametrize("scorer", [None, Oracle()])
def test_it_is_tried_only_where_one_is_switched_on(core: Core, scorer: Oracle | None) -> None:
    names = [one.NAME for one in learners(lesson(questions(2), core=replace(core, pair_scorer=scorer)))]

    assert ("cross_encoder" in names) is (scorer is not None)


def test_a_turn_tries_it_beside_the_others(sqlite: Database) -> None:
    live(sqlite, Habits(150))
    core = replace(core_on(sqlite), pair_scorer=Oracle())

    evidence: Any = turn(core, queue(core, "test")).evidence
    told = evidence["learners"]["cross_encoder"]

    assert told["decision"] == "held"
    assert told["latency_ms"]["questions"] > 0
