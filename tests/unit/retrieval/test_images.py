"""Refining image passages: a picture counts once."""

from datetime import UTC, datetime

from flywheel.retrieval.hybrid import Ranked
from flywheel.retrieval.images import refine
from flywheel.store.passages import FoundPassage

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def ranked(name: str, document: str, score: float, picture: str | None = None) -> Ranked:
    detail = {"picture": picture} if picture else None
    passage = FoundPassage(
        name, document, document, document, "Text", "image", (), None, None, None, None, None, "s", detail
    )
    return Ranked(passage, score, {})


def refined(*given: Ranked) -> list[str]:
    return [one.passage.id for one in refine("where is Heron?", given, NOW)]


def test_the_best_passage_stands_for_a_picture_of_several() -> None:
    assert refined(ranked("a1", "scan", 0.9, "p"), ranked("a2", "scan", 0.8, "p")) == ["a1"]


def test_a_page_and_the_file_it_shows_both_stay() -> None:
    assert refined(ranked("a", "guide.md", 0.9, "p"), ranked("b", "plan.png", 0.8, "p")) == ["a", "b"]


def test_images_without_a_stored_picture_all_stay() -> None:
    assert refined(ranked("a", "guide.md", 0.9), ranked("b", "guide.md", 0.8)) == ["a", "b"]


def test_the_order_stays() -> None:
    found = (
        ranked("a", "x", 0.9, "p"),
        ranked("b", "y", 0.8, "q"),
        ranked("c", "x", 0.7, "p"),
        ranked("d", "z", 0.6, "r"),
    )

    assert refined(*found) == ["a", "b", "d"]
