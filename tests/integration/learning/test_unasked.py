"""Auto mode learns from the votes on its answers in each channel."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flywheel.channels import ChannelSettings, Mode
from flywheel.core import Core
from flywheel.learning.unasked import least, muted_mark, tune, why
from flywheel.learning.unasked_threshold import DEFAULT
from flywheel.model import Answer, Audience, Question, Signal, SignalKind, Surface
from flywheel.signals.record import record
from flywheel.store import answers, channels, marks, questions
from tests.parts import StoppedClock, make_core

AUTO = ChannelSettings("C1", mode=Mode.AUTO)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def core(tmp_path: Path, clock: StoppedClock) -> Core:
    core = make_core(tmp_path, now=clock)
    set_to(core, AUTO)
    return core


def set_to(core: Core, settings: ChannelSettings) -> None:
    with core.database.begin() as db:
        channels.put(db, settings, "U1", core.now())


def settings_of(core: Core) -> ChannelSettings:
    with core.database.read() as db:
        return channels.find(db, "C1")


def given(core: Core, number: int, vote: SignalKind | None, confidence: float = 0.8) -> None:
    """Have an unasked answer given, and voted on."""
    question = Question(
        f"q{number}",
        "How?",
        "U2",
        Surface.AUTO,
        core.now(),
        Audience.everyone(),
        channel="C1",
        message_ts=f"{number}.1",
    )
    answer = Answer(f"a{number}", question.id, "So.", False, confidence, "extractive", answered_at=core.now())
    with core.database.begin() as db:
        questions.put(db, question)
        answers.put(db, answer)
    if vote is not None:
        record(core, Signal(f"s{number}", answer.id, vote, "U3", core.now()))


def test_nothing_changes_without_votes(core: Core) -> None:
    given(core, 1, None)

    assert tune(core, "C1").after == DEFAULT
    assert settings_of(core).threshold is None


def test_a_no_raises_the_threshold(core: Core) -> None:
    given(core, 1, SignalKind.THUMBS_DOWN)

    assert tune(core, "C1").after > DEFAULT
    assert least(settings_of(core)) > DEFAULT


def test_tuning_twice_changes_nothing_more(core: Core) -> None:
    given(core, 1, SignalKind.THUMBS_DOWN)
    first = tune(core, "C1").after

    assert tune(core, "C1").after == first


def test_a_muted_thread_is_a_no(core: Core) -> None:
    given(core, 1, None)
    with core.database.begin() as db:
        marks.put(db, muted_mark("C1", "1.1"), "U3")

    assert tune(core, "C1").after > DEFAULT


def test_a_threshold_set_by_hand_is_where_learning_begins_anew(core: Core, clock: StoppedClock) -> None:
    given(core, 1, SignalKind.THUMBS_DOWN)
    tune(core, "C1")
    clock.advance(timedelta(hours=1))
    set_to(core, replace(settings_of(core), threshold=0.7))

    assert tune(core, "C1").after == 0.7
    given(core, 2, SignalKind.THUMBS_DOWN, confidence=0.75)
    assert tune(core, "C1").after > 0.7


def test_turned_on_again_it_is_judged_by_what_it_says_from_then_on(core: Core, clock: StoppedClock) -> None:
    for number in range(5):
        given(core, number, SignalKind.THUMBS_DOWN)
    stopped = tune(core, "C1").muted
    clock.advance(timedelta(hours=1))
    set_to(core, replace(settings_of(core), muted_at=None, muted_why=""))

    assert stopped == "5 of the last 5 answers that people judged here did not help"
    assert not tune(core, "C1").muted


def test_it_says_why(core: Core) -> None:
    given(core, 1, SignalKind.THUMBS_UP)

    assert why(core, AUTO).endswith("60 % sure; of 1 such answers that people judged here, 1 helped.")
