"""What a question names and nothing mentions."""

import pytest

from flywheel.answering.unknown import unknown
from tests.unit.answering.made import hit

PAGES = [
    hit("The Eddy 2 and the Eddy 3 measure currents. Lucía Ferrer leads Support.", "Sensors"),
    hit(
        "The Bergen office opens at 07:00. In Norway the state pays. Escalate a SEV1 within 5 minutes.", "Bergen office"
    ),
]


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What is the depth rating of the Eddy 4?", ("Eddy 4",)),
        ("how deep may an eddy 4 go", ("eddy 4",)),
        ("Where is the Lisbon office?", ("Lisbon",)),
        ("who handles sev7 calls", ("sev7",)),
    ],
)
def test_a_thing_that_no_passage_names_is_unknown(question: str, missing: tuple[str, ...]) -> None:
    assert unknown(question, PAGES) == missing


@pytest.mark.parametrize(
    "question",
    [
        "What is the depth rating of the Eddy 3?",
        "Where is the Bergen office?",
        "Do Norwegian parents get more?",
        "Is Lucia Ferrer away?",
        "Can I take 30 days off in December?",
        "WHERE IS MY PAYSLIP",
        "Where Can I Find My Payslip?",
        "Is the office open on Monday?",
        "is it free after 20 minutes or 5%?",
    ],
)
def test_what_passages_name_in_some_form_is_not_unknown(question: str) -> None:
    assert unknown(question, PAGES) == ()


def test_without_passages_nothing_is_known_to_be_missing() -> None:
    assert unknown("What is the Eddy 4?", []) == ()


@pytest.mark.parametrize(("question", "missing"), [("sales in Q2 2026", ()), ("sales in Q2 2024", ("Q2 2024",))])
def test_a_quarter_is_known_in_either_order(question: str, missing: tuple[str, ...]) -> None:
    assert unknown(question, [hit("quarter: 2026-Q2; total: 4760", "Quarterly sales")]) == missing
