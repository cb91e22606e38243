"""Content words, numbers and names."""

import pytest

from flywheel.answering.words import content_words, covered, names, numbers, same_word, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("approves", "approval"),
        ("rooms", "room"),
        ("renewing", "renewal"),
        ("planning", "planned"),
        ("policies", "policy"),
    ],
)
def test_forms_of_one_word_meet(one: str, other: str) -> None:
    assert same_word(stem(one), stem(other))


@pytest.mark.parametrize(("one", "other"), [("port", "porter"), ("room", "roof"), ("expense", "expert"), ("v1", "v2")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert not same_word(one, other)


def test_function_words_carry_no_meaning() -> None:
    assert content_words("What do I need to do with it?") == []


def test_codes_stay_in_one_piece_and_email_is_one_word() -> None:
    assert content_words("Harbour-2 e-mail") == ["harbour-2", "email"]


def test_thousands_are_read_as_one_number() -> None:
    assert numbers("CAD 1,500 or 2.5, at 08:00.") == {"1500", "2.5", "08:00"}


def test_names_are_capitalised_words_inside_the_text() -> None:
    assert names("The VPN uses WireGuard here") == {"vpn", "wireguard"}


def test_covered_keeps_the_order_of_the_question() -> None:
    assert covered(["meal", "limit", "norwegian"], ["limit", "meal"]) == ["meal", "limit"]


def test_a_date_in_figures_meets_the_same_date_in_words() -> None:
    assert set(content_words("week of 24 November 2026")) >= set(content_words("2026-11-24"))
