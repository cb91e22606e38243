"""Which questions went wrong, as far as anybody said."""

from dataclasses import replace

import pytest

from flywheel.model import Signal, SignalKind
from tests.unit.measurement.understanding.asked import MONDAY, case, voted


def test_silence_is_no_failure() -> None:
    assert not case(0).has_failed


def test_nothing_answered_is_a_failure() -> None:
    assert case(0, abstained=True).has_failed


@pytest.mark.parametrize(
    ("votes", "failed"),
    [
        ({"a": True}, False),
        ({"a": False}, True),
        ({"a": True, "b": False}, True),
        ({"a": True, "b": True, "c": False}, False),
    ],
)
def test_as_many_no_as_yes_is_a_failure(votes: dict[str, bool], failed: bool) -> None:
    assert voted(case(0), votes).has_failed is failed


def test_a_corrected_answer_failed() -> None:
    assert case(0, corrected=True).has_failed


def test_asking_a_person_instead_is_a_failure() -> None:
    asked = Signal("k", "a0", SignalKind.ESCALATE, "ana", MONDAY)

    assert replace(case(0), done=(asked,)).has_failed


def test_a_follow_up_is_no_failure() -> None:
    asked = Signal("k", "a0", SignalKind.FOLLOW_UP, "ana", MONDAY)

    assert not replace(case(0), done=(asked,)).has_failed
