"""A whole turn on a real store: what is released, what is held, and what anybody can compute again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from flywheel.core import Core
from flywheel.errors import ModelUnavailable
from flywheel.learning import release
from flywheel.learning.statistics import doubted, interval, one_sided_p
from flywheel.measurement.turn import queue, run_queued, turn
from flywheel.ports import Vectors
from flywheel.registry import Outcome
from flywheel.store import ledger, records, releases, reports, turns
from flywheel.store.database import Database
from flywheel.store.turns import TurnState
from tests.integration.learning.company import Habits, HashEncoder, core_on, live
from tests.parts import migrated_sqlite

PLENTY = Habits(500)
CHANCE = Habits(500, noise=float("inf"))


class BrokenEncoder(HashEncoder):
    """An encoder that is out of order."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Fail."""
        raise ModelUnavailable("out of order")


@pytest.fixture(scope="module")
def plenty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Core, Any]]:
    """A store in which `PLENTY` was turned once; for tests that only read."""
    opened = migrated_sqlite(tmp_path_factory.mktemp("plenty"))
    yield turned(opened, PLENTY)
    opened.close()


def turned(database: Database, habits: Habits) -> tuple[Core, Any]:
    """Fill the store, turn the wheel, and return the core and the evidence."""
    live(database, habits)
    core = core_on(database)
    return core, turn(core, queue(core, "test")).evidence


def test_five_hundred_judgements_release_a_reranker(plenty: tuple[Core, Any]) -> None:
    core, evidence = plenty

    with core.database.read() as db:
        champion = releases.serving(db, "reranker")
    assert champion is not None
    assert champion.id == evidence["learners"]["reranker"]["challenger"]["id"]


def test_judgements_by_chance_release_nothing(sqlite: Database) -> None:
    core, evidence = turned(sqlite, CHANCE)

    with core.database.read() as db:
        assert releases.serving(db, "reranker") is None
    assert {one["decision"] for one in evidence["learners"].values()} == {"held"}


def test_seven_hundred_judgements_are_enough_for_a_test_of_significance(sqlite: Database) -> None:
    _, evidence = turned(sqlite, Habits(700, persons=40))

    told = evidence["learners"]["reranker"]
    assert told["n_heldout"] == 200
    assert told["decision"] == "released"
    assert told["p_adjusted"] < 0.05


def test_a_release_serves_on_either_database(database: Database) -> None:
    core, _ = turned(database, Habits(150))

    with core.database.read() as db:
        assert releases.serving(db, "reranker") is not None


def test_twelve_questions_are_too_little_data_and_change_nothing(database: Database) -> None:
    core, evidence = turned(database, Habits(12))

    with core.database.read() as db:
        assert releases.history(db) == []
    assert "Too little data: 12 questions" in evidence["learners"]["fusion"]["reason"]


def test_an_empty_ledger_is_turned_too(database: Database) -> None:
    _, evidence = turned(database, Habits(0))

    assert evidence["questions"] == 0


def test_one_person_s_five_hundred_votes_are_measured_and_release_nothing(sqlite: Database) -> None:
    core, evidence = turned(sqlite, Habits(500, persons=1))

    with core.database.read() as db:
        assert releases.serving(db, "reranker") is None
    assert evidence["questions"] == 500
    assert evidence["learners"]["reranker"]["challenger"]["ndcg_at_10"] > 0
    assert "person" in evidence["learners"]["reranker"]["reason"]


def test_the_same_ledger_gives_the_same_models_and_verdicts(sqlite: Database, plenty: tuple[Core, Any]) -> None:
    _, one = plenty
    _, other = turned(sqlite, PLENTY)

    assert one == other


def test_the_verdict_can_be_computed_again_from_the_evidence(plenty: tuple[Core, Any]) -> None:
    _, evidence = plenty
    told, persons = evidence["learners"]["reranker"], np.array(evidence["heldout"]["persons"])
    sides = told["per_question"]
    differences = np.array(sides["challenger"]) - np.array(sides["champion"])
    rng = np.random.default_rng(evidence["seed"])

    assert told["difference"] == pytest.approx(differences.mean())
    assert told["p"] == one_sided_p(*doubted(differences, persons), rng)
    assert (told["low"], told["high"]) == pytest.approx(interval(differences, persons, rng))


