"""Personal data and secrets go; everything else stays as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flywheel.curation.redaction import redact


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("write to ada.l+x@example.co.uk now", "write to [email] now"),
        ("ask <@U012AB3CD> or <@W99|ada>", "ask [person] or [person]"),
        ("IBAN DE89 3704 0044 0532 0130 00.", "IBAN [iban]."),
        ("GB82WEST12345698765432", "[iban]"),
        ("card 4111 1111 1111 1111!", "card [card]!"),
        ("card 378282246310005", "card [card]"),
        ("call +49 30 1234567", "call [phone]"),
        ("call +1 (415) 555-2671.", "call [phone]."),
        ("+49 (0)30 901820-15", "[phone]"),
        ("token xoxb-123456789012-abcdefGHIJ", "token [secret]"),
        ("ghp_" + "a" * 36, "[secret]"),
        ("sk-proj-" + "A1" * 20, "[secret]"),
        ("AKIAIOSFODNN7EXAMPLE", "[secret]"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSMeKKF2QT4", "[secret]"),
        ("password: hunter22", "password: [secret]"),
        ("The passphrase is correct-horse", "The passphrase is [secret]"),
        ("API_KEY=abcd1234", "API_KEY=[secret]"),
    ],
)
def test_what_is_personal_or_secret_is_replaced_by_its_kind(before: str, after: str) -> None:
    assert redact(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "DE89 3704 0044 0532 0130 02",  # the check digits are wrong
        "4111 1111 1111 1112",  # the Luhn sum is wrong
        "Order 2026-11-18, version 1.2.3, port 5432",
        "ISO 13616 and RFC 2119",
        "See room 4.017 at 10:30",
        "Reset your password in the portal",
        "@channel: lunch",
        "a@b",
        "10 000 000 rows in 25 s",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert redact(text) == text


@given(st.text())
def test_redacting_again_changes_nothing(text: str) -> None:
    once = redact(text)

    assert redact(once) == once


@given(st.text(alphabet="+0123456789 -().", max_size=60), st.text(alphabet="+0123456789 -().", max_size=60))
def test_an_address_between_any_digits_goes(before: str, after: str) -> None:
    assert "ada@example.com" not in redact(f"{before} ada@example.com {after}")


@pytest.mark.parametrize("piece", ["1 ", "A1", "AA11", "a.", "+1 ", "-eyJa", "x@", "x@y.", "password: ", "<@U1|"])
@pytest.mark.timeout(5)
def test_a_long_hostile_text_takes_no_long_time(piece: str) -> None:
    assert redact(piece * 50_000)
