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
    ],
)
def test_another_number_or_name_is_another_question(asked: str, verified: str) -> None:
    assert not same_things(asked, verified)