def test_held_out_questions_were_asked_after_those_trained_on(plenty: tuple[Core, Any]) -> None:
    core, evidence = plenty
    with core.database.read() as db:
        asked = {one.question.id: one.question.asked_at for one in ledger.read(db).exchanges}

    first = min(asked[one] for one in evidence["heldout"]["question_ids"])

    assert first.isoformat() == evidence["boundary"]
    assert evidence["n_train"] <= sum(at < first for at in asked.values())


def test_a_second_turn_meets_the_first_one_s_winner(sqlite: Database) -> None:
    core, first = turned(sqlite, PLENTY)

    second: Any = turn(core, queue(core, "test")).evidence

    winner = first["learners"]["reranker"]["challenger"]["id"]
    assert second["learners"]["reranker"]["champion"]["id"] == winner
    assert second["learners"]["reranker"]["decision"] == "held"


def test_a_model_that_a_person_took_back_stays_away(sqlite: Database) -> None:
    core, first = turned(sqlite, PLENTY)
    winner = first["learners"]["reranker"]["challenger"]["id"]
    release.roll_back(core, winner, "ana")

    second: Any = turn(core, queue(core, "test")).evidence

    assert second["learners"]["reranker"]["decision"] == "held"
    assert "rolled back before" in second["learners"]["reranker"]["reason"]


def test_a_turn_that_runs_elsewhere_is_not_run_twice(database: Database) -> None:
    core = core_on(database)
    running = queue(core, "test")
    with core.database.begin() as db:
        turns.claim(db, running, core.now())

    assert turn(core, running).state is TurnState.RUNNING
    assert turn(core, queue(core, "test")).state is TurnState.QUEUED


def test_queueing_twice_asks_for_one_turn(database: Database) -> None:
    core = core_on(database)

    assert queue(core, "ana") == queue(core, "ben")


def test_what_waits_is_run_and_then_nothing_waits(database: Database) -> None:
    core = core_on(database)
    waiting = queue(core, "test")

    ran = run_queued(core)

    assert ran is not None
    assert (ran.id, ran.state) == (waiting, TurnState.FINISHED)
    assert run_queued(core) is None


def test_a_failed_turn_says_why_in_its_row(database: Database) -> None:
    live(database, Habits(30))
    core = replace(core_on(database), encoder=BrokenEncoder())
    failing = queue(core, "test")

    with pytest.raises(ModelUnavailable):
        turn(core, failing)

    with core.database.read() as db:
        found = turns.find(db, failing)
    assert found is not None
    assert (found.state, found.error) == (TurnState.FAILED, "ModelUnavailable: out of order")


def test_a_turn_writes_records_and_a_report(plenty: tuple[Core, Any]) -> None:
    core, evidence = plenty

    with core.database.read() as db:
        (difference,) = [
            one for one in records.since(db, metric="heldout_ndcg_at_10_difference") if one.segment == "reranker:all"
        ]
        report = reports.latest(db)
    assert difference.value == evidence["learners"]["reranker"]["difference"]
    assert report is not None
    assert {"fusion", "reranker"} <= {one["learner"] for one in report["verdicts"]}


def test_the_report_says_how_much_was_learned_from(plenty: tuple[Core, Any]) -> None:
    core, _ = plenty

    with core.database.read() as db:
        report = reports.latest(db)
    assert report is not None
    assert any("500 questions had a trusted judgement: 308 to learn from, 138 newer" in one for one in report["notes"])


def test_what_was_held_stands_in_the_registry_with_its_reason(sqlite: Database) -> None:
    core, _ = turned(sqlite, CHANCE)

    with core.database.read() as db:
        (held,) = releases.history(db, "reranker")
    assert held.outcome is Outcome.HELD
    assert "difference" in str(held.evidence["reason"])
