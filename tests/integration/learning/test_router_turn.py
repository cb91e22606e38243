"""The router's life on a real store: trained on the index, serving, corrected by people, challenged in a turn."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from flywheel.core import Core
from flywheel.learning import first_router, release
from flywheel.measurement.turn import queue, turn
from flywheel.model import Audience, Document, Kind, Passage, Retriever, Signal, SignalKind
from flywheel.registry import Release
from flywheel.retrieval.search import shortlist
from flywheel.routing import champion
from flywheel.store import documents, embeddings, records, releases, signals
from tests.parts import MOMENT, StoppedClock, answered, make_core

TOPICS = ("travel", "overtime", "parking", "gifts", "laptops", "lunch", "visitors", "alarms", "payroll", "insurance")
ROUTES = (Retriever.DOCUMENTS, Retriever.CODE)
EVERYBODY = Audience.everyone()


def learn_of(core: Core, kind: Kind, number: int, topic: str) -> None:
    """Store a document of one passage, encoded."""
    name = f"{kind.value}-{number}"
    symbol = {"symbol": f"compute_{topic}"} if kind is Kind.CODE else {}
    passage = Passage(f"p-{name}", f"d-{name}", 0, f"All about {topic}.", kind, (f"{topic} rules",), detail=symbol)
    document = Document(f"d-{name}", "test", name, f"{topic} {kind.value}", kind, name, EVERYBODY.labels)
    with core.database.begin() as db:
        version = documents.advance_corpus(db)
        documents.put(db, [(document, [passage])], version=version, at=core.now())
    vector = core.encoder.encode([passage.text])
    with core.database.begin() as db:
        embeddings.put(db, core.encoder.name, {passage.id: vector[0]})


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """A core that knows ten texts and ten functions."""
    made = make_core(tmp_path, rng=Random(3))
    for number, topic in enumerate(TOPICS):
        learn_of(made, Kind.TEXT, number, topic)
        learn_of(made, Kind.CODE, number, topic)
    return made


def reroute(core: Core, answer_id: str, person: str, retriever: Retriever) -> None:
    """Let somebody send a question to a retriever."""
    detail = {"retriever": retriever.value}
    signal = Signal(f"{answer_id}:{person}", answer_id, SignalKind.REROUTE, person, core.now(), detail)
    with core.database.begin() as db:
        signals.put(db, signal)


def corrected(core: Core, count: int, persons: int = 12) -> None:
    """Let people ask and send each question where words of their own say: a fortnight of reroutes."""
    for number in range(count):
        route = ROUTES[number % 2]
        text = f"{('zorp', 'blick')[number % 2]} about {TOPICS[number % 10]} number {number}?"
        at = MOMENT + timedelta(minutes=number)
        person = f"U{number % persons}"
        answer_id = answered(replace(core, now=StoppedClock(at)), f"a{number}", question=text, person=person)
        reroute(core, answer_id, person, route)


def serving(core: Core) -> Release | None:
    """Return the router that serves."""
    with core.database.read() as db:
        return releases.serving(db, "router")


def test_the_first_router_is_trained_on_the_index_and_serves(core: Core) -> None:
    trained = first_router.train(core)

    assert trained is not None
    assert trained.evidence["origin"] == "index"
    assert champion.read(core.database, core.encoder.name)[1] == trained.id


def test_training_on_the_same_index_again_changes_nothing(core: Core) -> None:
    first_router.train(core)

    assert first_router.train(core) is None


def test_more_knowledge_gives_a_new_first_router(core: Core) -> None:
    before = first_router.train(core)
    learn_of(core, Kind.CODE, 99, "zeppelins")

    after = first_router.train(core)

    assert before is not None
    assert after is not None
    assert after.id != before.id


def test_of_the_first_routers_only_the_one_to_go_back_to_is_kept(core: Core) -> None:
    for number in range(90, 93):
        learn_of(core, Kind.CODE, number, f"zeppelin number {number}")
        first_router.train(core)

    with core.database.read() as db:
        history = releases.history(db, "router")
    assert [one.serving for one in history].count(True) == 1
    assert len(history) == 2


def test_a_list_of_releases_leaves_the_router_s_arrays_out(core: Core) -> None:
    first_router.train(core)

    with core.database.read() as db:
        (listed,) = releases.history(db, "router")
    assert listed.artefact == {}


def test_a_first_router_that_somebody_took_back_stays_away(core: Core) -> None:
    trained = first_router.train(core)
    assert trained is not None
    release.roll_back(core, trained.id, "ana")

    assert first_router.train(core) is None
    assert serving(core) is None


def test_with_one_kind_of_knowledge_there_is_nothing_to_route(tmp_path: Path) -> None:
    core = make_core(tmp_path)
    learn_of(core, Kind.TEXT, 1, "travel")

    assert first_router.train(core) is None


def test_a_search_says_which_router_chose(core: Core) -> None:
    trained = first_router.train(core)

    found = shortlist(core, "which function does overtime", EVERYBODY)

    assert trained is not None
    assert found.versions["router"] == trained.id
    assert found.route["code"] > found.route["documents"]


def test_vectors_of_another_encoder_are_not_routed(core: Core) -> None:
    first_router.train(core)

    model, version = champion.read(core.database, "another")

    assert model is None
    assert "another encoder" in version


def test_what_serves_is_read_without_the_router_s_arrays(core: Core) -> None:
    first_router.train(core)

    with core.database.read() as db:
        assert "router" not in releases.champions(db)


def test_reroutes_teach_a_router_that_passes_the_gate(core: Core) -> None:
    corrected(core, 120)

    evidence: Any = turn(core, queue(core, "test")).evidence

    told = evidence["learners"]["router"]
    assert (told["decision"], told["metric"]) == ("provisional", "accuracy")
    found = serving(core)
    assert found is not None
    assert (found.id, found.evidence["origin"]) == (told["challenger"]["id"], "people")


def test_a_router_that_learned_from_people_outlasts_the_next_indexing(core: Core) -> None:
    corrected(core, 120)
    turn(core, queue(core, "test"))
    learn_of(core, Kind.CODE, 99, "zeppelins")

    assert first_router.train(core) is None


def test_a_few_reroutes_are_too_few_and_the_turn_says_so(core: Core) -> None:
    corrected(core, 10)

    evidence: Any = turn(core, queue(core, "test")).evidence

    assert "10 questions with a route from people" in evidence["learners"]["router"]["reason"]


def test_where_nobody_named_a_route_a_turn_says_nothing_about_it(core: Core) -> None:
    evidence: Any = turn(core, queue(core, "test")).evidence

    assert "router" not in evidence["learners"]


def test_one_person_s_reroutes_release_nothing(core: Core) -> None:
    corrected(core, 120, persons=1)

    evidence: Any = turn(core, queue(core, "test")).evidence

    assert evidence["learners"]["router"]["decision"] == "held"


def test_the_router_s_records_are_of_accuracy(core: Core) -> None:
    corrected(core, 120)
    turn(core, queue(core, "test"))

    with core.database.read() as db:
        found = records.since(db, metric="heldout_accuracy_challenger")
    assert [one.segment for one in found][:1] == ["router:all"]
