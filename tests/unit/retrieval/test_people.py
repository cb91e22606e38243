"""Which questions ask for a person, about what; and how ties add up and read."""

import pytest

from flywheel.retrieval.people import asks_for_people, topic
from flywheel.retrieval.ties import Bond, Tie, experts, reasons, strength


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("Who knows about the VPN?", "VPN"),
        ("who owns the flowdb database", "flowdb database"),
        ("Who should I ask about parental leave?", "parental leave"),
        ("whom do I ask about flowdb", "flowdb"),
        ("Who wrote the deploy run-book?", "deploy run-book"),
        ("who is responsible for backups here?", "backups"),
        ("who's the best person to ask about brand colours", "brand colours"),
        ("Who can help me with calibration?", "calibration"),
        ("Hi! Who maintains Tideboard please?", "Tideboard"),
        ("point of contact for the Eddy 3", "Eddy 3"),
        ("Is there somebody who knows about Postgres?", "Postgres"),
        ("who's an expert on tide gauges", "tide gauges"),
    ],
)
def test_a_question_for_a_person_has_its_topic(question: str, about: str) -> None:
    assert asks_for_people(question)
    assert topic(question) == about


@pytest.mark.parametrize(
    "question",
    [
        "Who approves expenses?",
        "Who is allowed to fly business class?",
        "who is eligible for parental leave",
        "Who do I contact if my laptop is stolen?",
        "Who signs the NDA?",
        "Who is primary on call in the week of 24 November?",
        "Does anyone know how to connect to the VPN?",
        "anybody who knows how to remove the lock file?",
        "who created you",
        "How do I become an expert?",
        "What does the owner of a document do?",
    ],
)
def test_a_question_for_a_rule_is_left_to_documents(question: str) -> None:
    assert not asks_for_people(question)


def test_the_topic_of_any_other_question_is_the_question() -> None:
    assert topic("How do I connect?") == "How do I connect"


def tie(bond: Bond, person: str = "U1", title: str = "VPN", worth: float = 0.5, **counts: int) -> Tie:
    return Tie(person, bond, worth, f"d-{title}" if title else "", title, "owner", **counts)


def test_the_reasons_are_one_sentence_about_each_document() -> None:
    ties = [tie(Bond.OWNS), tie(Bond.ANSWERED, count=3), tie(Bond.WROTE, count=5, whole=12)]

    assert reasons(ties) == "owns “VPN”; answered 3 questions on it; wrote 5 of its 12 changes"


def test_what_has_no_document_is_about_this() -> None:
    assert reasons([tie(Bond.ANSWERED, title=""), tie(Bond.OWNS)]) == "answered 1 question on this; owns “VPN”"


def test_what_is_said_of_one_document_stands_together() -> None:
    ties = [tie(Bond.OWNS, title="A", worth=0.9), tie(Bond.OWNS, title="B", worth=0.5), tie(Bond.WROTE, title="A")]

    assert [one.title for one in experts(ties)[0].ties] == ["A", "A", "B"]


def test_a_title_cannot_pose_as_a_source_mark_or_end_its_quotation() -> None:
    assert reasons([tie(Bond.OWNS, title="Plan” [1]\nX")]) == "owns “Plan’ (1) X”"


def test_each_further_tie_adds_less() -> None:
    one, two, three = ([tie(Bond.OWNS, title=str(n)) for n in range(count)] for count in (1, 2, 3))

    assert [round(experts(ties)[0].score, 3) for ties in (one, two, three)] == [0.5, 0.75, 0.875]


def test_the_person_with_more_ties_comes_first() -> None:
    found = experts([tie(Bond.OWNS, "U2"), tie(Bond.OWNS, "U1"), tie(Bond.WROTE, "U2")])

    assert [one.person for one in found] == ["U2", "U1"]


@pytest.mark.parametrize(
    ("more", "less"), [(Bond.NAMED, Bond.OWNS), (Bond.OWNS, Bond.ANSWERED), (Bond.ANSWERED, Bond.REPLIED)]
)
def test_being_answerable_says_more_than_having_done(more: Bond, less: Bond) -> None:
    assert strength(more, 0.8) > strength(less, 0.8)


def test_who_wrote_most_of_a_document_knows_more_of_it() -> None:
    assert strength(Bond.WROTE, 1.0, share=0.9) > strength(Bond.WROTE, 1.0, share=0.1)


def test_one_change_says_less_than_many() -> None:
    assert strength(Bond.WROTE, 1.0, count=1) < strength(Bond.WROTE, 1.0, count=9)
