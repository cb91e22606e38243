"""From a suggestion to a verified answer."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.corrections import LONGEST, Suggestion, approve, reject, reviewers, strictest, suggest
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.model import PUBLIC, CorrectionState, SignalKind
from flywheel.store import answers, corrections, documents, signals, verified
from tests.parts import answered, know, make_core

ADMIN, OWNER = "U9", "U8"
SUGGESTION = Suggestion("k1", "a1", "U2", " Use client 5. ")
C1, C2 = frozenset({"channel:C1"}), frozenset({"channel:C2"})
EVERYBODY = frozenset({PUBLIC})


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core with an answer "a1" that cites a public document of OWNER."""
    made = make_core(tmp_path, admins=frozenset({ADMIN}))
    know(made, "vpn.md", "Install the client.", owner=OWNER)
    know(made, "pay.md", "Pay day is the 25th.", access=C1)
    know(made, "plan.md", "We move in May.", access=C2)
    answered(made, "a1", cites=["vpn.md:0"])
    return made


def suggested(core: Core, answer_id: str = "a1", source: str | None = None) -> str:
    return suggest(core, replace(SUGGESTION, answer_id=answer_id, source=source)).id


def remove(core: Core, document_id: str) -> None:
    with core.database.begin() as db:
        documents.remove(db, [document_id], version=documents.advance_corpus(db))


def test_a_suggestion_waits_as_a_correction_of_the_question(core: Core) -> None:
    made = suggest(core, SUGGESTION)

    assert (made.question, made.text, made.state) == ("How do I connect?", "Use client 5.", CorrectionState.PENDING)


def test_a_suggestion_is_a_signal_too(core: Core) -> None:
    correction_id = suggested(core)

    with core.database.read() as db:
        [signal] = signals.of_answer(db, "a1")
    assert (signal.kind, signal.person, signal.detail) == (SignalKind.EDIT, "U2", {"correction": correction_id})


def test_the_same_suggestion_again_changes_nothing(core: Core) -> None:
    first = suggest(core, SUGGESTION)

    assert suggest(core, replace(SUGGESTION, text="Something else")) == first
    with core.database.read() as db:
        assert len(corrections.every(db)) == len(signals.every(db)) == 1


