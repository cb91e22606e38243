"""Ids are stable: they depend on what a thing is, not on where in a run it came up."""

from flywheel.knowledge.chunks import Piece
from flywheel.knowledge.embedding import encoded_text
from flywheel.knowledge.identity import document_id, passages_of


def test_a_passage_keeps_its_id_when_text_is_put_before_it() -> None:
    before = passages_of("d", "T", [Piece("one"), Piece("two")])
    after = passages_of("d", "T", [Piece("zero"), Piece("one"), Piece("two")])

    assert [passage.id for passage in before] == [passage.id for passage in after[1:]]


def test_the_same_text_twice_gets_two_ids() -> None:
    first, second = passages_of("d", "T", [Piece("same"), Piece("same")])

    assert first.id != second.id


def test_where_a_source_ends_and_a_name_begins_matters() -> None:
    assert document_id("/a", "b/c") != document_id("/a/b", "c")


def test_a_first_heading_that_is_the_title_is_left_out_of_the_path() -> None:
    (passage,) = passages_of("d", "Leave", [Piece("25 days", heading_path=("Leave", "Annual"))])

    assert passage.heading_path == ("Annual",)


def test_title_and_headings_are_encoded_with_the_text() -> None:
    assert encoded_text("Leave", ("Annual", "Days"), "25") == "Leave\nAnnual > Days\n25"


def test_a_text_that_begins_with_its_title_does_not_get_it_twice() -> None:
    assert encoded_text("Leave", (), "Leave is 25 days") == "Leave is 25 days"


def test_what_no_database_stores_is_left_out() -> None:
    (passage,) = passages_of("d", "T", [Piece("a\x00b\ud800c")])

    assert passage.text == "abc"
