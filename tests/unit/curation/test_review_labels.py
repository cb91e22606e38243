"""What reviewers say of answers, as labels: a "right" is as good as a yes, and weighs as its reviewer is trusted."""

from dataclasses import replace

import pytest

from flywheel.curation.answer_labels import of_answers
from flywheel.curation.labels import LabelState, Rules, curate, snapshot
from flywheel.curation.trust import Trust
from flywheel.store.ledger import Ledger
from flywheel.store.review_verdicts import Reviewed
from flywheel.store.standing import Standing
from tests.unit.curation.exchanges import START, ledger

MIDDLING = Trust({"ana": Standing(agreed=2.0, disagreed=4.0)}, typical=0.9)


def reviewed(verdict: str, *reviewers: str) -> Ledger:
    said = (Reviewed("sample_1", "a0", verdict, one, START) for one in reviewers or ("ana",))
    return replace(ledger(), reviewed=tuple(said))


def test_right_is_said_of_what_the_answer_cites() -> None:
    found = curate(reviewed("right")).labels

    assert [(one.passage_id, one.grade, one.weight, one.source) for one in found] == [
        ("p1", 2, 0.5, "review"),
        ("p2", 1, 0.25, "review"),
    ]


@pytest.mark.parametrize("verdict", ["wrong", "partly", "cannot tell"])
def test_nothing_else_blames_a_source(verdict: str) -> None:
    assert curate(reviewed(verdict)).labels == ()


@pytest.mark.parametrize(
    ("verdict", "good"), [("right", [True]), ("wrong", [False]), ("partly", []), ("cannot tell", [])]
)
def test_an_answer_is_right_or_wrong_or_neither_is_said(verdict: str, good: list[bool]) -> None:
    assert [one.good for one in of_answers(reviewed(verdict), Rules())] == good


def test_each_of_two_reviewers_counts() -> None:
    assert len(of_answers(reviewed("wrong", "ana", "ben"), Rules())) == 2


def test_a_reviewer_weighs_as_they_are_trusted() -> None:
    [label] = of_answers(reviewed("right"), Rules(trust=MIDDLING))

    assert label.weight == pytest.approx(MIDDLING.weight("ana"))
    assert label.weight < 1


def test_a_reviewer_in_quarantine_teaches_nothing() -> None:
    rules = Rules(trust=Trust({"ana": Standing(agreed=0.0, disagreed=40.0)}))

    assert [one.state for one in of_answers(reviewed("right"), rules)] == [LabelState.QUARANTINED]


def test_a_ledger_with_another_verdict_is_another_ledger() -> None:
    assert snapshot(reviewed("right")) != snapshot(reviewed("wrong"))
    assert snapshot(ledger()) != snapshot(reviewed("wrong"))