def test_the_same_suggestion_from_two_threads_is_one_correction(core: Core) -> None:
    threads = [threading.Thread(target=suggest, args=(core, SUGGESTION)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    with core.database.read() as db:
        assert len(corrections.every(db)) == len(signals.every(db)) == 1


@pytest.mark.parametrize("text", ["", " \n ", "x" * (LONGEST + 1)])
def test_an_empty_or_endless_suggestion_is_refused(core: Core, text: str) -> None:
    with pytest.raises(InvalidInput):
        suggest(core, replace(SUGGESTION, text=text))


def test_a_suggestion_for_no_answer_is_refused(core: Core) -> None:
    with pytest.raises(NotFound, match="a7"):
        suggest(core, replace(SUGGESTION, answer_id="a7"))


def test_owners_of_what_was_cited_and_administrators_decide(core: Core) -> None:
    assert reviewers(core, suggested(core)) == {OWNER, ADMIN}


@pytest.mark.parametrize("decide", [approve, reject])
def test_nobody_else_decides(core: Core, decide: object) -> None:
    with pytest.raises(NotAllowed):
        decide(core, suggested(core), "U2")  # type: ignore[operator]


def test_an_approved_correction_serves_as_a_verified_answer(core: Core) -> None:
    made = approve(core, suggested(core, source="vpn"), OWNER)

    assert (made.text, made.author, made.approved_by, made.access) == ("Use client 5.", "U2", OWNER, EVERYBODY)
    assert made.passage_ids == ("vpn.md:0",)
    with core.database.read() as db:
        assert [one for one, _ in verified.active(db, core.encoder.name)] == [made]


def test_the_reviewers_wording_wins(core: Core) -> None:
    assert approve(core, suggested(core), OWNER, text=" Use client 6. ").text == "Use client 6."


def test_a_blank_wording_of_the_reviewer_is_none(core: Core) -> None:
    assert approve(core, suggested(core), OWNER, text="  ").text == "Use client 5."


def test_approving_twice_returns_the_first(core: Core) -> None:
    correction_id = suggested(core)
    first = approve(core, correction_id, OWNER)

    assert approve(core, correction_id, ADMIN, text="Another text") == first


def test_a_rejected_suggestion_cannot_be_approved(core: Core) -> None:
    correction_id = suggested(core)
    assert reject(core, correction_id, OWNER)

    with pytest.raises(InvalidInput, match="rejected before"):
        approve(core, correction_id, ADMIN)


def test_an_approved_suggestion_cannot_be_rejected(core: Core) -> None:
    correction_id = suggested(core)
    made = approve(core, correction_id, OWNER)

    assert not reject(core, correction_id, ADMIN)
    with core.database.read() as db:
        assert verified.find(db, made.id) == made


@pytest.mark.parametrize("decide", [approve, reject])
def test_deciding_on_nothing_is_an_error(core: Core, decide: object) -> None:
    with pytest.raises(NotFound, match="c_7"):
        decide(core, "c_7", ADMIN)  # type: ignore[operator]


def test_it_is_for_those_alone_who_may_read_the_strictest_source(core: Core) -> None:
    answered(core, "a2", cites=["vpn.md:0", "pay.md:0"])

    assert approve(core, suggested(core, "a2"), ADMIN).access == C1


def test_it_stays_within_the_circle_that_the_caller_names(core: Core) -> None:
    assert approve(core, suggested(core), ADMIN, within=C2).access == C2


def test_the_source_that_the_suggestion_names_narrows_it_too(core: Core) -> None:
    assert approve(core, suggested(core, source="pay.md"), ADMIN).access == C1


def test_what_nobody_may_read_is_not_approved(core: Core) -> None:
    answered(core, "a2", cites=["pay.md:0", "plan.md:0"])
    correction_id = suggested(core, "a2")

    with pytest.raises(InvalidInput, match="nobody may read"):
        approve(core, correction_id, ADMIN)
    with core.database.read() as db:
        assert corrections.find(db, correction_id).state is CorrectionState.PENDING  # type: ignore[union-attr]


def test_a_private_source_that_is_gone_still_narrows_it(core: Core) -> None:
    answered(core, "a2", cites=["pay.md:0"], readers=EVERYBODY | C1)
    remove(core, "d-pay.md")

    assert approve(core, suggested(core, "a2"), ADMIN).access == C1


def test_what_was_read_in_private_and_is_gone_stays_with_the_asker(core: Core) -> None:
    answered(core, "a2", cites=["pay.md:0"], person="U3", readers=EVERYBODY | C1 | C2 | {"user:U3"})
    remove(core, "d-pay.md")

    assert approve(core, suggested(core, "a2"), ADMIN).access == {"user:U3"}


def test_a_correction_of_a_repeated_private_answer_stays_private(core: Core) -> None:
    answered(core, "a2", cites=["pay.md:0"])
    private = approve(core, suggested(core, "a2"), ADMIN)
    answered(core, "a3", repeats=private.id)

    assert approve(core, suggest(core, replace(SUGGESTION, key="k2", answer_id="a3")).id, ADMIN).access == C1


def test_the_corrected_answer_itself_stays_as_it_was(core: Core) -> None:
    with core.database.read() as db:
        before = answers.find(db, "a1")

    approve(core, suggested(core), ADMIN)

    with core.database.read() as db:
        assert answers.find(db, "a1") == before


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([], EVERYBODY),
        ([EVERYBODY, EVERYBODY | C1], EVERYBODY),
        ([C1, EVERYBODY], C1),
        ([C1 | C2, C2], C2),
        ([C1, C2], frozenset()),
    ],
)
def test_the_strictest_labels_let_in_only_who_may_read_all(
    labels: list[frozenset[str]], expected: frozenset[str]
) -> None:
    assert strictest(labels) == expected
