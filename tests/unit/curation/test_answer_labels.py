"""What acts say about answers."""

from flywheel.curation.answer_labels import AnswerLabel, of_answers
from flywheel.curation.labels import LabelState, Rules
from flywheel.curation.trust import Trust
from flywheel.model import Correction, CorrectionState, Signal, SignalKind
from flywheel.store.standing import Standing
from tests.unit.curation.exchanges import START, did, ledger


def said(*signals: Signal, corrections: tuple[Correction, ...] = (), rules: Rules | None = None) -> list[AnswerLabel]:
    return of_answers(ledger(*signals, corrections=corrections), rules or Rules())


def correction(state: CorrectionState, text: str = "No. [1]") -> Correction:
    return Correction("c1", "a0", "Question 0?", text, "ana", START, state=state)


def test_a_vote_says_whether_the_answer_is_good() -> None:
    (yes,) = said(did(SignalKind.THUMBS_UP))
    (no,) = said(did(SignalKind.THUMBS_DOWN))

    assert (yes.good, yes.weight, no.good, no.weight) == (True, 1.0, False, 1.0)


def test_an_approved_correction_makes_a_pair() -> None:
    (pair,) = said(corrections=(correction(CorrectionState.APPROVED),))

    assert (pair.good, pair.better, pair.weight) == (False, "No. [1]", 1.0)


def test_a_pending_one_that_changed_little_weighs_little() -> None:
    (small,) = said(corrections=(correction(CorrectionState.PENDING, "Yes! [1]"),))
    (large,) = said(corrections=(correction(CorrectionState.PENDING, "Ask HR"),))

    assert small.weight < large.weight <= 0.5


def test_a_rejected_one_says_nothing() -> None:
    assert said(corrections=(correction(CorrectionState.REJECTED),)) == []


def test_behaviour_says_a_little() -> None:
    (copied,) = said(did(SignalKind.COPY))
    (gone,) = said(did(SignalKind.ESCALATE))

    assert (copied.good, gone.good) == (True, False)
    assert max(copied.weight, gone.weight) <= 0.25


def test_behaviour_that_foretells_nothing_makes_no_label() -> None:
    assert said(did(SignalKind.COPY), rules=Rules(implicit={"copy": 0.0})) == []


def test_the_word_of_somebody_in_quarantine_is_set_aside() -> None:
    rules = Rules(trust=Trust({"eve": Standing(0, 20)}))

    (label,) = said(did(SignalKind.THUMBS_UP, "eve"), rules=rules)

    assert label.state is LabelState.QUARANTINED
