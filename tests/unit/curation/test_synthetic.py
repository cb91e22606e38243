"""Questions are made from passages, and only those stay that the search can answer and that give nothing away."""

import json
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation import synthetic
from flywheel.curation.synthetic import made_from
from flywheel.gateways.openai_chat import OpenAIChat
from flywheel.model import PUBLIC, Kind
from flywheel.store import documents
from flywheel.store import synthetic as store
from flywheel.store.materials import Material
from tests.llm_server import Refuse, Reply, serving
from tests.parts import know, make_core


@pytest.fixture
def core(tmp_path: Path) -> Core:
    made = make_core(tmp_path)
    know(made, "remote-access.md", "Install the client and remote colleagues get in.")
    know(made, "salaries.md", "Everybody earns this.", access=["channel:C1"])
    return made


def texts(core: Core) -> list[str]:
    return [one.text for one in synthetic.groups(core)]


def material(kind: Kind, **fields: object) -> Material:
    told: dict[str, object] = {"passage_id": "p1", "document_id": "d1", "title": "Ships", "text": "…"}
    return Material(kind=kind, **{**told, **fields})  # type: ignore[arg-type]


def test_a_public_passage_is_asked_about_and_wanted(core: Core) -> None:
    assert synthetic.make(core) == 1

    [one] = synthetic.groups(core)
    assert "remote access" in one.text
    assert (dict(one.wanted), one.audience.labels) == ({"remote-access.md:0": 3.0}, frozenset({PUBLIC}))


def test_nothing_is_made_of_a_private_passage(core: Core) -> None:
    synthetic.make(core)

    assert "salaries" not in " ".join(texts(core))


def test_what_repeats_its_passage_is_not_asked(core: Core) -> None:
    know(core, "when is tea?", "When is tea? At four.")
    synthetic.make(core)

    assert "when is tea?" not in texts(core)


def test_what_the_search_does_not_find_is_not_asked(core: Core) -> None:
    for number in range(40):
        know(core, f"holidays-{number}.md", f"Public holidays and leave of office {number}. " * 3)
    know(core, "ab.md", "Zebra.")
    synthetic.make(core)

    assert "ab.md:0" not in {wanted for one in synthetic.groups(core) for wanted in one.wanted}


def test_the_same_question_is_kept_once(core: Core) -> None:
    know(core, "remote_access.md", "Here is how colleagues reach us.")

    assert synthetic.make(core) == 1


def test_a_passage_that_is_gone_takes_its_questions_with_it(core: Core) -> None:
    synthetic.make(core)
    with core.database.begin() as db:
        documents.remove(db, ["d-remote-access.md"], version=documents.advance_corpus(db))

    assert (synthetic.make(core), texts(core)) == (0, [])


def test_making_again_changes_nothing(core: Core) -> None:
    synthetic.make(core)
    before = texts(core)

    assert (synthetic.make(core), texts(core)) == (1, before)


def test_a_language_model_writes_where_there_is_one(tmp_path: Path, core: Core) -> None:
    said = json.dumps([{"n": 1, "question": "How do remote staff obtain the client?"}])
    with serving(Reply(said)) as server:
        model = OpenAIChat("writer", base_url=server.base_url)
        made = make_core(tmp_path, database=core.database, language_model=model)
        synthetic.make(made)

    with core.database.read() as db:
        assert [(one.text, one.made_by) for one, _ in store.every(db, core.encoder.name)] == [
            ("How do remote staff obtain the client?", "writer")
        ]


def test_a_language_model_that_fails_leaves_the_index_to_ask(tmp_path: Path, core: Core) -> None:
    with serving(Refuse(401)) as server:
        model = OpenAIChat("writer", base_url=server.base_url)
        synthetic.make(make_core(tmp_path, database=core.database, language_model=model))

    assert len(texts(core)) == 1


@pytest.mark.parametrize(
    ("passage", "part"),
    [
        (material(Kind.TEXT, heading_path=("Fleet", "Fuel")), "fuel in fleet"),
        (material(Kind.CODE, search_text="# moor the ship safely\ndef moor(): ..."), "moor the ship safely"),
        (material(Kind.IMAGE, said="Floor plan of the bridge"), "floor plan of the bridge"),
        (material(Kind.TABLE, columns=("Ship", "Length"), rows=(("Aurora", "20"),)), "length of Aurora"),
    ],
)
def test_each_kind_is_asked_about_by_what_it_is_called(passage: Material, part: str) -> None:
    assert part in next(made_from(passage))


def test_a_heading_that_is_a_question_is_asked_as_it_stands() -> None:
    assert list(made_from(material(Kind.TEXT, heading_path=("How do I moor?",)))) == ["How do I moor?"]
