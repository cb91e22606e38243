"""What became of an answer: one of five things, and silence is never success."""

from datetime import UTC, datetime, timedelta

import pytest

from flywheel.measurement import people
from flywheel.measurement.people import Outcome, outcome
from flywheel.measurement.window import Window
from flywheel.model import PUBLIC, Answer, Audience, Question, Signal, SignalKind, Surface
from flywheel.store.ledger import Exchange

AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
YES, NO = SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN
COPY, REPLY, CLICK = SignalKind.COPY, SignalKind.HUMAN_REPLY, SignalKind.CITATION_CLICK


def exchange(name: str = "a1") -> Exchange:
    """Return a question of U1 with its answer."""
    asked = Question(f"q-{name}", "How?", "U1", Surface.MENTION, AT, Audience.everyone())
    return Exchange(asked, Answer(name, asked.id, "So. [1]", False, 0.8, "extractive", answered_at=AT))


def did(*acts: tuple[SignalKind, str], answer: str = "a1") -> list[Signal]:
    """Return signals, a minute apart."""
    return [
        Signal(f"{answer}-{n}", answer, kind, person, AT + timedelta(minutes=n))
        for n, (kind, person) in enumerate(acts)
    ]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ((), Outcome.SILENT),
        (((YES, "U1"),), Outcome.SATISFIED),
        (((NO, "U1"),), Outcome.UNSATISFIED),
        (((YES, "U1"), (NO, "U2")), Outcome.UNSATISFIED),
        (((NO, "U1"), (YES, "U1")), Outcome.SATISFIED),
        (((COPY, "U1"),), Outcome.PROBABLY),
        (((CLICK, "U1"),), Outcome.PROBABLY),
        (((SignalKind.CITATION_UP, "U2"),), Outcome.PROBABLY),
        (((REPLY, "U2"),), Outcome.ANSWERED),
        (((REPLY, "U1"),), Outcome.SILENT),
        (((SignalKind.EDIT, "U2"),), Outcome.ANSWERED),
        (((COPY, "U1"), (REPLY, "U2")), Outcome.ANSWERED),
        (((YES, "U1"), (REPLY, "U2")), Outcome.SATISFIED),
        (((SignalKind.REGENERATE, "U1"),), Outcome.UNSATISFIED),
        (((SignalKind.ESCALATE, "U1"), (REPLY, "U2")), Outcome.ANSWERED),
        (((SignalKind.ESCALATE, "U1"),), Outcome.UNSATISFIED),
        (((SignalKind.CITATION_DOWN, "U1"), (COPY, "U1")), Outcome.UNSATISFIED),
        (((SignalKind.FOLLOW_UP, "U1"),), Outcome.SILENT),
    ],
)
def test_an_answer_is_one_of_five(acts: tuple[tuple[SignalKind, str], ...], expected: Outcome) -> None:
    assert outcome(exchange(), did(*acts)) is expected


def window(*done: tuple[SignalKind, ...]) -> Window:
    """Return a window with an answer per entry, about which U1 did so much."""
    names = [f"a{n}" for n in range(len(done))]
    about = {name: did(*((kind, "U1") for kind in kinds), answer=name) for name, kinds in zip(names, done, strict=True)}
    exchanges = tuple(exchange(name) for name in names)
    return Window("2026-W47", AT, AT, AT, exchanges, about, (), frozenset({PUBLIC}))


def test_the_shares_add_up_to_one() -> None:
    told = people.shares(window((YES,), (NO,), (), (), (COPY,), (SignalKind.EDIT,), (REPLY,)))

    assert sum(one.count for one in told.values()) == 7
    assert (told[Outcome.SILENT].count, told[Outcome.SILENT].total) == (3, 7)


def test_nothing_answered_gives_no_share() -> None:
    assert {one.value for one in people.shares(window()).values()} == {None}
