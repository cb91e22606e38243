"""Tables that were found: one hit for each, the row that was asked for, the columns that were named."""

from datetime import UTC, datetime

from flywheel.retrieval.hybrid import Ranked
from flywheel.retrieval.tables import refine
from flywheel.store.passages import FoundPassage

NOW = datetime(2026, 11, 20, tzinfo=UTC)
CARD = "Rooms (90 rows): Room, Seats, Office\n\nRoom: Heron; Seats: 8; Office: Halifax"
ROW = "Room: Osprey; Seats: 14; Office: Halifax"


def found(name: str, text: str, score: float, **detail: str) -> Ranked:
    passage = FoundPassage(
        id=name,
        document_id="d",
        external_id="rooms.csv",
        title="Rooms",
        text=text,
        kind="table",
        heading_path=(),
        page=None,
        line=1,
        url=None,
        owner=None,
        updated_at=None,
        source="company",
        detail=detail,
    )
    return Ranked(passage, score, {})


def order(question: str, *ranked: Ranked) -> list[tuple[str, float]]:
    return [(one.passage.id, one.score) for one in refine(question, ranked, NOW)]


def test_a_row_that_was_asked_for_stands_for_its_table() -> None:
    ranked = found("card", CARD, 0.9, table="t", card="1"), found("row", ROW, 0.5, table="t")

    assert order("how many seats has Osprey?", *ranked) == [("row", 0.9)]


def test_the_card_stands_for_its_table_otherwise() -> None:
    ranked = found("row", ROW, 0.9, table="t"), found("card", CARD, 0.5, table="t", card="1")

    assert order("how many seats are there in all rooms?", *ranked) == [("card", 0.9)]


def test_what_is_no_table_stays_by_itself() -> None:
    assert order("seats", found("a", "x", 0.9), found("b", "y", 0.8)) == [("a", 0.9), ("b", 0.8)]


def test_of_near_tables_of_a_document_the_one_with_the_named_columns_goes_first() -> None:
    staff = found("staff", "Team: Ops; Salary: 5", 0.9, table="t1")
    rooms = found("rooms", "Room: Heron; Seats: 8", 0.85, table="t2")

    assert order("seats of a room", staff, rooms) == [("rooms", 0.9), ("staff", 0.85)]


def test_named_columns_do_not_lift_what_is_far_behind() -> None:
    staff = found("staff", "Team: Ops; Salary: 5", 0.9, table="t1")
    rooms = found("rooms", "Room: Heron; Seats: 8", 0.3, table="t2")

    assert order("seats of a room", staff, rooms) == [("staff", 0.9), ("rooms", 0.3)]
