"""The decision to answer, and its words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flywheel.answering.abstaining import Looked, text
from flywheel.answering.decide import SIGNALS, Thresholds, Verdict, confidence, decide, remembered, signals
from flywheel.errors import ArtefactError
from flywheel.registry import Outcome, Release
from tests.unit.answering.made import evidence, hit

STRONG = dict.fromkeys(SIGNALS, 0.9)
WEAK = dict.fromkeys(SIGNALS, 0.1)


def release(**artefact: object) -> Release:
    return Release(
        "id", "thresholds", artefact, {}, "s", datetime(2026, 1, 1, tzinfo=UTC), Outcome.RELEASED, serving=True
    )


def test_strong_signals_mean_an_answer() -> None:
    assert decide(STRONG, 0.0, Thresholds()).verdict is Verdict.ANSWER


def test_weak_signals_mean_silence() -> None:
    assert decide(WEAK, 0.0, Thresholds()).verdict is Verdict.ABSTAIN


def test_nothing_found_means_silence_without_confidence() -> None:
    decision = decide({}, 0.0, Thresholds())

    assert (decision.verdict, decision.confidence) == (Verdict.ABSTAIN, 0.0)


def test_a_fitting_verified_answer_goes_first() -> None:
    assert decide(STRONG, 0.9, Thresholds()).verdict is Verdict.VERIFIED


def test_an_unlikely_verified_answer_does_not() -> None:
    assert decide(STRONG, 0.2, Thresholds()).verdict is Verdict.ANSWER


def test_a_release_moves_the_line() -> None:
    strict = Thresholds.of(release(answer=0.999999))
    assert decide(STRONG, 0.0, strict).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    "artefact", [{"answer": 1.5}, {"answer": "high"}, {"slope": -1}, {"intercept": float("nan")}, {"answer": None}]
)
def test_broken_thresholds_are_refused(artefact: dict[str, object]) -> None:
    with pytest.raises(ArtefactError):
        Thresholds.of(release(**artefact))


@given(st.fixed_dictionaries({name: st.floats(-1, 2) for name in SIGNALS}))
def test_confidence_is_a_probability(found: dict[str, float]) -> None:
    assert 0.0 <= confidence(found, Thresholds()) <= 1.0


def test_a_question_about_something_that_nothing_mentions_is_not_answered() -> None:
    decision = decide(STRONG, 0.0, Thresholds(), ("Eddy 4",))

    assert (decision.verdict, decision.missing) == (Verdict.ABSTAIN, ("Eddy 4",))
    assert "“Eddy 4”" in decision.why


def test_a_fitting_verified_answer_may_be_about_something_that_no_passage_mentions() -> None:
    assert decide(STRONG, 0.9, Thresholds(), ("Eddy 4",)).verdict is Verdict.VERIFIED


def test_a_passage_far_ahead_of_the_others_is_a_signal() -> None:
    near = replace(hit("The depth rating is 60 m.", "Eddy 3"), features={"dense": 0.8})
    far = replace(hit("Coffee is free.", "Kitchen"), features={"dense": 0.2})
    question = "What is the depth rating?"

    assert signals(question, [near, far], evidence(question, near, far))["spread"] == pytest.approx(0.3)


def test_an_abstention_says_what_nothing_mentions() -> None:
    assert "mentions “Eddy 4”" in text(Looked([hit("…", "Eddy 3")], 58, (), ("Eddy 4",)))


def test_an_abstention_names_the_nearest_documents_their_owner_and_how_many_were_read() -> None:
    nearest = replace(hit("…", "Expenses"), owner="U_HUGO")
    said = text(Looked([nearest, hit("…", "Travel")], 58, {"U_ADMIN"}))

    assert "58 documents" in said
    assert "“Expenses”, “Travel”" in said
    assert "U_HUGO" in said


def test_without_a_near_owner_an_administrator_is_named() -> None:
    assert "U_ADMIN" in text(Looked([hit("…", "Expenses")], 58, {"U_ADMIN"}))


def test_without_documents_the_message_says_so() -> None:
    assert "no document yet" in text(Looked([], 0, set()))


def test_what_people_pointed_at_before_is_answered_though_its_words_are_others() -> None:
    decision = decide(WEAK, 0.0, Thresholds(), (), 0.8)

    assert (decision.verdict, decision.confidence, decision.remembered) == (Verdict.ANSWER, 0.8, True)


@pytest.mark.parametrize(("share", "line"), [(0.4, 0.26), (0.6, 0.7)])
def test_less_than_half_of_the_votes_or_less_than_the_line_is_not_enough(share: float, line: float) -> None:
    assert decide(WEAK, 0.0, Thresholds(line), (), share).verdict is Verdict.ABSTAIN


def test_what_is_named_nowhere_is_not_answered_from_memory() -> None:
    assert decide(WEAK, 0.0, Thresholds(), ("Eddy 4",), 0.9).verdict is Verdict.ABSTAIN


def test_a_clear_answer_needs_no_memory() -> None:
    assert not decide(STRONG, 0.0, Thresholds(), (), 0.9).remembered


def test_the_first_passage_alone_is_remembered() -> None:
    first, known = hit("One.", "First"), replace(hit("Two.", "Second"), features={"remembered": 0.9})

    assert (remembered([known, first]), remembered([first, known]), remembered([])) == (0.9, 0.0, 0.0)
