"""The experiments' part of a report: what runs, what ended, and the same words when it is computed again."""

from datetime import timedelta

import pytest

from flywheel.core import Core
from flywheel.measurement import window
from flywheel.measurement.experiments import acts
from flywheel.measurement.experiments.telling import told, velocity
from flywheel.measurement.section import Section
from flywheel.store import experiments
from flywheel.store.experiments import Experiment
from tests.integration.experiments.test_acts import DAY, DESIGN, expose
from tests.parts import StoppedClock


@pytest.fixture
def running(core: Core) -> Experiment:
    """Return an experiment that has run for a while."""
    started = acts.start(core, acts.draft(core, DESIGN, "U9").id, "U9")
    expose(core, started, 30, yes_in="B")
    return started


def section(core: Core, days: float) -> Section:
    """Return what a report says of the week so many days after the clock's start, as of its end."""
    start = StoppedClock()() + timedelta(days=days)
    with core.database.read() as db:
        return told(db, window.read(db, "week", (start, start + 7 * DAY), start + 7 * DAY, None))


def words(made: Section) -> str:
    return "\n".join(line.text for line in made.lines)


def test_the_feedback_rate_comes_first_with_its_interval(core: Core, running: Experiment) -> None:
    first = section(core, -1).lines[0]

    assert first.text.startswith("Feedback per 1,000 answers: ")
    assert "on 60 answers" in first.text
    assert len(first.answers) > 20


def test_what_runs_is_told_with_how_it_stands(core: Core, running: Experiment) -> None:
    assert "Running since 18 November: the words under an answer that ask whether it helped" in words(section(core, 0))


def test_what_ended_is_told_and_that_nobody_adopted_it(core: Core, running: Experiment, clock: StoppedClock) -> None:
    clock.advance(8 * DAY)
    acts.conclude(core)

    assert "(B) wins" in words(section(core, 7))
    assert "Nobody has adopted it yet." in words(section(core, 7))


def test_an_earlier_week_is_told_as_it_was(core: Core, running: Experiment, clock: StoppedClock) -> None:
    before = section(core, 0)
    clock.advance(8 * DAY)
    acts.conclude(core)
    acts.adopt(core, running.id, "U9")

    assert section(core, 0) == before


def test_velocity_counts_what_was_started_and_ended(core: Core, running: Experiment, clock: StoppedClock) -> None:
    clock.advance(8 * DAY)
    acts.conclude(core)
    acts.draft(core, DESIGN, "U9")

    with core.database.read() as db:
        counts = velocity(experiments.listed(db), core.now())
    assert (counts["started"], counts["ended"], counts["won"], counts["adopted"]) == (1, 1, 1, 0)


def test_without_anything_it_says_so(core: Core) -> None:
    assert "No experiment has been started yet." in words(section(core, 0))
