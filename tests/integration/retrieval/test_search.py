"""From a question to its shortlist, on a real store with real indexes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.errors import IndexUnavailable
from flywheel.gateways.dense_index import DenseIndex
from flywheel.gateways.tantivy_index import TantivyIndex
from flywheel.model import PUBLIC, Audience, Document, Kind, Passage, Retriever, VerifiedAnswer
from flywheel.ports import Kinds, Reach, Scored, Standing
from flywheel.registry import Outcome, Release
from flywheel.retrieval import champions, hybrid
from flywheel.retrieval.features import FEATURES, SCORES
from flywheel.retrieval.inquiry import Inquiry
from flywheel.retrieval.reranking import TOP
from flywheel.retrieval.search import shortlist
from flywheel.store import documents, embeddings, releases, verified
from flywheel.store.database import Database
from flywheel.store.direct import direct
from tests.integration.gateways.conftest import HashingEncoder

NOW = datetime(2026, 6, 1, tzinfo=UTC)
EVERYONE = Audience.everyone()
MEMBERS = Audience(frozenset({PUBLIC, "channel:C1"}))


class NoChannels:
    """A `Directory` in which nobody is in any channel."""

    def channels_of(self, person: str) -> frozenset[str]:
        """Return none."""
        return frozenset()

    def members_of(self, channel: str) -> frozenset[str] | None:
        """Know nobody's list."""
        return None

    def standing_of(self, person: str) -> Standing:
        """Know nobody."""
        return Standing.UNKNOWN

    def reach_of(self, channel: str) -> Reach:
        """Know no private channel."""
        return Reach.COMPANY


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


def add(
    core: Core,
    name: str,
    texts: Sequence[str],
    *,
    source: str = "handbook",
    label: str = PUBLIC,
    kind: Kind = Kind.TEXT,
) -> None:
    """Add a document with a passage per text."""
    document = Document(name, source, f"x-{name}", name, kind, "h", frozenset({label}))
    passages = [Passage(f"{name}#{place}", name, place, text, kind) for place, text in enumerate(texts)]
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


class Wordy:
    """A `PairScorer` that likes passages with many words."""

    name = "wordy"

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return how many words each text has."""
        return np.array([float(len(text.split())) for text in texts])


def add_many(core: Core) -> None:
    """Add documents that fit the worse the more words they have."""
    for number in range(30):
        add(core, f"n{number:02d}", ["travel costs " + " ".join(f"w{number}x{n}" for n in range(number))])


def test_a_released_cross_encoder_reorders_the_first_passages(core: Core) -> None:
    add_many(core)
    before = ids(core, "travel costs")
    release(core, "cross_encoder", {"model": "wordy", "weight": 1.0})

    after = ids(replace(core, pair_scorer=Wordy()), "travel costs")

    assert after[:TOP] == sorted(before[:TOP], reverse=True)
    assert after[TOP:] == before[TOP:]


def test_a_cross_encoder_leaves_the_scores_falling(core: Core) -> None:
    add_many(core)
    release(core, "cross_encoder", {"model": "wordy", "weight": 0.5})

    scores = [hit.score for hit in shortlist(replace(core, pair_scorer=Wordy()), "travel costs", EVERYONE).hits]

    assert scores == sorted(scores, reverse=True)


def test_a_cross_encoder_that_was_switched_on_but_not_released_orders_nothing(core: Core) -> None:
    add_many(core)

    assert ids(replace(core, pair_scorer=Wordy()), "travel costs") == ids(core, "travel costs")


def test_a_released_cross_encoder_that_is_not_switched_on_is_named_as_such(core: Core) -> None:
    add(core, "vpn", ["connect to the vpn"])
    release(core, "cross_encoder", {"model": "wordy", "weight": 0.5})

    assert shortlist(core, "vpn", EVERYONE).versions["cross_encoder"] == "default (not switched on)"


def test_what_is_near_but_may_not_be_read_is_counted_and_nothing_else_of_it_told(core: Core) -> None:
    add(core, "secret", ["salary bands", "salary bands and grades"], label="channel:C1")
    add(core, "open", ["salary day"])

    routing = [shortlist(core, "salary bands", audience).routing for audience in (EVERYONE, MEMBERS)]

    assert [one.withheld for one in routing] == [2, 0]


def test_the_newer_version_of_a_document_goes_first_unless_the_past_is_asked_for(core: Core) -> None:
    add(core, "Limits 2024", ["the limit for meals is sixty dollars a day"])
    add(core, "Limits 2026", ["the limit for meals on a day is seventy dollars"])

    now, past = (
        ids(core, f"what {verb} the limit for meals a day {when}") for verb, when in (("is", ""), ("was", "in 2024"))
    )

    assert (now[0], past[0]) == ("Limits 2026#0", "Limits 2024#0")


def test_the_same_text_in_two_documents_is_one_hit(core: Core) -> None:
    text = "connect to the vpn with the profile that the help desk gives you on your first day at work in the office"
    add(core, "one", [text])
    add(core, "two", [text])

    hits = shortlist(core, "connect to the vpn", EVERYONE).hits

    assert [hit.detail.get("copies") for hit in hits] == ["1"]


def test_a_likelier_retriever_goes_first_where_two_passages_fit_as_well(core: Core) -> None:
    add(core, "text", ["restart the pump"])
    add(core, "script", ["restart the pump"], kind=Kind.CODE)
    vector = core.encoder.encode(["restart the pump"])[0]

    for likely, other in (("code", "document"), ("document", "code")):
        inquiry = Inquiry("restart the pump", vector, EVERYONE, 10, None, {likely: 1.0, other: 0.2})
        with direct(core.database) as db:
            serving = champions.read(db)
            ranked = hybrid.rank(core, db, inquiry, hybrid.candidates(core, inquiry, serving), serving)
        assert [one.passage.kind for one in ranked] == [likely, other]
