"""Code that was found: named symbols first, copies folded."""

from datetime import UTC, datetime

from flywheel.retrieval.code import refine
from flywheel.retrieval.hybrid import Ranked
from flywheel.store.passages import FoundPassage

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def found(symbol: str, score: float, text: str = "") -> Ranked:
    passage = FoundPassage(
        id=f"{symbol}-{score}",
        document_id="d",
        external_id="src/a.py",
        title="a.py",
        text=text or f"def {symbol}(): return {score}",
        kind="code",
        heading_path=(symbol,),
        page=None,
        line=1,
        url=None,
        owner=None,
        updated_at=None,
        source="src",
        detail={"symbol": symbol},
    )
    return Ranked(passage, score, {})


def order(question: str, *ranked: Ranked) -> list[str]:
    return [(one.passage.detail or {})["symbol"] for one in refine(question, ranked, NOW)]


def test_a_named_symbol_comes_first() -> None:
    assert order("what does retryWithBackoff do", found("other", 0.9), found("retryWithBackoff", 0.2)) == [
        "retryWithBackoff",
        "other",
    ]


def test_the_whole_path_goes_before_its_last_name() -> None:
    ranked = found("A.wait", 0.9), found("B.wait", 0.1)

    assert order("how does B.wait work", *ranked) == ["B.wait", "A.wait"]


def test_code_in_which_the_name_stands_goes_before_the_rest() -> None:
    ranked = found("a", 0.9), found("b", 0.2, "class b:\n    def may_retry(self): ...")

    assert order("where is may_retry", *ranked) == ["b", "a"]


def test_a_symbol_whose_words_are_all_asked_for_moves_up() -> None:
    assert order("round half even of an amount", found("total", 0.6), found("roundHalfEven", 0.5)) == [
        "roundHalfEven",
        "total",
    ]


def test_a_question_in_words_keeps_the_order() -> None:
    assert order("how do we wait", found("a", 0.9), found("wait", 0.5)) == ["a", "wait"]


def test_copies_are_folded_into_their_best() -> None:
    ranked = found("f", 0.9, "def f():\n    return 1"), found("f", 0.5, "def f():\n        return 1")
    refined = refine("f", ranked, NOW)

    assert [(one.score, (one.passage.detail or {})["copies"]) for one in refined] == [(0.9, "2")]


def test_scores_fall_and_stay_between_0_and_1() -> None:
    ranked = found("a", 1.0), found("getTheUser", 0.8), found("b", 0.3)
    scores = [one.score for one in refine("`b` or get the user", ranked, NOW)]

    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_nothing_found_stays_nothing() -> None:
    assert refine("anything", [], NOW) == []
