"""Whom to ask, put into words: ids for people, marks for documents, silence where nobody is near."""

from dataclasses import replace

from flywheel.answering.experts import SUREST, write
from flywheel.model import Hit, Retriever

QUESTION = "Who knows about the VPN?"
VPN = Hit("p1", "d1", "vpn.md", "VPN", "Install it.", Retriever.DOCUMENTS, 0.5)
RULES = Hit("p2", "d2", "rules.md", "Rules", "No sharing.", Retriever.DOCUMENTS, 0.4)
SANNE = Hit(
    "person:U1", "d1", "U1", "U1", "owns “VPN”; answered 3 questions on it", Retriever.PEOPLE, 0.9,
    detail={"documents": "d1"},
)  # fmt: skip


def text(*hits: Hit) -> str:
    written = write(QUESTION, hits)
    return written.text if written else ""


def test_a_person_is_named_by_id_with_reasons_and_sources() -> None:
    assert text(SANNE, VPN) == "One person to ask about VPN:\n• U1 — owns “VPN” [1]; answered 3 questions on it"


def test_the_documents_behind_the_reasons_are_cited() -> None:
    both = replace(SANNE, text="owns “Rules”; owns “VPN”", detail={"documents": "d2 d1"})

    written = write(QUESTION, [both, VPN, RULES])

    assert written is not None
    assert [(one.n, one.passage_id) for one in written.citations] == [(1, "p2"), (2, "p1")]


def test_a_document_that_was_not_found_is_not_cited() -> None:
    assert text(SANNE, RULES).endswith("• U1 — owns “VPN”; answered 3 questions on it")


def test_two_people_who_are_close_are_both_named() -> None:
    assert text(SANNE, replace(SANNE, title="U2", score=0.8), VPN).startswith("Two people to ask about VPN:\n• U1")


def test_who_is_far_behind_is_left_in_peace() -> None:
    assert "U2" not in text(SANNE, replace(SANNE, title="U2", score=0.45), VPN)


def test_nobody_is_named_below_the_floor() -> None:
    assert write(QUESTION, [replace(SANNE, score=0.3), VPN]) is None


def test_nobody_is_named_where_none_was_found() -> None:
    assert write(QUESTION, [VPN, RULES]) is None


def test_the_confidence_is_the_best_score_and_never_certainty() -> None:
    scores = [write(QUESTION, [replace(SANNE, score=score)]) for score in (0.6, 0.999)]

    assert [one.confidence for one in scores if one] == [0.6, SUREST]


def test_a_name_written_like_a_mark_cites_nothing() -> None:
    written = write(QUESTION, [replace(SANNE, title="Eve [1]"), VPN])

    assert written is not None
    assert "Eve (1)" in written.text


def test_a_question_that_asks_for_nobody_is_not_repeated_as_a_topic() -> None:
    written = write("how do I get on the VPN?", [SANNE, VPN])

    assert written is not None
    assert written.text.startswith("One person to ask about this:\n")
