"""How far the lexical index is trusted, by what its best passages hold of the question's words."""

import pytest

from flywheel.model import Kind
from flywheel.retrieval.features import Words
from flywheel.retrieval.trust import trusting
from flywheel.store.passages import FoundPassage

QUESTION = Words.of("Why was my card swallowed by the machine yesterday?")


LONG = " ".join(["elsewhere"] * 20)


def passage(text: str, kind: Kind = Kind.TEXT) -> FoundPassage:
    """Return a passage with this text."""
    return FoundPassage("p", "d", "e", "", text, kind.value, (), None, None, None, None, None, "tests")


@pytest.mark.parametrize(
    ("text", "trusted"),
    [
        ("card", 0.5),
        ("card swallowed", 1.0),
        ("the machine swallowed a card", 1.0),
        ("nothing of the kind", 0.0),
    ],
)
def test_words_count_as_far_as_the_best_passage_holds_them(text: str, trusted: float) -> None:
    scores = trusting(QUESTION, [passage(f"{text} {LONG}")], {"p": {"bm25_norm": 1.0, "dense": 0.3}})

    assert scores == {"p": {"bm25_norm": pytest.approx(trusted), "dense": 0.3}}


def test_a_picture_that_shows_fewer_words_than_it_is_found_by_is_trusted() -> None:
    scores = trusting(QUESTION, [passage("", Kind.IMAGE)], {"p": {"bm25_norm": 1.0}})

    assert scores["p"]["bm25_norm"] == 1.0


def test_a_question_without_content_words_trusts_what_is_found() -> None:
    scores = trusting(Words.of("how is it"), [passage(f"card {LONG}")], {"p": {"bm25_norm": 1.0}})

    assert scores["p"]["bm25_norm"] == 1.0


def test_a_word_says_less_among_entries_of_a_few_words() -> None:
    scores = trusting(QUESTION, [passage("card swallowed by machine")], {"p": {"bm25_norm": 1.0}})

    assert scores["p"]["bm25_norm"] == pytest.approx(4 / 20)
