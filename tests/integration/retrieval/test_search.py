"""From a question to its shortlist, on a real store with real indexes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest

from flywheel.core import Core
from flywheel.errors import IndexUnavailable
from flywheel.gateways.dense_index import DenseIndex
from flywheel.gateways.tantivy_index import TantivyIndex
from flywheel.model import PUBLIC, Audience, Document, Kind, Passage, Retriever, VerifiedAnswer
from flywheel.ports import Kinds, Scored
from flywheel.registry import Outcome, Release
from flywheel.retrieval.features import FEATURES, SCORES
from flywheel.retrieval.search import shortlist
from flywheel.store import documents, embeddings, releases, verified
from flywheel.store.database import Database
from tests.integration.gateways.conftest import HashingEncoder

NOW = datetime(2026, 6, 1, tzinfo=UTC)
EVERYONE = Audience.everyone()
MEMBERS = Audience(frozenset({PUBLIC, "channel:C1"}))


class NoChannels:
    """A `Directory` in which nobody is in any channel."""

    def channels_of(self, person: str) -> frozenset[str]:
        """Return none."""
        return frozenset()


class BrokenWords:
    """A `LexicalIndex` that is never there."""

    def match(self, query: str, audience: Audience, k: int, kinds: Kinds = None) -> list[Scored]:
        """Raise."""
        raise IndexUnavailable("being rebuilt")


class LeakyWords:
    """A `LexicalIndex` that forgot the audience."""

    def match(self, query: str, audience: Audience, k: int, kinds: Kinds = None) -> list[Scored]:
        """Return what nobody may read."""
        return [Scored("secret#0", 9.0)]


@pytest.fixture
def core(database: Database) -> Core:
    """Return a core on an empty store."""
    encoder = HashingEncoder()
    return Core(
        database=database,
        encoder=encoder,
        vectors=DenseIndex(database, encoder),
        words=TantivyIndex(database),
        directory=NoChannels(),
        language_model=None,
        now=lambda: NOW,
        rng=Random(0),
    )


def add(core: Core, name: str, texts: Sequence[str], source: str = "handbook", label: str = PUBLIC) -> None:
    """Add a document with a passage per text."""
    document = Document(name, source, f"x-{name}", name, Kind.TEXT, "h", frozenset({label}))
    passages = [Passage(f"{name}#{place}", name, place, text, Kind.TEXT) for place, text in enumerate(texts)]
    vectors = core.encoder.encode(texts)
    with core.database.begin() as db:
        documents.put(db, [(document, passages)], version=documents.advance_corpus(db), at=NOW)
        embeddings.put(db, core.encoder.name, {one.id: row for one, row in zip(passages, vectors, strict=True)})


def verify(core: Core, question: str, text: str, label: str = PUBLIC) -> None:
    """Add a verified answer."""
    answer = VerifiedAnswer(f"v-{question}", question, text, frozenset({label}), "ana", "bo", NOW)
    with core.database.begin() as db:
        verified.put(db, answer, core.encoder.name, core.encoder.encode([question])[0])


def release(core: Core, learner: str, artefact: dict[str, object]) -> str:
    """Make an artefact serve and return its id."""
    value = Release(
        releases.identity(learner, artefact), learner, artefact, {}, "s", NOW, Outcome.RELEASED, serving=True
    )
    with core.database.begin() as db:
        releases.put(db, value)
        releases.promote(db, value.id)
    return value.id


def ids(core: Core, query: str, audience: Audience = EVERYONE) -> list[str]:
    """Return the ids of a shortlist."""
    return [hit.passage_id for hit in shortlist(core, query, audience).hits]


def test_a_passage_that_both_indexes_find_comes_first(core: Core) -> None:
    add(core, "vpn", ["connect to the vpn"])
    add(core, "tea", ["make tea in the kitchen"])

    assert ids(core, "connect vpn")[0] == "vpn#0"


def test_every_hit_carries_every_score_and_feature(core: Core) -> None:
    add(core, "vpn", ["connect to the vpn"])
    add(core, "tea", ["make tea"])

    found = shortlist(core, "connect vpn", EVERYONE).hits

    assert all({*SCORES, *FEATURES} <= hit.features.keys() for hit in found)
    assert found[0].features["bm25"] > 0


def test_what_only_one_index_found_has_the_other_score_too(core: Core) -> None:
    add(core, "far", ["zebra"])
    for number in range(80):
        add(core, f"n{number}", [f"common words number {number}"])

    hits = {hit.passage_id: hit for hit in shortlist(core, "common words zebra", EVERYONE, k=100).hits}

    assert hits["far#0"].features["dense"] != 0.0
    assert sum(hit.features["bm25"] > 0 for hit in hits.values()) > 60


def test_scores_fall_along_the_list_and_lie_between_zero_and_one(core: Core) -> None:
    for number in range(10):
        add(core, f"n{number}", [f"common words number {number}"])
    verify(core, "common words number", "An answer.")

    scores = [hit.score for hit in shortlist(core, "common words number", EVERYONE).hits]

    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1


def test_a_document_of_a_channel_is_seen_by_its_members_alone(core: Core) -> None:
    add(core, "secret", ["salary bands"], label="channel:C1")

    assert (ids(core, "salary bands"), ids(core, "salary bands", MEMBERS)) == ([], ["secret#0"])


def test_what_an_index_leaks_does_not_leave_the_store(core: Core) -> None:
    add(core, "secret", ["salary bands"], label="channel:C1")

    assert ids(replace(core, words=LeakyWords()), "salary bands") == []


def test_a_record_is_found_once_and_a_document_passage_by_passage(core: Core) -> None:
    add(core, "record", ["travel costs one", "travel costs two"], source="/data/list.jsonl.gz")
    add(core, "guide", ["travel costs three", "travel costs four"])

    found = ids(core, "travel costs")

    assert sorted(one.split("#")[0] for one in found) == ["guide", "guide", "record"]


def test_without_the_lexical_index_search_goes_on_and_says_so(core: Core) -> None:
    add(core, "vpn", ["connect to the vpn"])

    found = shortlist(replace(core, words=BrokenWords()), "connect to the vpn", EVERYONE)

    assert [hit.passage_id for hit in found.hits] == ["vpn#0"]
    assert found.versions["words"] == "unavailable: being rebuilt"


def test_a_verified_answer_to_the_same_question_goes_before_every_passage(core: Core) -> None:
    add(core, "vpn", ["how do i get on the vpn"])
    verify(core, "how do i get on the vpn", "Use the profile Office-2.")

    first = shortlist(core, "how do i get on the vpn", EVERYONE).hits[0]

    assert (first.retriever, first.text) == (Retriever.ANSWERS, "Use the profile Office-2.")


def test_a_verified_answer_about_another_year_stays_away(core: Core) -> None:
    verify(core, "how many days of leave in 2024", "25 days.")

    assert ids(core, "how many days of leave in 2025") == []


def test_a_verified_answer_of_a_channel_is_seen_by_its_members_alone(core: Core) -> None:
    verify(core, "what is the salary band", "A lot.", label="channel:C1")

    assert ids(core, "what is the salary band") == []
    assert len(ids(core, "what is the salary band", MEMBERS)) == 1


def test_the_fusion_champion_serves(core: Core) -> None:
    add(core, "vpn", ["connect to the vpn"])
    version = release(core, "fusion", {"alpha": 1.0})

    found = shortlist(core, "connect to the vpn now", EVERYONE)

    assert found.versions["fusion"] == version


def test_the_reranker_champion_orders_the_list(core: Core) -> None:
    add(core, "short", ["travel costs"])
    add(core, "long", ["travel costs " + "and more words about it " * 30])
    artefact = {"features": ["log_length"], "mean": [0.0], "scale": [1.0], "weights": [1.0]}

    before = ids(core, "travel costs")
    release(core, "reranker", artefact)

    assert (before[0], ids(core, "travel costs")[0]) == ("short#0", "long#0")


def test_a_champion_that_makes_no_sense_leaves_the_defaults_serving(core: Core) -> None:
    add(core, "vpn", ["connect to the vpn"])
    release(core, "fusion", {"alpha": 7})

    found = shortlist(core, "vpn", EVERYONE)

    assert found.versions["fusion"].startswith("default (")
    assert len(found.hits) == 1


@pytest.mark.parametrize("query", ["", "  \n"])
def test_an_empty_question_finds_nothing(core: Core, query: str) -> None:
    add(core, "vpn", ["connect to the vpn"])

    assert ids(core, query) == []


def test_no_more_than_k_hits_come_back(core: Core) -> None:
    add(core, "guide", [f"travel costs {number}" for number in range(60)])

    assert len(shortlist(core, "travel costs", EVERYONE, k=40).hits) == 40
