"""Which questions may teach, and how older and newer ones are kept apart."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from flywheel.curation.dataset import Group, build
from flywheel.curation.labels import curate
from flywheel.curation.split import check, split
from flywheel.errors import FlywheelError
from flywheel.model import SignalKind
from flywheel.store.ledger import Ledger
from tests.unit.curation.exchanges import START, did, exchange, ledger
from tests.unit.learning.groups import group

UP = SignalKind.CITATION_UP
FEATURES = ("dense_norm", "bm25_norm")


def built(made: Ledger) -> tuple[Group, ...]:
    """Return the groups of a ledger."""
    return build(made, curate(made), FEATURES).groups


def test_an_explicit_judgement_makes_a_group_of_the_whole_shortlist() -> None:
    (one,) = built(ledger(did(UP, passage_id="p3")))

    assert [candidate.grade for candidate in one.candidates] == [0.0, 0.0, 3.0, 0.0]


def test_a_single_click_is_not_trusted() -> None:
    assert built(ledger(did(SignalKind.CITATION_CLICK, passage_id="p3"))) == ()


def test_two_persons_clicks_are_trusted() -> None:
    clicks = [did(SignalKind.CITATION_CLICK, person, passage_id="p3") for person in ("ana", "ben")]

    assert built(ledger(*clicks))[0].targets == {"p3"}


def test_opposite_judgements_meet_in_the_middle() -> None:
    (one,) = built(ledger(did(UP, "ana", passage_id="p3"), did(SignalKind.CITATION_DOWN, "ben", passage_id="p3")))

    assert one.candidates[2].grade == 1.5


def test_the_group_s_person_is_the_one_who_judged() -> None:
    assert built(ledger(did(UP, "eve", passage_id="p3")))[0].person == "eve"


def test_a_wanted_passage_that_was_not_listed_is_counted_as_missed_by_the_shortlist() -> None:
    made = ledger(did(UP, passage_id="p9"), known=frozenset({"p9"}))

    found = build(made, curate(made), FEATURES)

    assert (found.listed, found.positives) == (0, 1)
    assert found.left_out == {"the wanted passage was not in the shortlist": 1}


def test_a_shortlist_without_the_features_is_left_out_and_counted() -> None:
    made = ledger(did(UP, passage_id="p3"))

    assert build(made, curate(made), ("recency",)).left_out == {"asked before the features existed": 1}


def apart(count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Return unit vectors at right angles."""
    return np.eye(count, dtype=np.float32)


def test_the_newer_three_tenths_are_held_out() -> None:
    made = split([group(n, [{}], [3.0]) for n in range(10)], apart(10))

    assert [one.question_id for one in made.heldout] == ["q0007", "q0008", "q0009"]


def test_the_same_question_asked_again_later_is_not_held_out() -> None:
    groups = [group(n, [{}], [3.0]) for n in range(10)]
    again = [*groups[:9], replace(groups[9], text="Question, 0!")]

    made = split(again, apart(10))

    assert (len(made.train), len(made.heldout), made.straddling) == (7, 2, 1)


def test_nearly_the_same_question_is_the_same() -> None:
    vectors = apart(10)
    vectors[9] = 0.95 * vectors[0] + np.sqrt(1 - 0.95**2) * vectors[9]

    assert split([group(n, [{}], [3.0]) for n in range(10)], vectors).straddling == 1


def test_a_thread_stays_on_one_side() -> None:
    groups = [replace(group(n, [{}], [3.0]), thread="C1:1" if n in (0, 8) else None) for n in range(10)]

    assert split(groups, apart(10)).straddling == 1


def test_of_three_persons_on_both_sides_one_can_be_left_out_and_the_others_are_counted() -> None:
    groups = [replace(group(n, [{}], [3.0]), person=f"p{n % 7}") for n in range(10)]

    assert split(groups, apart(10)).shared_persons == 2


@pytest.mark.parametrize(
    "leak", [{"question_id": "q0000"}, {"text": "QUESTION 0?"}, {"thread": "C1:1"}, {"asked_at": START - timedelta(9)}]
)
def test_a_leak_is_raised(leak: dict[str, object]) -> None:
    of_their_own = [replace(group(n, [{}], [3.0]), person=f"p{n}") for n in range(10)]
    groups = [replace(one, thread="C1:1" if n == 0 else None) for n, one in enumerate(of_their_own)]
    made = split(groups, apart(10))

    with pytest.raises(FlywheelError, match="leaks"):
        check(replace(made, heldout=(replace(made.heldout[0], **leak),)))  # type: ignore[arg-type]


def test_the_first_message_of_a_thread_belongs_to_it() -> None:
    root = exchange(0)
    root = replace(root, question=replace(root.question, channel="C1", message_ts="1.0"))
    reply = exchange(1, thread="1.0")
    both = [did(UP, number=0, passage_id="p3"), did(UP, number=1, passage_id="p3")]

    first, second = built(ledger(*both, exchanges=(root, reply)))

    assert first.thread == second.thread
