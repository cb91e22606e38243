"""What becomes of labels: trust, quarantine, doubts, behaviour, windows."""

from datetime import timedelta

from flywheel.curation.labels import WINDOW_DAYS, LabelState, Rules, curate
from flywheel.curation.routes import curate as curate_routes
from flywheel.curation.trust import Trust
from flywheel.model import Reason, Signal, SignalKind
from flywheel.store.standing import Standing
from tests.unit.curation.exchanges import did, exchange, ledger

UP = SignalKind.CITATION_UP
EVE = Rules(trust=Trust({"eve": Standing(0, 20)}))


def test_votes_of_somebody_in_quarantine_train_nothing_and_are_kept() -> None:
    made = curate(ledger(did(UP, "eve", passage_id="p3")), EVE)

    assert made.labels == ()
    assert [one.state for one in made.set_aside] == [LabelState.QUARANTINED]
    assert made.left_out["by somebody in quarantine"] == 1


def test_a_doubted_label_trains_nothing() -> None:
    act = did(UP, passage_id="p3")

    made = curate(ledger(act), Rules(doubted=frozenset({f"{act.key} p3"})))

    assert made.labels == ()
    assert made.left_out["doubted"] == 1


def test_a_weight_is_that_of_the_source_times_trust() -> None:
    trust = Trust({"ana": Standing(4, 4)}, typical=0.8)

    (label,) = curate(ledger(did(UP, "ana", passage_id="p3")), Rules(trust=trust)).labels

    assert label.weight == label.trust == trust.weight("ana") < 1.0


def test_a_no_that_blames_the_writing_is_held_against_no_passage() -> None:
    no = did(SignalKind.THUMBS_DOWN, reason=Reason.WRONG_SOURCE)

    assert len(curate(ledger(no)).labels) == 2
    assert curate(ledger(no), Rules(blameless=frozenset({no.key}))).labels == ()


def test_a_copied_answer_credits_what_it_cites_a_little() -> None:
    labels = curate(ledger(did(SignalKind.COPY))).labels

    assert [(one.passage_id, one.grade, one.weight) for one in labels] == [("p1", 1, 0.25), ("p2", 1, 0.125)]


def test_behaviour_weighs_what_was_learned() -> None:
    labels = curate(ledger(did(SignalKind.COPY)), Rules(implicit={"copy": 0.4})).labels

    assert [one.weight for one in labels] == [0.4, 0.2]


def test_a_source_left_within_seconds_is_no_positive() -> None:
    hasty = did(SignalKind.CITATION_CLICK, passage_id="p1")
    onward = Signal(
        "next", "a0", SignalKind.CITATION_CLICK, "ana", hasty.at + timedelta(seconds=5), {"passage_id": "p2"}
    )

    assert [one.passage_id for one in curate(ledger(hasty, onward)).labels] == ["p2"]


def test_the_cap_holds_in_each_window() -> None:
    days = (0, 2 * WINDOW_DAYS)
    numbers = [24 * day + number for day in days for number in range(30)]  # hours
    votes = [did(UP, "eve", number=number, passage_id="p3") for number in numbers]
    others = [did(UP, f"U{one}", number=24 * day, passage_id="p3") for day in days for one in range(10)]

    made = curate(ledger(*votes, *others, exchanges=tuple(exchange(number) for number in numbers)))

    assert len([one for one in made.labels if one.person == "eve"]) == 40


def test_routes_know_quarantine_too() -> None:
    made = curate_routes(ledger(did(SignalKind.REROUTE, "eve", retriever="code")), EVE)

    assert (made.questions, made.labels) == ((), ())
    assert [one.state for one in made.set_aside] == [LabelState.QUARANTINED]
