"""How fresh the knowledge is, and what the frozen questions are measured with, on both databases."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.model import Audience
from flywheel.store import baselines, documents, freshness, generations, labels, questions
from flywheel.store.database import Database
from flywheel.store.freshness import Moved
from flywheel.store.generations import Generation, IndexKind
from flywheel.store.labels import StoredLabel
from tests.parts import MOMENT, answered, know, make_core

LABEL = StoredLabel("k", "q1", "a1", "passage", "vpn.md:0", 3, 1.0, 1.0, "citation_up", "U2", MOMENT, "counted")


@pytest.fixture
def core(database: Database, tmp_path: Path) -> Core:
    """Return a core that knows two documents of three passages."""
    made = make_core(tmp_path, database=database)
    know(made, "vpn.md", "Install the client.", "The portal has it.")
    know(made, "lunch.md", "Lunch is at noon.")
    return made


def test_what_came_and_went_is_counted(core: Core) -> None:
    know(core, "new.md", "New.")
    with core.database.begin() as db:
        documents.remove(db, ["d-vpn.md"], version=documents.advance_corpus(db))

    with core.database.read() as db:
        assert freshness.moved(db, 2) == Moved(added=1, removed=2, documents=1)
        assert freshness.documents(db) == 2


def test_what_went_and_came_back_is_no_loss(core: Core) -> None:
    with core.database.begin() as db:
        documents.remove(db, ["d-lunch.md"], version=documents.advance_corpus(db))
    know(core, "lunch.md", "Lunch is at noon.")

    with core.database.read() as db:
        assert freshness.moved(db, 2) == Moved(added=1, removed=0, documents=1)


def test_documents_since_the_index_was_built_are_counted(core: Core) -> None:
    with core.database.read() as db:
        assert freshness.since_build(db) is None
    built = Generation("g1", IndexKind.WORDS, "", "words/g1", 1, 2, MOMENT)
    with core.database.begin() as db:
        generations.put(db, built)
        generations.switch(db, built)

    with core.database.read() as db:
        assert freshness.since_build(db) == 1


def test_refusals_and_the_newest_document_are_known(core: Core) -> None:
    with core.database.begin() as db:
        documents.refuse(db, "tests", {"broken.pdf": "It is broken."}, MOMENT)

    with core.database.read() as db:
        assert (freshness.refused(db), freshness.newest(db)) == (1, MOMENT)


def test_only_documents_that_say_so_have_a_date(core: Core) -> None:
    with core.database.begin() as db:
        found = documents.passage(db, "vpn.md:0", Audience.everyone())
        assert found is not None
        passage, document = found
        dated = replace(document, updated_at=MOMENT - timedelta(days=400))
        documents.put(db, [(dated, [passage])], version=documents.advance_corpus(db), at=MOMENT)

    with core.database.read() as db:
        assert freshness.dated(db, ["vpn.md:0", "lunch.md:0"]) == {"vpn.md:0": MOMENT - timedelta(days=400)}


def test_a_deleted_question_is_not_asked_again(core: Core) -> None:
    for name in ("a1", "a2"):
        answered(core, name)
    with core.database.begin() as db:
        questions.mark_deleted(db, "q-a1", MOMENT)

    with core.database.read() as db:
        assert [one.id for one in baselines.asked(db, ["q-a2", "q-a1", "q-a9"])] == ["q-a2"]
        assert baselines.first_answers(db, ["q-a1", "q-a2"]) == {"q-a2": "a2"}


def test_only_counted_good_words_on_passages_make_one_good(core: Core) -> None:
    told = [
        LABEL,
        replace(LABEL, signal_key="k2", question_id="q2"),
        replace(LABEL, signal_key="k3", question_id="q3", grade=0),
        replace(LABEL, signal_key="k4", question_id="q4", state="doubted"),
        replace(LABEL, signal_key="k5", question_id="q5", about="route"),
    ]
    with core.database.begin() as db:
        labels.replace_all(db, told)

    with core.database.read() as db:
        assert baselines.called_good(db) == {"vpn.md:0": frozenset({"q1", "q2"})}
