"""Alike is not the same: numbers and names must agree."""

import pytest

from flywheel.retrieval.guard import same_things


@pytest.mark.parametrize(
    ("asked", "verified"),
    [
        ("how do i connect to vpn", "How do I get on the VPN?"),
        ("how do I reach the company network?", "How do I get on the VPN?"),
        ("where is the bergen office", "Where is the Bergen office?"),
        ("What is Bergen's address?", "Where is Bergen located?"),
        ("do I get 1,000 euros", "Is it 1000 euros?"),
        ("How many days? In 2025.", "2025: how many days"),
        ("what does the 'Deploy' job do", 'What does the job "deploy" do?'),
        ("What is the budget for FY25?", "what is the 2025 budget"),
        ("what is the budget in fiscal year 2025", "what is the budget for FY 2025"),
        ("how do I install v2", "how do I install version 2"),
        ("Can't I book a desk online?", "Can I book a desk online?"),
        ("why doesn't the VPN connect", "why is the VPN not connecting"),
        ("how do we deploy to prod", "How do we deploy to production?"),
        ("Who do I send a suspicious mail to?", "Where do I send suspicious mails?"),
        ("how do I reset my passwort", "how do I reset my password"),
        ("how do I change the VPN profile on my laptop", "Where do I switch profiles for the VPN?"),
    ],
)
def test_the_same_thing_in_other_words_is_the_same(asked: str, verified: str) -> None:
    assert same_things(asked, verified)


@pytest.mark.parametrize(
    ("asked", "verified"),
    [
        ("How many days of leave in 2024?", "How many days of leave in 2025?"),
        ("How many days of leave?", "How many days of leave in 2025?"),
        ("where is the halifax office", "Where is the Bergen office?"),
        ("Where is the Halifax office?", "where is the office?"),
        ("how do I install python 3.11", "How do I install python 3.12?"),
        ('what does "staging" mean', 'What does "production" mean?'),
        ("what is the limit for level 2", "What is the limit for level 1?"),
        ("what is the 2026 budget", "What is the 2025 budget?"),
        ("what is the budget for FY26", "What is the 2025 budget?"),
        ("where is the paris office", "where is the berlin office"),
        ("how do I upgrade to v3", "how do I upgrade to v2"),
        ("how do we deploy to staging", "How do we deploy to production?"),
        ("how do we deploy to staging", "How do we deploy?"),
        ("how do I reach the wiki without VPN", "how do I reach the wiki with VPN"),
        ("what is not covered by the insurance", "what is covered by the insurance"),
        ("how do I disable alerts for a sensor", "how can I enable a sensor's alerts"),
        ("what is the monthly allowance for books", "how much is the daily book allowance"),
        ("which holidays do they have in the US", "what are the holidays in the UK"),
        ("When was the Bergen office opened?", "What is the address of the Bergen office?"),
        ("deadline for using unused leave days", "How many days of annual leave do I get?"),
        ("how do I install it on a mac", "how do I install it on windows"),
    ],
)
def test_another_number_or_name_is_another_question(asked: str, verified: str) -> None:
    assert not same_things(asked, verified)


@pytest.mark.parametrize(
    ("asked", "verified", "asked_in", "verified_in"),
    [
        ("what is the budget", "What is the 2026 budget?", 2026, 2026),
        ("what is the 2026 budget", "What is the budget?", 2026, 2026),
        ("what is the budget", "What is the budget?", 2027, 2026),
    ],
)
def test_a_year_that_is_not_named_is_the_year_of_asking(
    asked: str, verified: str, asked_in: int, verified_in: int
) -> None:
    assert same_things(asked, verified, asked_in, verified_in)


@pytest.mark.parametrize(
    ("asked", "verified", "asked_in", "verified_in"),
    [
        ("what is the budget", "What is the 2025 budget?", 2026, 2025),
        ("what is the 2026 budget", "What is the budget?", 2026, 2025),
        ("what is the 2025 budget", "What is the budget?", 2026, 2026),
    ],
)
def test_an_answer_for_one_year_does_not_serve_another(
    asked: str, verified: str, asked_in: int, verified_in: int
) -> None:
    assert not same_things(asked, verified, asked_in, verified_in)
