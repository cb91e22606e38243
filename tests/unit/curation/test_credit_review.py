"""Credit as it is stored, looked up for one answer, and corrected by those who may."""

from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation import credit_review
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.model import Signal, SignalKind
from flywheel.signals.record import record
from flywheel.store import ledger
from flywheel.store.credits import Attribution, Part
from tests.parts import MOMENT, answered, know, make_core


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core where U1 said No to an answer from vpn.md, which U3 owns; U9 is an administrator."""
    made = make_core(tmp_path, admins=frozenset({"U9"}))
    know(made, "vpn.md", "Install the client.", owner="U3")
    know(made, "lunch.md", "Lunch is at noon.")
    answered(made, "a1", cites=["vpn.md:0"])
    did(made, "no", SignalKind.THUMBS_DOWN, "U1")
    return made


def did(core: Core, key: str, kind: SignalKind, person: str, answer_id: str = "a1", **detail: str) -> None:
    record(core, Signal(key, answer_id, kind, person, MOMENT, detail))


def turned(core: Core) -> None:
    """Do a turn's part: compute credit anew and store it."""
    with core.database.read() as db:
        everything = ledger.read(db)
    made = credit_review.renewed(core, everything)
    with core.database.begin() as db:
        credit_review.keep(db, made, core.now())


def found(core: Core, answer_id: str = "a1") -> list[Attribution]:
    with core.database.read() as db:
        return credit_review.of_answer(db, answer_id)


def test_credit_is_told_before_any_turn(core: Core) -> None:
    did(core, "up", SignalKind.CITATION_UP, "U2", passage_id="lunch.md:0")

    assert found(core)[0].part is Part.RETRIEVAL


def test_a_turn_looks_where_the_right_passage_stands(core: Core) -> None:
    did(core, "up", SignalKind.CITATION_UP, "U2", passage_id="gone.md:0")
    turned(core)

    assert found(core)[0].part is Part.KNOWLEDGE


def test_a_turn_joins_questions_that_ask_the_same(core: Core) -> None:
    answered(core, "a2", question="how do i connect", cites=["vpn.md:0", "lunch.md:0"])
    did(core, "up", SignalKind.CITATION_UP, "U2", "a2", passage_id="vpn.md:0")
    turned(core)

    assert found(core)[0].part is Part.WRITING


def test_a_link_in_a_reply_tells_what_is_right(core: Core) -> None:
    did(core, "reply", SignalKind.HUMAN_REPLY, "U2", text="see <https://wiki.example/vpn.md>")
    turned(core)

    assert found(core)[0].part is Part.WRITING


@pytest.mark.parametrize("reviewer", ["U3", "U9"])
def test_owners_and_administrators_may_say_otherwise(core: Core, reviewer: str) -> None:
    said = credit_review.correct(core, "a1", Part.RANKING, reviewer)

    assert (said.part, said.corrected_by) == (Part.RANKING, reviewer)


def test_nobody_else_may(core: Core) -> None:
    with pytest.raises(NotAllowed):
        credit_review.correct(core, "a1", Part.RANKING, "U1")


def test_there_is_nothing_to_correct_where_nobody_complained(core: Core) -> None:
    answered(core, "a2", cites=["vpn.md:0"])

    with pytest.raises(InvalidInput):
        credit_review.correct(core, "a2", Part.RANKING, "U9")


def test_an_answer_that_is_not_there_has_no_credit(core: Core) -> None:
    with pytest.raises(NotFound):
        credit_review.correct(core, "a7", Part.RANKING, "U9")


def test_a_reviewers_word_outlasts_a_turn(core: Core) -> None:
    credit_review.correct(core, "a1", Part.RANKING, "U9")
    turned(core)

    assert [(one.part, one.corrected_by) for one in found(core)] == [(Part.RANKING, "U9")]


def test_a_reviewers_word_counts_for_later_complaints(core: Core) -> None:
    credit_review.correct(core, "a1", Part.RANKING, "U9")
    did(core, "another no", SignalKind.THUMBS_DOWN, "U2")

    assert {one.part for one in found(core)} == {Part.RANKING}


def test_a_word_said_while_a_turn_runs_is_kept(core: Core) -> None:
    with core.database.read() as db:
        made = credit_review.renewed(core, ledger.read(db))
    credit_review.correct(core, "a1", Part.RANKING, "U9")
    with core.database.begin() as db:
        credit_review.keep(db, made, MOMENT)

    assert found(core)[0].corrected_by == "U9"


def test_the_part_that_most_complaints_are_about_stands_for_all(core: Core) -> None:
    did(core, "r1", SignalKind.THUMBS_DOWN, "U4", reason="outdated")
    did(core, "r2", SignalKind.THUMBS_DOWN, "U5", reason="outdated")
    did(core, "r3", SignalKind.THUMBS_DOWN, "U6", reason="too_long")

    standing = credit_review.to_blame(found(core))

    assert standing is not None
    assert standing.part is Part.KNOWLEDGE


def test_praise_alone_blames_nothing(core: Core) -> None:
    answered(core, "a2", cites=["vpn.md:0"])
    did(core, "yes", SignalKind.THUMBS_UP, "U1", "a2")

    assert credit_review.to_blame(found(core, "a2")) is None
