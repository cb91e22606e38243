"""Each signal is about one part of the bot: what people said is right, and how far that came, decides."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flywheel.curation.credit import attribute, blameless, overridden, parts
from flywheel.curation.credit_evidence import Known
from flywheel.model import Correction, CorrectionState, Retriever, Routing, Signal, SignalKind
from flywheel.store.credits import Attribution, Part, Word
from flywheel.store.ledger import Exchange, Ledger
from flywheel.store.places import Place
from tests.unit.curation.exchanges import START, did, exchange, ledger

PUBLIC = frozenset({"public"})
THERE = Place(Retriever.DOCUMENTS, PUBLIC, START - timedelta(days=1))
NO = SignalKind.THUMBS_DOWN
UP = SignalKind.CITATION_UP


def blamed(made: Ledger, known: Known | None = None, *, key: str = "") -> Attribution:
    """Return the attribution of the first signal, or of the one with this key."""
    return attribute(made, known)[key or made.signals[0].key]


def no_and(passage: str) -> tuple[Signal, Signal]:
    """Return a No, and somebody else's word on which passage is right."""
    return did(NO, "ana"), did(UP, "bo", minute=2, passage_id=passage)


def abstained(*, listed: int = 4) -> Exchange:
    """Return an exchange without an answer."""
    made = exchange()
    answer = replace(made.answer, abstained=True, citations=())
    return replace(made, answer=answer, shortlist=made.shortlist[:listed])


def searched(*names: str) -> Exchange:
    """Return an exchange for which only these retrievers were searched."""
    made = exchange()
    return replace(made, answer=replace(made.answer, routing=Routing(names)))


def correction(source: str | None, state: CorrectionState = CorrectionState.PENDING, person: str = "ana") -> Correction:
    return Correction("c1", "a0", "Question 0?", "No, like this.", person, START, source, state)


def test_a_plain_no_blames_nobody() -> None:
    assert blamed(ledger(did(NO))).part is Part.NONE


def test_a_yes_leaves_nothing_to_mend() -> None:
    found = blamed(ledger(did(SignalKind.THUMBS_UP)))

    assert (found.part, found.helped) == (Part.NONE, True)


def test_what_was_found_behind_what_was_cited_is_a_matter_of_ranking() -> None:
    found = blamed(ledger(*no_and("p4")))

    assert (found.part, found.evidence["place"]) == (Part.RANKING, 4)
    assert found.why == "The passage that people pointed at was found at place 4 and not shown."


def test_what_was_cited_is_a_matter_of_writing() -> None:
    assert blamed(ledger(*no_and("p2"))).part is Part.WRITING


def test_what_stood_before_what_was_cited_is_a_matter_of_writing() -> None:
    made = exchange()
    made = replace(made, answer=replace(made.answer, citations=made.answer.citations[1:]))

    assert blamed(ledger(*no_and("p1"), exchanges=(made,))).part is Part.WRITING


def test_what_is_in_the_index_and_was_not_found_is_a_matter_of_retrieval() -> None:
    assert blamed(ledger(*no_and("p9")), Known({"p9": THERE})).part is Part.RETRIEVAL


def test_what_is_nowhere_in_the_index_is_a_matter_of_knowledge() -> None:
    assert blamed(ledger(*no_and("p9")), Known({})).part is Part.KNOWLEDGE


def test_what_came_into_the_index_later_is_a_matter_of_knowledge() -> None:
    later = replace(THERE, indexed_at=START + timedelta(days=1))

    assert blamed(ledger(*no_and("p9")), Known({"p9": later})).part is Part.KNOWLEDGE


def test_what_not_all_readers_may_read_blames_nobody() -> None:
    private = replace(THERE, labels=frozenset({"channel:C9"}))

    assert blamed(ledger(*no_and("p9")), Known({"p9": private})).part is Part.NONE


def test_a_kind_that_was_not_searched_is_a_matter_of_routing() -> None:
    table = replace(THERE, retriever=Retriever.TABLES)

    found = blamed(ledger(*no_and("p9"), exchanges=(searched("documents"),)), Known({"p9": table}))

    assert (found.part, "tables" in found.why) == (Part.ROUTER, True)


def test_an_answer_that_was_repeated_in_place_of_the_right_passage_is_a_matter_of_routing() -> None:
    made = exchange()
    repeats = replace(made.answer, verified_answer_id="v1", citations=())

    assert blamed(ledger(*no_and("p3"), exchanges=(replace(made, answer=repeats),))).part is Part.ROUTER


def test_no_answer_though_the_passage_was_among_the_first_is_a_matter_of_writing() -> None:
    assert blamed(ledger(*no_and("p3"), exchanges=(abstained(),))).part is Part.WRITING


def test_no_answer_and_a_colleague_asked_is_a_matter_of_knowledge() -> None:
    assert blamed(ledger(did(SignalKind.ESCALATE), exchanges=(abstained(),))).part is Part.KNOWLEDGE


@pytest.mark.parametrize(
    ("reason", "part"),
    [
        ("too_long", Part.WRITING),
        ("outdated", Part.KNOWLEDGE),
        ("wrong_source", Part.RANKING),
        ("wrong", Part.NONE),
        ("not_answered", Part.NONE),
    ],
)
def test_a_reason_alone_blames_what_it_names(reason: str, part: Part) -> None:
    assert blamed(ledger(did(NO, reason=reason))).part is part


def test_a_correction_that_names_an_unknown_source_is_a_matter_of_knowledge() -> None:
    made = ledger(did(SignalKind.EDIT), corrections=(correction("the old wiki"),))

    assert blamed(replace(made, sources={"c1": ()})).part is Part.KNOWLEDGE


