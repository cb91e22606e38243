"""What may train: what people stood behind, that everybody may read, without personal data."""

from itertools import count
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.candidates import Candidate, Quality, candidates
from flywheel.curation.corrections import Suggestion, approve, suggest
from flywheel.curation.labels import CAP_VOTES
from flywheel.model import Signal, SignalKind
from flywheel.signals.record import record
from flywheel.store import documents, questions, trusts
from flywheel.store.standing import Standing
from tests.parts import MOMENT, answered, know, make_core

ADMIN = "U9"
UP, DOWN = SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN
NUMBERS = count()


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core with an answer "a1" that cites a public document, and one "a2" that cites a private one too."""
    made = make_core(tmp_path, admins=frozenset({ADMIN}))
    know(made, "vpn.md", "Install the client. Ask ada@example.com.", "Start it.")
    know(made, "pay.md", "Pay day is the 25th.", access=["channel:C1"])
    answered(made, "a1", cites=["vpn.md:0", "vpn.md:1"], text="Install it. [1]")
    answered(made, "a2", cites=["vpn.md:0", "pay.md:0"], text="On the 25th. [2]")
    return made


def did(core: Core, kind: SignalKind, answer_id: str = "a1", person: str = "U2", **detail: str) -> None:
    record(core, Signal(f"{person} {next(NUMBERS)}", answer_id, kind, person, MOMENT, detail))


def corrected(core: Core, answer_id: str, source: str | None = None) -> None:
    made = suggest(core, Suggestion(f"k {answer_id}", answer_id, "U2", "Use client 5.", source))
    approve(core, made.id, ADMIN)


def found(core: Core, least: Quality = Quality.MEDIUM) -> list[Candidate]:
    return candidates(core, least)


def qualities(core: Core, least: Quality = Quality.MEDIUM) -> list[Quality]:
    return [one.quality for one in found(core, least)]


def test_an_answer_that_nobody_judged_is_none(core: Core) -> None:
    assert found(core) == []


def test_an_answer_that_helped_is_one_of_high_quality(core: Core) -> None:
    did(core, UP)

    [one] = found(core)
    assert (one.quality, one.source, one.answer_id) == (Quality.HIGH, "vote", "a1")
    assert (one.input, one.ideal_output) == ("How do I connect?", "Install it. [1]")


def test_one_voice_against_it_is_enough(core: Core) -> None:
    did(core, UP)
    did(core, DOWN, person="U3")

    assert found(core) == []


@pytest.mark.parametrize("kind", [SignalKind.COPY, SignalKind.SHARE, SignalKind.CITATION_CLICK])
def test_acting_as_if_it_helped_makes_one_of_medium_quality(core: Core, kind: SignalKind) -> None:
    did(core, kind)

    assert qualities(core) == [Quality.MEDIUM]


@pytest.mark.parametrize("kind", [SignalKind.ESCALATE, SignalKind.ABANDON, SignalKind.REGENERATE, SignalKind.EDIT])
def test_acting_as_if_it_did_not_help_unmakes_it(core: Core, kind: SignalKind) -> None:
    did(core, SignalKind.COPY)
    did(core, kind)

    assert found(core) == []


def test_an_approved_correction_is_one_of_very_high_quality(core: Core) -> None:
    corrected(core, "a1", source="vpn.md")

    [one] = found(core, Quality.VERY_HIGH)
    assert (one.source, one.ideal_output) == ("correction", "Use client 5.")
    assert one.positives == ("Install the client. Ask [email].", "Start it.")


def test_what_a_correction_replaced_is_one_no_more(core: Core) -> None:
    did(core, UP)
    corrected(core, "a1")

    assert qualities(core) == [Quality.VERY_HIGH]


def test_least_quality_is_held_and_the_best_come_first(core: Core) -> None:
    answered(core, "a3", cites=["vpn.md:0"], text="Third.")
    answered(core, "a4", cites=["vpn.md:0"], text="Fourth.")
    did(core, SignalKind.COPY, "a3")
    did(core, UP, "a4")
    corrected(core, "a1")

    assert qualities(core) == [Quality.VERY_HIGH, Quality.HIGH, Quality.MEDIUM]
    assert qualities(core, Quality.HIGH) == [Quality.VERY_HIGH, Quality.HIGH]


def test_what_comes_from_a_private_source_is_none(core: Core) -> None:
    did(core, UP, "a2")
    corrected(core, "a2")

    assert found(core) == []


def test_what_comes_from_a_source_that_is_gone_is_none(core: Core) -> None:
    did(core, UP, "a2")
    with core.database.begin() as db:
        documents.remove(db, ["d-pay.md"], version=documents.advance_corpus(db))

    assert found(core) == []


def test_an_abstention_is_none(core: Core) -> None:
    answered(core, "a3", cites=["vpn.md:0"], abstained=True)
    did(core, UP, "a3")

    assert found(core) == []


def test_a_source_called_wrong_is_a_negative(core: Core) -> None:
    did(core, UP)
    did(core, SignalKind.CITATION_DOWN, passage_id="vpn.md:1")

    [one] = found(core)
    assert (one.positives, one.negatives) == (("Install the client. Ask [email].",), ("Start it.",))


def test_a_private_source_called_wrong_is_not_told(core: Core) -> None:
    did(core, UP)
    did(core, SignalKind.CITATION_DOWN, passage_id="pay.md:0")

    assert found(core)[0].negatives == ()


def test_personal_data_are_taken_out_of_both_sides(core: Core) -> None:
    answered(core, "a3", question="Is ada@example.com here?", text="Ask <@U1>.", cites=["vpn.md:1"])
    did(core, UP, "a3")

    [one] = found(core)
    assert (one.input, one.ideal_output) == ("Is [email] here?", "Ask [person].")


def test_what_somebody_does_beyond_their_cap_does_not_count(core: Core) -> None:
    for number in range(60):
        answered(core, f"b{number}", cites=["vpn.md:0"], text=f"Answer {number}.")
        did(core, UP, f"b{number}", person=f"U{number % 12}" if number < 24 else "flood")

    liked = found(core, Quality.HIGH)

    assert len(liked) == 24 + CAP_VOTES


def test_a_vote_that_was_taken_back_beyond_the_cap_does_not_stand(core: Core) -> None:
    for number in range(40):
        answered(core, f"b{number}", cites=["vpn.md:0"], text=f"Answer {number}.")
        did(core, UP, f"b{number}", person=f"U{number % 12}")
        did(core, DOWN, f"b{number}", person=f"U{number % 12}")

    assert found(core) == []


def test_a_deleted_question_is_none(core: Core) -> None:
    did(core, UP)
    with core.database.begin() as db:
        questions.mark_deleted(db, "q-a1", MOMENT)

    assert found(core) == []


def test_what_somebody_in_quarantine_says_does_not_count(core: Core) -> None:
    did(core, UP)
    did(core, DOWN, person="U6")
    with core.database.begin() as db:
        trusts.replace_all(db, {"U6": Standing(disagreed=30.0, acts=30)}, MOMENT)

    assert qualities(core) == [Quality.HIGH]
