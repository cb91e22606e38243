"""What a language model wrote, with the sources that disagree under it."""

from flywheel.answering.disagreement import Disagreement, disagreement, newest_first
from flywheel.answering.sides import beside
from flywheel.answering.written import Written, citation
from tests.unit.answering.made import evidence, hit

OLD = hit("Meals while travelling cost up to CAD 55 per day.", "Expenses (2024 rules)", score=1.0, year=2024)
NEW = hit("Meals while travelling cost up to CAD 75 per day.", "Expenses", score=0.9, year=2026)


def clash() -> Disagreement:
    found = disagreement(newest_first(evidence("How much may meals while travelling cost per day?", OLD, NEW)))
    assert found is not None
    return found


def test_the_older_source_is_added_and_both_are_quoted_with_their_dates() -> None:
    text = Written("You may spend CAD 75 a day. [1]", "model", (citation(1, NEW),))

    shown = beside(text, clash())

    assert shown.text.splitlines()[2:] == [
        "These sources disagree:",
        "• 4 March 2026, “Expenses”: Meals while travelling cost up to CAD 75 per day. [1]",
        "• 4 March 2024, “Expenses (2024 rules)”: Meals while travelling cost up to CAD 55 per day. [2]",
    ]
    assert [one.passage_id for one in shown.citations] == [NEW.passage_id, OLD.passage_id]


def test_both_numbers_of_the_text_are_kept_where_it_cites_both() -> None:
    text = Written("CAD 55 [1], or CAD 75 [2].", "model", (citation(1, OLD), citation(2, NEW)))

    shown = beside(text, clash())

    assert "per day. [2]\n• 4 March 2024" in shown.text
    assert len(shown.citations) == 2


def test_an_answer_about_something_else_is_left_alone() -> None:
    text = Written("Lunch is at noon. [1]", "model", (citation(1, hit("Lunch is at noon.", "Lunch")),))

    assert beside(text, clash()) is text
