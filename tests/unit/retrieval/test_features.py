"""The features of a hit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flywheel.model import Hit, Kind, Retriever
from flywheel.retrieval.closer_features import CLOSER
from flywheel.retrieval.features import FEATURES, Words, features

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SCORES = {
    "dense": 0.5,
    "bm25": 3.0,
    "dense_rank": 1.0,
    "bm25_rank": 0.0,
    "dense_norm": 1.0,
    "bm25_norm": 0.4,
    "route": 1.0,
    "kind_norm": 1.0,
}


def hit(text: str = "some text", title: str = "A title", updated_at: datetime | None = None) -> Hit:
    """Return a hit with these words."""
    return Hit("p", "d", "e", title, text, Retriever.DOCUMENTS, 0.0, heading_path=("Leave", "Parental"), updated_at=updated_at)  # fmt: skip  # noqa: E501


def feature(name: str, query: str, of: Hit) -> float:
    """Return one feature."""
    return features(Words.of(query), of, SCORES, NOW)[name]


def test_the_names_are_those_of_the_values_in_order() -> None:
    assert (*features(Words.of("q"), hit(), SCORES, NOW), *CLOSER) == FEATURES


def test_not_found_by_an_index_means_reciprocal_rank_zero() -> None:
    found = features(Words.of("q"), hit(), SCORES, NOW)

    assert (found["dense_reciprocal_rank"], found["bm25_reciprocal_rank"]) == (1.0, 0.0)


def test_title_overlap_is_the_share_of_content_words_in_the_title() -> None:
    assert feature("title_overlap", "How do I request parental leave?", hit(title="Parental guide")) == pytest.approx(
        1 / 3
    )


def test_headings_count_as_headings() -> None:
    assert feature("heading_overlap", "parental leave", hit()) == 1.0


def test_a_phrase_matches_pair_by_pair() -> None:
    assert feature("phrase_match", "connect to vpn", hit("Please connect to the vpn")) == 0.5


def test_a_number_that_stands_in_the_text_matches() -> None:
    assert feature("number_match", "limits in 2025 for E42", hit("In 2025 …")) == 0.5


def test_a_year_old_counts_half() -> None:
    assert feature("recency", "q", hit(updated_at=NOW - timedelta(days=365.25))) == pytest.approx(0.5)


def test_a_date_in_the_future_is_as_good_as_today() -> None:
    assert feature("recency", "q", hit(updated_at=NOW + timedelta(days=9))) == 1.0


def test_nothing_is_divided_by_an_empty_question() -> None:
    assert feature("title_overlap", "?", hit()) == 0.0


@pytest.mark.parametrize(
    "question",
    ["what does retryWithBackoff do", "what does `ls -la` print", "where is flow_db.conf", 'what means "E-42"'],
)
def test_an_exact_name_in_the_text_matches(question: str) -> None:
    texts = "retryWithBackoff, ls -la, flow_db.conf, E-42 broken", "something else"

    assert [feature("name_match", question, hit(text)) for text in texts] == [1.0, 0.0]


def test_identifiers_versions_paths_and_quotes_are_exact_names() -> None:
    names = Words.of('Why does retry_after fail in `wait for it` of v1.2-b, "Harbour-2" or /srv/data/, please?').names

    assert names == {"retry_after", "wait for it", "v1.2-b", "harbour-2", "srv/data"}


def test_a_long_word_is_no_exact_name() -> None:
    assert Words.of("a" * 20_000).names == frozenset()


def test_a_question_without_exact_names_is_matched_by_everything() -> None:
    assert feature("name_match", "How do I request parental leave?", hit()) == 1.0


def test_the_words_of_a_symbol_match_when_the_question_has_them() -> None:
    code = replace(hit(), kind=Kind.CODE, detail={"symbol": "retryWithBackoff"})

    assert feature("symbol_match", "how do we retry with backoff?", code) == pytest.approx(2 / 3)  # "with" says nothing


def test_kinds_are_told_apart() -> None:
    table = replace(hit(), kind=Kind.TABLE)

    assert [feature(name, "q", table) for name in ("is_code", "is_table", "is_image")] == [0.0, 1.0, 0.0]
