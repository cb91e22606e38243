"""What each act says about which passage, and what it does not say."""

from dataclasses import replace

import pytest

from flywheel.curation.labels import SMALL_GROUP, Label, cap, curate, snapshot
from flywheel.model import Correction, CorrectionState, Reason, SignalKind
from flywheel.store.ledger import Ledger
from tests.unit.curation.exchanges import START, did, exchange, ledger

UP, DOWN = SignalKind.CITATION_UP, SignalKind.CITATION_DOWN


def labelled(made: Ledger) -> dict[str, tuple[int, float]]:
    """Return each labelled passage's grade and weight."""
    return {label.passage_id: (label.grade, label.weight) for label in curate(made).labels}


@pytest.mark.parametrize(
    ("kind", "grade", "weight"),
    [(UP, 3, 1.0), (DOWN, 0, 1.0), (SignalKind.MORE_LIKE_THIS, 2, 1.0), (SignalKind.CITATION_CLICK, 1, 0.25)],
)
def test_an_act_on_a_passage_grades_that_passage(kind: SignalKind, grade: int, weight: float) -> None:
    assert labelled(ledger(did(kind, passage_id="p3"))) == {"p3": (grade, weight)}


def test_a_document_named_by_its_external_id_is_found_in_the_shortlist() -> None:
    assert labelled(ledger(did(UP, external_id="d4"))) == {"p4": (3, 1.0)}


def test_a_yes_credits_the_first_source_most_and_no_passage_that_was_not_cited() -> None:
    assert labelled(ledger(did(SignalKind.THUMBS_UP))) == {"p1": (2, 0.5), "p2": (1, 0.25)}


@pytest.mark.parametrize("reason", [Reason.WRONG_SOURCE, Reason.NOT_ANSWERED])
def test_a_no_about_the_sources_is_held_against_those_cited(reason: Reason) -> None:
    assert labelled(ledger(did(SignalKind.THUMBS_DOWN, reason=reason))) == {"p1": (0, 0.5), "p2": (0, 0.5)}


@pytest.mark.parametrize("reason", [Reason.TOO_LONG, Reason.OUTDATED, Reason.WRONG])
def test_a_no_about_the_writing_says_nothing_about_sources(reason: Reason) -> None:
    assert labelled(ledger(did(SignalKind.THUMBS_DOWN, reason=reason))) == {}


def test_the_last_of_two_judgements_counts() -> None:
    changed = ledger(did(UP, passage_id="p3", minute=1), did(DOWN, passage_id="p3", minute=2))

    assert labelled(changed) == {"p3": (0, 1.0)}


def test_a_yes_that_became_a_no_credits_nobody() -> None:
    assert labelled(ledger(did(SignalKind.THUMBS_UP), did(SignalKind.THUMBS_DOWN, minute=2))) == {}


def test_two_persons_judge_independently() -> None:
    both = curate(ledger(did(UP, "ana", passage_id="p3"), did(DOWN, "ben", passage_id="p3")))

    assert {(one.person, one.grade) for one in both.labels} == {("ana", 3), ("ben", 0)}


def correction(state: CorrectionState) -> Correction:
    """Return a correction that names a source."""
    return Correction("c1", "a0", "Question 0?", "It is so.", "ana", START, source="d3", state=state)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (CorrectionState.APPROVED, {"p3": (3, 1.0)}),
        (CorrectionState.PENDING, {"p3": (3, 0.5)}),
        (CorrectionState.REJECTED, {}),
    ],
)
def test_a_correction_credits_its_source_as_far_as_it_was_approved(
    state: CorrectionState, expected: dict[str, tuple[int, float]]
) -> None:
    assert labelled(ledger(corrections=(correction(state),))) == expected


def test_a_correction_and_its_signal_count_once() -> None:
    made = ledger(
        did(SignalKind.EDIT, correction="c1", source="d3"), corrections=(correction(CorrectionState.PENDING),)
    )

    assert [label.source for label in curate(made).labels] == ["correction"]


def test_a_known_passage_outside_of_the_shortlist_is_kept_as_missed() -> None:
    (label,) = curate(ledger(did(UP, passage_id="p9"), known=frozenset({"p9"}))).labels

    assert not label.listed


def test_an_unknown_passage_makes_no_label_and_is_counted() -> None:
    made = curate(ledger(did(UP, passage_id="p9")))

    assert made.labels == ()
    assert made.left_out["says nothing about a known passage"] == 1


def test_one_person_counts_no_more_often_than_the_cap() -> None:
    many = [did(UP, "eve", number=number, passage_id="p3") for number in range(60)]
    others = [did(UP, f"honest{number}", number=number, passage_id="p3") for number in range(SMALL_GROUP)]
    made = curate(ledger(*many, *others, exchanges=tuple(exchange(number) for number in range(60))))

    assert len([label for label in made.labels if label.person == "eve"]) == 20
    assert made.left_out["over the cap per person"] == 40


def test_the_cap_grows_with_the_window() -> None:
    assert (cap(100, SMALL_GROUP), cap(5_000, SMALL_GROUP)) == (20, 100)


def test_in_a_small_team_everybody_may_count_for_an_even_share() -> None:
    assert (cap(500, 1), cap(500, 5), cap(500, SMALL_GROUP)) == (500, 100, 20)


def test_the_order_of_reading_changes_neither_labels_nor_snapshot() -> None:
    acts = [did(UP, "ana", passage_id="p3"), did(SignalKind.THUMBS_UP, "ben"), did(DOWN, "cem", passage_id="p1")]

    assert curate(ledger(*acts)) == curate(ledger(*reversed(acts)))


def test_one_more_signal_is_another_snapshot() -> None:
    one = did(UP, passage_id="p3")

    assert snapshot(ledger(one)) != snapshot(ledger(one, replace(one, key="another")))


def test_a_label_names_its_person_and_its_source() -> None:
    act = did(UP, passage_id="p3")

    (label,) = curate(ledger(act)).labels

    assert label == Label("q0", "a0", "p3", 3, 1.0, "citation_up", "ana", act.at, listed=True, act=act.key)
