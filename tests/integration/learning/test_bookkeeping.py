"""What a turn leaves behind beside its verdicts: tries, labels, trust, credit, figures on the frozen set."""

from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.learning import release
from flywheel.measurement import tries
from flywheel.measurement.turn import queue, turn
from flywheel.registry import Release
from flywheel.store import evaluation_sets, labels, records, releases, trusts
from flywheel.store.database import Database
from flywheel.store.evaluation_sets import SetKind
from flywheel.store.records import Wanted
from tests.integration.learning.company import Habits, core_on, live


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """Return the core of a company whose wheel has turned once over 150 judged questions."""
    folder: Path = tmp_path_factory.mktemp("turned")
    database = Database(f"sqlite:///{folder}/store.db")
    database.migrate()
    live(database, Habits(150))
    core = core_on(database)
    turn(core, queue(core, "test"))
    return core


def serving(core: Core) -> Release:
    """Return the reranker that serves."""
    with core.database.read() as db:
        found = releases.serving(db, "reranker")
    assert found is not None
    return found


def test_a_tested_challenger_is_a_try_with_its_held_out_questions(turned: Core) -> None:
    with turned.database.read() as db:
        (one,) = [one for one in tries.past(db) if one.challenger == serving(turned).id]

    assert (one.slot, one.stands) == ("reranker", True)
    assert one.n >= 30


def test_every_label_is_kept_with_its_state(turned: Core) -> None:
    with turned.database.read() as db:
        assert labels.counts(db)["passage", "counted"] == 150


def test_everybody_who_judged_has_a_trust(turned: Core) -> None:
    with turned.database.read() as db:
        assert len(trusts.every(db)) == Habits(150).persons


def test_what_serves_is_measured_on_questions_that_nothing_is_trained_on(turned: Core) -> None:
    with turned.database.read() as db:
        frozen = evaluation_sets.active(db, SetKind.FROZEN)
        wanted = Wanted(metric="ndcg_at_10", segment="all", dataset="frozen")
        measured = {(one.dataset_hash, one.n) for one in records.matching(db, wanted)}

    assert frozen is not None
    assert measured == {(frozen.id, len(frozen.items))}


def test_what_the_turn_let_serve_is_measured_after_it_on_the_same_questions(turned: Core) -> None:
    with turned.database.read() as db:
        served = [one for one in releases.listed(db) if one.serving]
        found = records.matching(db, Wanted(metric="ndcg_at_10", segment="all", dataset="frozen"))

    first, last = found[0], found[-1]
    assert served
    assert first.dataset_hash == last.dataset_hash
    assert {one.id for one in served} <= set(last.versions.values())
    assert all(f"{one.learner} {one.id[:8]}" in last.change for one in served)


def test_a_release_that_was_taken_back_stands_no_more(turned: Core) -> None:
    taken = serving(turned).id
    release.roll_back(turned, taken, "ana")

    with turned.database.read() as db:
        assert not any(one.stands for one in tries.past(db) if one.challenger == taken)
