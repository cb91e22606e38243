"""What the store gives out: only what an audience may read."""

import inspect
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.model import Audience
from flywheel.store import documents
from tests.integration.knowledge.reading import index, write

INSIDER = Audience(frozenset({"public", "channel:C1"}))

WITHOUT_AUDIENCE = {
    "advance_corpus": "writes",
    "put": "writes",
    "remove": "writes",
    "forget_vectors": "writes",
    "refuse": "writes",
    "accept": "writes",
    "content_hashes": "hashes, for the ingest",
    "encoded_words": "titles and headings, for the ingest",
    "in_source": "ids, for the ingest",
    "sources": "paths, for the ingest",
    "refused": "names of what is not readable at all, for operators",
    "kinds": "kinds of documents, for measuring",
    "owners_of": "owners of passages that the caller has already been allowed to see",
}


@pytest.fixture
def secret_id(core: Core, folder: Path) -> str:
    """Index an open and a closed document; return the closed one's only passage."""
    write(folder, "open.md", "---\ntitle: Open\nowner: U1\n---\nFor all.")
    write(folder, "closed/.flywheel.yml", "access: [channel:C1]\nowner: U2")
    write(folder, "closed/secret.md", "---\ntitle: Secret\n---\nFor few.")
    index(core, folder)
    with core.database.read() as db:
        (found,) = (
            passage_id
            for document_id, name in documents.in_source(db, str(folder))
            if name == "closed/secret.md"
            for passage_id in documents.encoded_words(db, [document_id], "hashing")
        )
    return found


def test_functions_without_an_audience_are_known_by_name() -> None:
    public = inspect.getmembers(documents, inspect.isfunction)
    own = {name: one for name, one in public if one.__module__ == documents.__name__ and not name.startswith("_")}
    without = {name for name, one in own.items() if "audience" not in inspect.signature(one).parameters}

    assert without == set(WITHOUT_AUDIENCE)


def test_a_passage_opens_for_those_who_may_read_it(core: Core, secret_id: str) -> None:
    with core.database.read() as db:
        found = documents.passage(db, secret_id, INSIDER)

    assert found
    assert (found[0].text, found[1].title) == ("For few.", "Secret")
    assert found[1].access == {"channel:C1"}


def test_a_passage_is_not_there_for_others(core: Core, secret_id: str) -> None:
    with core.database.read() as db:
        assert documents.passage(db, secret_id, Audience.everyone()) is None


def test_documents_are_counted_per_audience(core: Core, secret_id: str) -> None:
    with core.database.read() as db:
        counts = [documents.document_count(db, one) for one in (Audience.everyone(), INSIDER)]

    assert counts == [1, 2]


def test_titles_are_listed_per_audience(core: Core, secret_id: str) -> None:
    with core.database.read() as db:
        assert documents.titles(db, Audience.everyone(), 10) == ["Open"]
        assert sorted(documents.titles(db, INSIDER, 10)) == ["Open", "Secret"]


def test_owners_are_found_by_passage(core: Core, secret_id: str) -> None:
    with core.database.read() as db:
        assert documents.owners_of(db, [secret_id, "unknown"]) == {secret_id: "U2"}
