"""A hit grows to its section, for those who may read it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.model import PUBLIC, Audience, Document, Hit, Kind, Passage, Retriever
from flywheel.retrieval.sections import FEW, grown
from flywheel.store import documents
from tests.parts import MOMENT, make_core

EVERYONE = Audience.everyone()
LOGIN, LOGOUT = ("Log in",), ("Log out",)


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core whose one document has a section of three passages and one of one, with a command in between."""
    made = make_core(tmp_path)
    place(made, "guide", [("one", LOGIN), ("two", LOGIN), ("$ ls", LOGIN), ("three", LOGIN), ("four", LOGOUT)])
    return made


def place(core: Core, name: str, texts: Sequence[tuple[str, tuple[str, ...]]], label: str = PUBLIC) -> None:
    """Store a document; a text that begins with a prompt is code."""
    document = Document(name, "s", name, name, Kind.TEXT, "h", frozenset({label}))
    kinds = [Kind.CODE if text.startswith("$") else Kind.TEXT for text, _ in texts]
    passages = [
        Passage(f"{name}#{n}", name, n, text, kind, path)
        for n, ((text, path), kind) in enumerate(zip(texts, kinds, strict=True))
    ]
    with core.database.begin() as db:
        documents.put(db, [(document, passages)], version=documents.advance_corpus(db), at=MOMENT)


def hit(passage_id: str, text: str, kind: Kind = Kind.TEXT) -> Hit:
    """Return a hit as a search would."""
    document = passage_id.split("#", maxsplit=1)[0]
    return Hit(passage_id, document, document, document, text, Retriever.DOCUMENTS, 1.0, kind)


def texts(core: Core, hits: Sequence[Hit], budget: int = 1_000, audience: Audience = EVERYONE) -> list[str]:
    """Return the texts of the grown hits."""
    return [one.text for one in grown(core, hits, audience, budget)]


def test_a_hit_takes_in_what_stands_around_it_under_the_same_heading(core: Core) -> None:
    assert texts(core, [hit("guide#1", "two")]) == ["one\n\ntwo\n\nthree"]


def test_it_keeps_its_id(core: Core) -> None:
    assert grown(core, [hit("guide#1", "two")], EVERYONE, 1_000)[0].passage_id == "guide#1"


def test_it_grows_no_further_than_the_budget(core: Core) -> None:
    assert texts(core, [hit("guide#1", "two")], budget=8) == ["one\n\ntwo"]


def test_its_own_text_stays_whole_whatever_the_budget(core: Core) -> None:
    assert texts(core, [hit("guide#1", "two")], budget=1) == ["two"]


def test_a_hit_that_came_into_an_earlier_one_is_not_told_again(core: Core) -> None:
    assert texts(core, [hit("guide#1", "two"), hit("guide#3", "three")]) == ["one\n\ntwo\n\nthree"]


def test_what_an_earlier_hit_told_is_not_told_again_by_a_later_one(core: Core) -> None:
    told = texts(core, [hit("guide#0", "one"), hit("guide#3", "three")], budget=8)

    assert told == ["one\n\ntwo", "three"]


def test_code_stays_as_it_is(core: Core) -> None:
    assert texts(core, [hit("guide#2", "$ ls", Kind.CODE)]) == ["$ ls"]


def test_only_the_best_few_grow(core: Core) -> None:
    for number in range(FEW + 1):
        place(core, f"n{number}", [("left", LOGIN), ("right", LOGIN)])

    told = texts(core, [hit(f"n{number}#0", "left") for number in range(FEW + 1)])

    assert told == ["left\n\nright"] * FEW + ["left"]


def test_a_document_that_the_audience_may_not_read_does_not_grow(core: Core) -> None:
    place(core, "secret", [("left", LOGIN), ("right", LOGIN)], label="channel:C1")

    assert texts(core, [hit("secret#0", "left")]) == ["left"]


def test_no_hits_stay_no_hits(core: Core) -> None:
    assert texts(core, []) == []
