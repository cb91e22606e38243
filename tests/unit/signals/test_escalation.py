"""When a reply may be an answer, and when a working day has passed."""

from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest

from flywheel.core import Core
from flywheel.model import Question
from flywheel.signals.escalation import Request, a_working_day_after, hand_over, pass_on, says_something
from flywheel.store import answers, escalations, questions
from flywheel.store.escalations import Escalation, EscalationState
from tests.parts import MOMENT, answered, make_core

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def core(tmp_path: Path) -> Core:
    core = make_core(tmp_path)
    answered(core, "a1")
    return core


def asked(core: Core, expert: str = "U3") -> Request:
    with core.database.read() as db:
        found = answers.find(db, "a1")
        question = questions.find(db, found.question_id) if found else None
    assert isinstance(question, Question)
    return Request("a1", question, "U2", expert, "Which profile?", ("C1", "1.1"))


@pytest.mark.parametrize(
    ("come", "due"),
    [
        (datetime(2026, 11, 18, 9, 30, tzinfo=UTC), datetime(2026, 11, 19, 9, 30, tzinfo=UTC)),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), datetime(2026, 11, 23, 16, 0, tzinfo=UTC)),
        (datetime(2026, 11, 21, 12, 0, tzinfo=UTC), datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), datetime(2026, 11, 23, 23, 30, tzinfo=UTC)),
    ],
    ids=["Wednesday", "Friday", "Saturday", "Monday in Berlin already"],
)
def test_a_working_day_is_the_teams(come: datetime, due: datetime) -> None:
    assert a_working_day_after(come, BERLIN) == due


@pytest.mark.parametrize(
    "text", ["Which office?", "On it, give me a minute please.", "Let me check that first.", "Yes"]
)
def test_a_word_on_the_way_is_no_answer(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize("text", ["Use the Office-3 profile.", "Yes, contractors get 25 days as well."])
def test_a_statement_may_be_an_answer(text: str) -> None:
    assert says_something(text)


def test_of_two_replicas_one_asks(core: Core) -> None:
    made: list[Escalation | None] = []
    start = Barrier(4)

    def ask(expert: str) -> None:
        request = asked(core, expert)
        start.wait()
        with core.database.begin() as db:
            made.append(hand_over(db, request, MOMENT))

    threads = [Thread(target=ask, args=(f"U{number}",)) for number in range(3, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in made) == 1


def test_passing_on_twice_asks_one_more_person(core: Core) -> None:
    with core.database.begin() as db:
        first = hand_over(db, asked(core), MOMENT)
    assert first is not None
    with core.database.begin() as db:
        passed = [pass_on(db, first, asked(core, "U4"), MOMENT)[0] for _ in range(2)]
        states = [one.state for one in escalations.of_answer(db, "a1")]

    assert passed == [True, False]
    assert sorted(states) == [EscalationState.PASSED, EscalationState.WAITING]


def test_a_closed_question_may_be_handed_over_again(core: Core) -> None:
    with core.database.begin() as db:
        first = hand_over(db, asked(core), MOMENT)
        assert first is not None
        escalations.move(db, first.id, escalations.OPEN, state=EscalationState.CLOSED.value)

        assert hand_over(db, asked(core), MOMENT) is not None
