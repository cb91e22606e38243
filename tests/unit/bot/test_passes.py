"""Passes: made with the token, for one subject, until a moment."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import passes

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def test_a_pass_holds_until_its_moment() -> None:
    made = passes.make("token", "/reports/2026-W47", LATER)

    assert passes.holds("token", "/reports/2026-W47", made, NOW)
    assert not passes.holds("token", "/reports/2026-W47", made, LATER)


def test_a_pass_is_for_one_subject_and_one_token() -> None:
    made = passes.make("token", "/reports/2026-W47", LATER)

    assert not passes.holds("token", "/reports/2026-W46", made, NOW)
    assert not passes.holds("another", "/reports/2026-W47", made, NOW)


def test_a_pass_cannot_be_made_to_last_longer() -> None:
    second, digest = passes.make("token", "*", LATER).split(".")

    assert not passes.holds("token", "*", f"{int(second) + 3600}.{digest}", NOW)


@pytest.mark.parametrize("given", ["", ".", "x.y", "-1.0", "9" * 400, "٣.0", "1.\ud800"])
def test_what_is_no_pass_opens_nothing(given: str) -> None:
    assert not passes.holds("token", "*", given, NOW)


def test_without_a_token_nothing_holds() -> None:
    assert not passes.holds("", "*", passes.make("", "*", LATER), NOW)


def test_a_link_holds_nothing_of_the_token() -> None:
    assert "secret" not in passes.link("https://flywheel.example/", "/reports/2026-W47", "secret", NOW)
