"""Feedback per 1,000 answers: what people say on purpose, once per person and answer."""

from datetime import timedelta

import pytest

from flywheel.measurement.experiments.feedback import givers, rate, record
from flywheel.measurement.window import Window
from flywheel.model import PUBLIC, Answer, Audience, Question, Signal, SignalKind, Surface
from flywheel.store.ledger import Exchange
from tests.parts import MOMENT


def act(kind: SignalKind, person: str = "U1", answer: str = "a0", **detail: str) -> Signal:
    return Signal(f"{kind}:{person}:{answer}", answer, kind, person, MOMENT, detail)


def exchange(n: int, surface: Surface = Surface.MENTION, *, abstained: bool = False) -> Exchange:
    question = Question(f"q{n}", "How?", f"U{n % 5}", surface, MOMENT, Audience(frozenset({PUBLIC})))
    answer = Answer(
        f"a{n}", f"q{n}", "So.", abstained=abstained, confidence=0.9, writer="extractive", answered_at=MOMENT
    )
    return Exchange(question, answer)


def window(*exchanges: Exchange, done: tuple[Signal, ...] = ()) -> Window:
    about = {one.answer.id: [signal for signal in done if signal.answer_id == one.answer.id] for one in exchanges}
    end = MOMENT + timedelta(days=7)
    return Window("2026-W47", MOMENT, end, end, exchanges, about, (), frozenset({PUBLIC}))


def test_a_person_counts_once_per_answer() -> None:
    assert givers([act(SignalKind.THUMBS_UP), act(SignalKind.CITATION_DOWN)]) == {"U1"}


def test_a_click_is_no_feedback() -> None:
    assert givers([act(SignalKind.CITATION_CLICK), act(SignalKind.FOLLOW_UP), act(SignalKind.HUMAN_REPLY)]) == set()


def test_a_thumb_that_was_taken_away_is_none() -> None:
    thumb, gone = (
        act(SignalKind.REACTION_ADDED, reaction="+1", vote="up"),
        act(SignalKind.REACTION_REMOVED, reaction="+1"),
    )

    assert givers([thumb]) == {"U1"}
    assert givers([thumb, gone]) == set()


def test_the_rate_is_per_thousand_answers() -> None:
    done = (act(SignalKind.THUMBS_UP, "U1"), act(SignalKind.THUMBS_DOWN, "U2"), act(SignalKind.EDIT, "U1", "a3"))

    found = rate(window(*(exchange(n) for n in range(10)), done=done))

    assert found.per_1000 == pytest.approx(300.0)
    assert (found.n, found.given, found.answers) == (10, 3, ("a0", "a3"))


def test_the_interval_takes_askers_as_witnesses() -> None:
    found = rate(
        window(
            *(exchange(n) for n in range(50)),
            done=tuple(act(SignalKind.THUMBS_UP, answer=f"a{n}") for n in range(0, 50, 5)),
        )
    )

    assert found.per_1000 == pytest.approx(200.0)
    assert found.high is not None
    assert found.high > 700  # one asker of five got them all


def test_answers_that_ask_nobody_are_left_out() -> None:
    asked = rate(window(exchange(0), exchange(1, Surface.API), exchange(2, abstained=True)))

    assert asked.n == 1


def test_nothing_has_no_rate_and_no_record() -> None:
    assert record(rate(window()), "2026-W47", MOMENT) == []


def test_a_week_makes_one_record() -> None:
    made = record(rate(window(*(exchange(n) for n in range(10)))), "2026-W47", MOMENT)

    assert [(one.metric, one.value, one.n, one.dataset) for one in made] == [("feedback_per_1000", 0.0, 10, "2026-W47")]
