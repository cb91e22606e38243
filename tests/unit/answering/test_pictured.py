"""Answers with a picture: what it is, and the lines in it that answer."""

from dataclasses import replace

from flywheel.answering.pictured import LONGEST_ALT, alt_text, pictures_of, write
from flywheel.holdings import Picture
from flywheel.model import Hit, Kind
from tests.unit.answering.made import hit

PLAN = "Figure: floor 2 of the office.\n\nText in the picture:\nHeron 8 · Plover 6\nKitchen\nGannet 4"
ERROR = "image12\n\nText in the picture:\nNetGuard\nError NG-8859\nCertificate chain is incomplete\nReference 123"
LETTER = (
    "scan0003\n\nText in the picture:\nMarlow Catering\nInvoice\nSummer party for 220 guests\nNet amount EUR 9,120.00"
)


def shown(text: str, title: str = "Plan", *, picture: str = "p1", score: float = 1.0) -> Hit:
    return replace(hit(text, title, kind=Kind.IMAGE, score=score), detail={"picture": picture})


def said(question: str, *hits: Hit) -> str:
    written = write(question, hits)
    assert written is not None
    return written.text


def test_the_caption_leads_and_the_line_that_answers_follows() -> None:
    assert said("How many seats has Gannet on floor 2?", shown(PLAN)).startswith(
        "Figure: floor 2 of the office. [1]\n\n"
    )
    assert "• Gannet 4 [1]" in said("How many seats has Gannet on floor 2?", shown(PLAN))


def test_the_line_after_the_best_one_is_shown_too() -> None:
    text = said("What does error NG-8859 mean?", shown(ERROR, "image12"))

    assert text == ("The picture “image12” says: [1]\n\n• Error NG-8859 [1]\n• Certificate chain is incomplete [1]")


def test_an_amount_is_shown_when_one_is_asked_for() -> None:
    assert "• Net amount EUR 9,120.00 [1]" in said("What did Marlow Catering charge?", shown(LETTER, "scan0003"))


def test_the_picture_belongs_to_the_answer_and_is_its_source() -> None:
    written = write("Where is Gannet on floor 2?", [shown(PLAN)])

    assert written is not None
    assert (written.pictures, [one.title for one in written.citations]) == (("p1",), ["Plan"])


def test_a_page_that_shows_the_picture_is_a_second_source() -> None:
    page = shown("Floor plan: Gannet lies in the north-east corner.", "Guide")
    text = said("Where is Gannet on the floor plan?", page, shown(PLAN))

    assert text.startswith("Floor plan: Gannet lies in the north-east corner. [1]")
    assert "• Gannet 4 [2]" in text


def test_a_picture_behind_a_better_text_is_no_answer() -> None:
    assert write("Where is Gannet?", [hit("Gannet is a bird."), shown(PLAN, score=0.99)]) is None


def test_a_picture_that_is_asked_for_may_stand_behind_a_text() -> None:
    assert write("Where is Gannet on the floor plan?", [hit("Gannet is a bird."), shown(PLAN, score=0.95)])


def test_a_picture_of_something_else_is_no_answer() -> None:
    assert write("Who approves travel to Portugal?", [shown(PLAN)]) is None


def test_what_looks_like_a_source_mark_in_a_picture_is_none() -> None:
    assert "• Gannet (3) seats [1]" in said("Where is Gannet?", shown("plan\n\nText in the picture:\nGannet [3] seats"))


def test_the_pictures_of_hits_come_once_in_order() -> None:
    assert pictures_of([hit("Text."), shown(PLAN), shown(PLAN, "Other"), shown(PLAN, picture="p0")]) == ("p1", "p0")


def test_alternative_text_says_everything_that_is_known() -> None:
    picture = Picture(
        "p", "d", 0, "image/png", b"", 1, 1, "A plan", "Figure 1", words="Heron 8\n100", description="Rooms."
    )

    assert alt_text(picture) == "A plan\nFigure 1\nRooms.\nText in the picture: Heron 8"


def test_alternative_text_is_never_empty_nor_too_long() -> None:
    empty = Picture("p", "d", 0, "image/png", b"", 1, 1)

    assert alt_text(empty) == "A picture without a description"
    assert len(alt_text(replace(empty, words="word " * 2_000))) == LONGEST_ALT
