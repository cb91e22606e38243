"""What big trainings learn from: headings and the texts below them, and judged questions."""

from flywheel.learning.material import ENOUGH_VOTED, Pair, assembled, pair_of
from flywheel.store.public_passages import PublicPassage

LONG = "Ask your manager first, and then fill in the form that the people team keeps for such cases, please."


def passage(text: str, heading_path: tuple[str, ...] = (), title: str = "Leave") -> PublicPassage:
    """Return a public passage."""
    return PublicPassage("p1", "d1", title, heading_path, text)


def test_a_heading_asks_for_the_passage_without_it() -> None:
    made = pair_of(passage(LONG, ("Leave", "How to request leave")))

    assert made == Pair("How to request leave", f"Leave\n{LONG}", "d1")


def test_a_first_line_that_is_a_heading_counts_as_one() -> None:
    made = pair_of(passage(f"## Requesting parental leave\n{LONG}"))

    assert made == Pair("Requesting parental leave", f"Leave\n{LONG}", "d1")


def test_a_first_line_that_is_a_sentence_is_no_question() -> None:
    assert pair_of(passage(f"This is what we do.\n{LONG}")) is None


def test_a_heading_of_one_word_tells_too_little() -> None:
    assert pair_of(passage(LONG, ("Overview",))) is None


def test_people_judge_where_enough_of_them_did() -> None:
    asked = [(f"question {n}", {"p1": 3.0}) for n in range(ENOUGH_VOTED)]

    made = assembled([Pair("heading", "text", "d2")], asked, {"p1": passage(LONG)}, seed=1)

    assert [text for text, _ in made["judging"]] == [f"question {n}" for n in range(80, 100)]


def test_without_people_no_document_both_teaches_and_judges() -> None:
    corpus = [Pair(f"heading {n}", f"text {n}", f"d{n // 2}") for n in range(200)]

    made = assembled(corpus, [], {}, seed=1)

    taught = {corpus[int(text.split()[1])].document_id for text, _, _ in made["pairs"]}
    judged = {corpus[int(text.split()[1])].document_id for text, _ in made["judging"]}
    assert judged
    assert not taught & judged


def test_what_is_wanted_and_not_public_teaches_nothing() -> None:
    made = assembled([], [("secret plan", {"private": 3.0})], {}, seed=1)

    assert made == {"passages": [], "pairs": [], "judging": []}
