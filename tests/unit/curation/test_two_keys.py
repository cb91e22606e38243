"""Two trusted people together do what one owner can."""

from dataclasses import replace
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.corrections import Suggestion, suggest, vouch
from flywheel.errors import InvalidInput, NotAllowed
from flywheel.model import CorrectionState
from flywheel.store import corrections, reviews, trusts
from flywheel.store.standing import Standing
from tests.parts import MOMENT, answered, know, make_core

ADMIN, AUTHOR, ANA, BEN, NEW = "U9", "U2", "U3", "U4", "U5"
PROVEN = Standing(agreed=9.0, disagreed=1.0, acts=10)


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core in which the author, Ana and Ben have proved trustworthy."""
    made = make_core(tmp_path, admins=frozenset({ADMIN}))
    know(made, "vpn.md", "Install the client.")
    know(made, "pay.md", "Pay day is the 25th.", access=frozenset({"channel:C1"}))
    answered(made, "a1", cites=["vpn.md:0"])
    answered(made, "a2", cites=["pay.md:0"])
    with made.database.begin() as db:
        trusts.replace_all(db, dict.fromkeys((AUTHOR, ANA, BEN), PROVEN), MOMENT)
    return made


def suggested(core: Core, answer_id: str = "a1") -> str:
    return suggest(core, Suggestion(f"k-{answer_id}", answer_id, AUTHOR, "Use client 5.")).id


def test_the_first_of_two_keys_opens_nothing_yet(core: Core) -> None:
    correction_id = suggested(core)

    assert vouch(core, correction_id, ANA) is None
    with core.database.read() as db:
        assert corrections.find(db, correction_id).state is CorrectionState.PENDING  # type: ignore[union-attr]


def test_the_second_key_makes_a_verified_answer(core: Core) -> None:
    correction_id = suggested(core)
    vouch(core, correction_id, ANA)

    made = vouch(core, correction_id, BEN)

    assert made is not None
    assert (made.text, made.approved_by) == ("Use client 5.", BEN)


def test_one_person_has_one_key(core: Core) -> None:
    correction_id = suggested(core)
    vouch(core, correction_id, ANA)

    assert vouch(core, correction_id, ANA) is None
    with core.database.read() as db:
        assert reviews.keys(db, correction_id) == [ANA]


def test_nobody_vouches_for_their_own_words(core: Core) -> None:
    with pytest.raises(NotAllowed):
        vouch(core, suggested(core), AUTHOR)


@pytest.mark.parametrize("standing", [Standing(), Standing(agreed=1.0), Standing(agreed=3.0, disagreed=20.0)])
def test_trust_has_to_be_earned_before_it_opens_anything(core: Core, standing: Standing) -> None:
    with core.database.begin() as db:
        trusts.replace_all(db, {NEW: standing}, MOMENT)

    with pytest.raises(NotAllowed):
        vouch(core, suggested(core), NEW)


def test_who_may_not_read_the_sources_has_no_key(core: Core) -> None:
    with pytest.raises(NotAllowed):
        vouch(core, suggested(core, "a2"), ANA)


def test_a_key_is_for_the_words_as_suggested(core: Core) -> None:
    with pytest.raises(NotAllowed, match="change the words"):
        vouch(core, suggested(core), ANA, text="Use client 6.")


def test_an_administrator_needs_no_second_key(core: Core) -> None:
    made = vouch(core, suggested(core), ADMIN, text="Use client 6.")

    assert made is not None
    assert made.text == "Use client 6."


def test_a_rejected_suggestion_takes_no_keys(core: Core) -> None:
    correction_id = suggested(core)
    with core.database.begin() as db:
        found = corrections.find(db, correction_id)
        assert found is not None
        corrections.decide(db, replace(found, state=CorrectionState.REJECTED))

    with pytest.raises(InvalidInput, match="rejected before"):
        vouch(core, correction_id, ANA)