def test_a_correction_that_names_a_found_source_is_a_matter_of_ranking() -> None:
    assert blamed(ledger(did(SignalKind.EDIT), corrections=(correction("d3"),))).part is Part.RANKING


def test_a_rejected_correction_is_no_evidence() -> None:
    made = ledger(did(NO), corrections=(correction("d3", CorrectionState.REJECTED, "bo"),))

    assert blamed(made).part is Part.NONE


def test_what_is_right_for_a_question_is_right_when_it_is_asked_again() -> None:
    asked = (exchange(0, text="How do I connect?"), exchange(1, text="how do I connect"))
    no, points = did(NO, number=0), did(UP, "bo", number=1, passage_id="p3")

    assert blamed(ledger(no, points, exchanges=asked)).part is Part.RANKING


def test_what_is_right_for_another_question_says_nothing() -> None:
    no, points = did(NO, number=0), did(UP, "bo", number=1, passage_id="p3")

    assert blamed(ledger(no, points, exchanges=(exchange(0), exchange(1)))).part is Part.NONE


def test_questions_of_one_cluster_are_one_question() -> None:
    no, points = did(NO, number=0), did(UP, "bo", number=1, passage_id="p3")
    known = Known(cluster={"q0": "question 1"})

    assert blamed(ledger(no, points, exchanges=(exchange(0), exchange(1))), known).part is Part.RANKING


def test_a_yes_to_the_same_answer_does_not_make_a_no_about_its_writing() -> None:
    assert blamed(ledger(did(NO), did(SignalKind.THUMBS_UP, "bo"))).part is Part.NONE


def test_what_a_person_says_themselves_goes_before_what_others_say() -> None:
    own, other = did(UP, "ana", passage_id="p4"), did(UP, "bo", passage_id="p2")
    third = did(UP, "cy", passage_id="p2")

    assert blamed(ledger(did(NO), own, other, third)).part is Part.RANKING


def test_a_passage_that_was_called_wrong_as_often_as_right_is_no_evidence() -> None:
    against = did(SignalKind.CITATION_DOWN, "cy", minute=3, passage_id="p4")

    assert blamed(ledger(*no_and("p4"), against)).part is Part.NONE


def test_pointing_at_what_was_cited_is_praise() -> None:
    assert blamed(ledger(did(UP, passage_id="p1"))).helped


def test_pointing_at_what_was_not_shown_is_a_matter_of_ranking() -> None:
    assert blamed(ledger(did(UP, passage_id="p3"))).part is Part.RANKING


def test_looking_elsewhere_blames_the_router_where_that_was_not_searched() -> None:
    reroute = did(SignalKind.REROUTE, retriever="tables")

    assert blamed(ledger(reroute, exchanges=(searched("documents"),))).part is Part.ROUTER


def test_looking_elsewhere_in_vain_blames_nobody() -> None:
    first = searched("documents")
    again = replace(first.answer, id="a9", routing=Routing(("tables",), asked_for="tables"))
    no = replace(did(NO), answer_id="a9")

    made = ledger(did(SignalKind.REROUTE, retriever="tables"), no, exchanges=(first, replace(first, answer=again)))

    assert blamed(made).part is Part.NONE


def test_of_a_persons_votes_the_last_alone_gets_credit() -> None:
    votes = (did(NO, minute=1), did(SignalKind.THUMBS_UP, minute=2))

    assert list(attribute(ledger(*votes))) == [votes[1].key]


def test_every_signal_gets_at_most_one_part() -> None:
    made = ledger(*no_and("p4"), did(SignalKind.ESCALATE), did(SignalKind.FOLLOW_UP), did(SignalKind.COPY, "cy"))

    assert len(attribute(made)) == 4


def test_a_reviewers_word_goes_before_what_was_computed() -> None:
    made = attribute(ledger(*no_and("p4")))

    changed = overridden(made, {"a0": Word(Part.KNOWLEDGE, "boss", START)})

    assert set(parts(changed.values()).values()) == {Part.KNOWLEDGE}


def test_a_reviewers_word_leaves_praise_alone() -> None:
    made = attribute(ledger(did(SignalKind.THUMBS_UP)))

    assert overridden(made, {"a0": Word(Part.RANKING, "boss", START)}) == made


def test_praise_blames_nothing() -> None:
    assert parts(attribute(ledger(did(SignalKind.THUMBS_UP))).values()) == {}


@pytest.mark.parametrize(
    ("reason", "none_is_to_blame"), [("outdated", True), ("too_long", True), ("wrong_source", False)]
)
def test_no_passage_is_to_blame_for_the_writing_or_the_knowledge(reason: str, *, none_is_to_blame: bool) -> None:
    made = ledger(did(NO, reason=reason))

    assert bool(blameless(attribute(made).values())) is none_is_to_blame


def test_the_same_ledger_gives_the_same_credit_in_any_order() -> None:
    signals = (*no_and("p4"), did(NO, "cy", minute=5), did(UP, "di", minute=6, passage_id="p3"))

    assert attribute(ledger(*signals)) == attribute(ledger(*reversed(signals)))


def test_a_liked_answer_from_an_attached_file_says_of_no_passage_that_it_is_right() -> None:
    asked, again = exchange(0, text="When does it end?"), exchange(1, text="When does it end?")
    of_file = tuple(replace(one, passage_id=f"file:F1:{one.n}") for one in asked.answer.citations)
    asked = replace(asked, answer=replace(asked.answer, citations=of_file), shortlist=())
    signals = did(NO, "ana", number=1), did(SignalKind.THUMBS_UP, "bo")

    found = blamed(ledger(*signals, exchanges=(asked, again)), Known(places={}))

    assert found.part is Part.NONE
