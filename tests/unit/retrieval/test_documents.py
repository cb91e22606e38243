"""Copies folded, and newer versions before older ones."""

from datetime import UTC, datetime, timedelta

import pytest

from flywheel.retrieval.documents import refine, time_of
from flywheel.retrieval.hybrid import Ranked
from flywheel.store.passages import FoundPassage

NOW = datetime(2026, 6, 1, tzinfo=UTC)
RULE = "Meals are paid up to the daily limit when you travel for the company, and receipts are kept for a year."
OLD = f"{RULE} The limit is 60 dollars."
NEW = f"{RULE} The limit is 75 dollars."


def passage(
    name: str, text: str, title: str = "Expenses", *, path: str = "", at: datetime | None = None
) -> FoundPassage:
    """Return a passage of a document of its own."""
    external_id = path or f"{name}.md"
    return FoundPassage(
        name, f"d-{name}", external_id, title, text, "document", (), None, None, None, None, at, "handbook"
    )


def ranked(*passages: FoundPassage, apart: float = 0.05) -> list[Ranked]:
    """Return passages as found, best first."""
    return [Ranked(one, 1.0 - apart * place, {"dense": 0.6}) for place, one in enumerate(passages)]


def order(question: str, found: list[Ranked]) -> list[str]:
    """Return the names of the refined passages."""
    return [one.passage.id for one in refine(question, found, NOW)]


def days_ago(days: int) -> datetime:
    """Return a date before now."""
    return NOW - timedelta(days=days)


def test_a_copy_is_folded_into_the_best_passage_and_counted() -> None:
    found = refine("meals", ranked(passage("a", RULE), passage("b", RULE), passage("c", RULE)), NOW)

    assert [(one.passage.id, one.passage.detail) for one in found] == [("a", {"copies": "2"})]


def test_almost_the_same_words_are_a_copy() -> None:
    longer = f"{RULE} {RULE.lower()} {RULE.upper()}"

    assert order("meals", ranked(passage("a", longer), passage("b", f"{longer} indeed"))) == ["a"]


@pytest.mark.parametrize("other", ["The limit is 75 dollars.", "The limit is Sixty dollars."])
def test_a_number_or_a_name_makes_another_text(other: str) -> None:
    long = f"{RULE} {RULE} {RULE} "

    assert len(order("meals", ranked(passage("a", long + "The limit is 60 dollars."), passage("b", long + other)))) == 2


def test_other_words_are_no_copy() -> None:
    assert len(order("meals", ranked(passage("a", RULE), passage("b", RULE[::-1])))) == 2


def test_a_short_text_under_another_heading_is_no_copy() -> None:
    berlin = passage("a", "Ask the front desk.")._replace(heading_path=("Berlin",))
    paris = passage("b", "Ask the front desk.")._replace(heading_path=("Paris",))

    assert len(order("who", ranked(berlin, paris))) == 2


def test_of_copies_in_two_versions_the_newer_one_stays_in_the_best_place() -> None:
    old, new = passage("old", RULE, "Expenses 2024"), passage("new", RULE, "Expenses 2026")

    found = refine("meals", ranked(old, new), NOW)

    assert [(one.passage.id, one.score) for one in found] == [("new", 1.0)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (passage("old", OLD, "Expenses (2024 rules)"), passage("new", NEW, "Expenses 2026")),
        (passage("old", OLD, "Expenses v1.9"), passage("new", NEW, "Expenses v1.10")),
        (passage("old", OLD, "Expenses FY25"), passage("new", NEW, "Expenses FY26")),
        (passage("old", OLD, path="2024/expenses.md"), passage("new", NEW, path="2026/expenses.md")),
        (passage("old", OLD, "Expenses 2024", at=days_ago(900)), passage("new", NEW, "Expenses", at=days_ago(9))),
        (passage("old", OLD, at=days_ago(900)), passage("new", NEW, at=days_ago(9))),
    ],
)
def test_the_newer_version_goes_first(old: FoundPassage, new: FoundPassage) -> None:
    assert order("What is the limit for meals now?", ranked(old, new)) == ["new", "old"]


@pytest.mark.parametrize(
    "question",
    [
        "What was the limit for meals in 2024?",
        "What did we pay for meals previously?",
        "What does the old policy say about meals?",
        "How much was paid for meals two years ago?",
    ],
)
def test_asked_for_the_past_the_older_version_stays_first(question: str) -> None:
    found = ranked(passage("old", OLD, "Expenses 2024"), passage("new", NEW, "Expenses 2026"))

    assert order(question, found) == ["old", "new"]


def test_a_year_in_the_question_raises_the_version_of_that_year() -> None:
    found = ranked(passage("new", NEW, "Expenses 2026"), passage("old", OLD, "Expenses 2024"))

    assert order("What was the limit in 2024?", found) == ["old", "new"]


def test_a_version_in_the_question_raises_that_version() -> None:
    found = ranked(passage("new", NEW, "API v2"), passage("old", OLD, "API v1"))

    assert order("What is the limit in v1?", found) == ["old", "new"]


def test_this_year_means_now() -> None:
    found = ranked(passage("old", OLD, "Expenses 2024"), passage("new", NEW, "Expenses 2025"))

    assert order("What is the limit in 2026?", found) == ["new", "old"]


def test_three_versions_come_newest_first() -> None:
    found = ranked(*(passage(year, f"{RULE} {year}", f"Expenses {year}") for year in ("2024", "2026", "2025")))

    assert order("limit for meals", found)[0] == "2026"


def test_a_document_that_hardly_fits_is_not_raised_for_being_new() -> None:
    found = ranked(passage("old", OLD, "Expenses 2024"), passage("new", NEW, "Expenses 2026"), apart=0.6)

    assert order("limit for meals", found) == ["old", "new"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (passage("a", OLD, "Expenses"), passage("b", NEW, "Travel", at=NOW)),
        (passage("a", OLD, "Eddy 2"), passage("b", NEW, "Eddy 3")),
        (passage("a", OLD, "Overview", at=days_ago(900)), passage("b", "Sensors measure flow.", "Overview", at=NOW)),
        (
            passage("a", "We chose blue for the logo.", "Notes", path="notes-2026-01-02.md"),
            passage("b", "The fair is in Bergen.", "Notes", path="notes-2026-03-04.md"),
        ),
        (passage("a", OLD), passage("b", NEW)),
    ],
)
def test_what_are_no_versions_of_one_document_keep_their_order(one: FoundPassage, other: FoundPassage) -> None:
    assert order("limit", ranked(one, other)) == ["a", "b"]


def test_scores_still_fall_along_the_list() -> None:
    found = refine("limit", ranked(passage("old", OLD, "Expenses 2024"), passage("new", NEW, "Expenses 2026")), NOW)

    assert [one.score for one in found] == [1.0, 0.95]


@pytest.mark.parametrize("question", ["What is used to deploy?", "Who repairs my old laptop?", "how old is the office"])
def test_words_that_only_sound_like_the_past_mean_now(question: str) -> None:
    assert time_of(question, NOW).is_now
