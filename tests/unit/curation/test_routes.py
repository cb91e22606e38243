"""What signals say about the route of a question."""

from datetime import timedelta

from flywheel.curation.routes import REROUTE_WEIGHT, YES_WEIGHT, Routes, curate
from flywheel.model import (
    Answer,
    Audience,
    Citation,
    Question,
    Retriever,
    Signal,
    SignalKind,
    Surface,
)
from flywheel.store.answers import Listed
from flywheel.store.ledger import Exchange, Ledger
from tests.parts import MOMENT


def exchange(number: int = 1, cites: Retriever = Retriever.TABLES) -> Exchange:
    """Return a question with an answer that cites one passage of a retriever."""
    question = Question(f"q{number}", f"Question {number}?", "U0", Surface.API, MOMENT, Audience.everyone())
    answer = Answer(f"a{number}", question.id, "12 [1]", False, 0.9, "extractive", (Citation(1, "p1", "d1", "D"),))
    return Exchange(question, answer, (Listed(1, "p1", "d1", cites, 1.0, {}, True),))


def did(kind: SignalKind, person: str, number: int = 1, minute: int = 1, **detail: str) -> Signal:
    """Return one act about an answer."""
    at = MOMENT + timedelta(minutes=minute)
    return Signal(f"{kind}{person}{number}{minute}", f"a{number}", kind, person, at, detail)


def rerouted(person: str, retriever: str, number: int = 1, minute: int = 1) -> Signal:
    """Return a reroute."""
    return did(SignalKind.REROUTE, person, number, minute, retriever=retriever)


def curated(*signals: Signal, exchanges: int = 1) -> Routes:
    """Return what a ledger of these signals gives."""
    about = tuple(exchange(number) for number in range(1, exchanges + 1))
    return curate(Ledger(about, signals, (), {}, frozenset()))


def test_a_reroute_labels_the_question_with_the_retriever_chosen() -> None:
    (one,) = curated(rerouted("ana", "code")).questions

    assert (one.label, one.weight, one.group.person) == (Retriever.CODE, REROUTE_WEIGHT, "ana")


def test_a_yes_is_a_weaker_label_for_what_was_cited_first() -> None:
    (one,) = curated(did(SignalKind.THUMBS_UP, "ana")).questions

    assert (one.label, one.weight) == (Retriever.TABLES, YES_WEIGHT)


def test_a_no_says_nothing_about_the_route() -> None:
    assert curated(did(SignalKind.THUMBS_DOWN, "ana")).questions == ()


def test_a_yes_taken_back_counts_no_more() -> None:
    assert curated(did(SignalKind.THUMBS_UP, "ana"), did(SignalKind.THUMBS_DOWN, "ana", minute=2)).questions == ()


def test_looking_in_verified_answers_is_no_route() -> None:
    assert curated(rerouted("ana", "answers")).questions == ()


def test_an_unknown_retriever_is_left_out() -> None:
    assert curated(rerouted("ana", "crystal ball")).questions == ()


def test_of_one_person_s_acts_on_a_question_the_last_counts() -> None:
    said = curated(rerouted("ana", "code"), rerouted("ana", "images", minute=2))

    assert [one.label for one in said.questions] == [Retriever.IMAGES]
    assert said.left_out["replaced by a later act"] == 1


def test_one_reroute_outweighs_one_yes() -> None:
    (one,) = curated(did(SignalKind.THUMBS_UP, "ben"), rerouted("ana", "code")).questions

    assert one.label is Retriever.CODE


def test_where_people_do_not_agree_there_is_no_label() -> None:
    said = curated(rerouted("ana", "code"), rerouted("ben", "images"))

    assert (said.questions, said.left_out["people do not agree"]) == ((), 1)


def test_nobody_counts_more_often_than_the_cap() -> None:
    flood = [rerouted("mallory", "images", number) for number in range(1, 201)]
    honest = [rerouted(f"U{number}", "code", number) for number in range(201, 221)]

    said = curated(*flood, *honest, exchanges=220)

    assert sum(one.person == "mallory" for one in said.labels) == 20
