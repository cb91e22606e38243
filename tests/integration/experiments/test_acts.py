"""An experiment from its draft to what is adopted: written down first, one at a time, kept whatever it found."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flywheel.core import Core
from flywheel.errors import InvalidInput, NotFound
from flywheel.measurement.experiments import acts
from flywheel.measurement.experiments.acts import Design
from flywheel.model import Signal, SignalKind
from flywheel.store import audit, experiments, people, signals, unlearning
from flywheel.store.experiments import Experiment, State
from tests.parts import StoppedClock, answered

WORDS = ("Did we answer your question?", "Is this right?")
DESIGN = Design("question_wording", "Fewer words get more feedback.", WORDS)
DAY = timedelta(days=1)


@pytest.fixture
def running(core: Core) -> Experiment:
    """Return an experiment that has just started."""
    return acts.start(core, acts.draft(core, DESIGN, "U9").id, "U9")


def expose(core: Core, experiment: Experiment, persons: int, *, yes_in: str = "") -> None:
    """Expose persons twice each; those in one arm say yes each time."""
    for n in range(persons * 2):
        person, answer = f"P{n % persons}", answered(core, f"a{n}", person=f"P{n % persons}")
        with core.database.begin() as db:
            experiments.expose(db, experiment, person, answer, core.now())
            if experiment.arm_of(person).name == yes_in:
                signals.put(db, Signal(f"k{n}", answer, SignalKind.THUMBS_UP, person, core.now()))


def found(core: Core, experiment: Experiment) -> Experiment:
    """Return an experiment as it stands."""
    with core.database.read() as db:
        return experiments.find(db, experiment.id)


def test_what_it_needs_is_written_down_before_it_starts(core: Core) -> None:
    made = acts.draft(core, DESIGN, "U9")

    assert (made.state, made.plan["exposures"]["A"] > 400) == (State.DRAFT, True)
    assert made.guardrails == ("satisfaction", "asked_again", "slow")


def test_the_plan_knows_how_people_behaved_lately(core: Core, clock: StoppedClock) -> None:
    for n in range(40):
        answered(core, f"b{n}", person=f"U{n}")
    clock.advance(2 * DAY)

    lately = acts.draft(core, DESIGN, "U9").plan["lately"]

    assert (lately["share"], lately["n"], round(lately["a_day"], 2)) == (0.0, 40, 1.43)


@pytest.mark.parametrize(
    "wrong",
    [
        Design("question_wording", "short", WORDS),
        Design("question_wording", DESIGN.hypothesis, WORDS[:1]),
        Design("question_wording", DESIGN.hypothesis, (WORDS[0], WORDS[0])),
        Design("question_wording", DESIGN.hypothesis, (WORDS[0], "Click here!")),
        Design("question_moment", DESIGN.hypothesis, ("always", "never")),
        Design("question_wording", DESIGN.hypothesis, WORDS, minimum_effect=0.0),
        Design("question_wording", DESIGN.hypothesis, WORDS, metric="slow"),
        Design("question_wording", DESIGN.hypothesis, WORDS, shares=(0.9, 0.2)),
    ],
)
def test_a_design_that_cannot_be_is_refused(core: Core, wrong: Design) -> None:
    with pytest.raises(InvalidInput):
        acts.draft(core, wrong, "U9")


def test_a_variable_that_nobody_knows_is_refused(core: Core) -> None:
    with pytest.raises(NotFound, match="the bot knows question_moment, question_wording"):
        acts.draft(core, Design("colour", DESIGN.hypothesis, WORDS), "U9")


def test_one_runs_at_a_time_on_a_variable(core: Core, running: Experiment, clock: StoppedClock) -> None:
    clock.advance(DAY)
    second = acts.draft(core, DESIGN, "U9")

    with pytest.raises(InvalidInput, match="one at a time"):
        acts.start(core, second.id, "U9")


def test_experiments_on_other_variables_run_beside_it(core: Core, running: Experiment) -> None:
    other = acts.draft(core, Design("question_moment", DESIGN.hypothesis, ("always", "end")), "U9")

    assert acts.start(core, other.id, "U9").state is State.RUNNING


def test_it_starts_once(core: Core, running: Experiment) -> None:
    with pytest.raises(InvalidInput, match="only a draft"):
        acts.start(core, running.id, "U9")


def test_a_person_stays_in_one_arm(running: Experiment) -> None:
    arms = {running.arm_of("U1").name for _ in range(9)}

    assert len(arms) == 1


def test_persons_are_spread_over_the_arms(running: Experiment) -> None:
    treated = sum(running.arm_of(f"U{n}").name == "B" for n in range(1000))

    assert 450 < treated < 550


def test_arms_of_two_experiments_are_independent(core: Core, running: Experiment) -> None:
    other = acts.draft(core, Design("question_moment", DESIGN.hypothesis, ("always", "end")), "U9")

    both = sum(running.arm_of(f"U{n}").name == other.arm_of(f"U{n}").name for n in range(1000))

    assert 450 < both < 550


def test_an_exposure_is_noted_once(core: Core, running: Experiment) -> None:
    answered(core, "a1")
    with core.database.begin() as db:
        assert experiments.expose(db, running, "U1", "a1", core.now())
        assert not experiments.expose(db, running, "U1", "a1", core.now())


def test_a_winner_is_found_and_waits_to_be_adopted(core: Core, running: Experiment, clock: StoppedClock) -> None:
    expose(core, running, 30, yes_in="B")
    clock.advance(8 * DAY)

    assert [one.id for one in acts.conclude(core)] == [running.id]
    ended = found(core, running)
    assert (ended.state, ended.result["winner"], ended.adopted) == (State.FINISHED, "B", None)
    assert ended.conclusion.startswith("“Is this right?” (B) wins: answers with feedback 100 % of")


def test_it_is_finished_once(core: Core, running: Experiment, clock: StoppedClock) -> None:
    expose(core, running, 30, yes_in="B")
    clock.advance(8 * DAY)

    assert (len(acts.conclude(core)), acts.conclude(core)) == (1, [])


def test_one_that_is_undecided_goes_on(core: Core, running: Experiment, clock: StoppedClock) -> None:
    expose(core, running, 8)
    clock.advance(8 * DAY)

    assert acts.conclude(core) == []


def test_after_eight_weeks_it_ends_undecided(core: Core, running: Experiment, clock: StoppedClock) -> None:
    expose(core, running, 8)
    clock.advance(56 * DAY)
    acts.conclude(core)

    assert (found(core, running).state, found(core, running).result["finding"]) == (State.FINISHED, "undecided")


def test_one_that_is_stopped_keeps_everything(core: Core, running: Experiment, clock: StoppedClock) -> None:
    expose(core, running, 30)
    clock.advance(2 * DAY)
    stopped = acts.stop(core, running.id, "U9")

    assert (stopped.state, stopped.result["finding"]) == (State.STOPPED, "undecided")
    assert sum(stopped.result["exposures"].values()) == 60
    assert stopped.conclusion.startswith("Stopped early. Undecided")
    with core.database.read() as db:
        assert len(experiments.exposed(db, running.id, core.now())) == 60


def test_nothing_moves_an_ended_one(core: Core, running: Experiment) -> None:
    acts.stop(core, running.id, "U9")

    with pytest.raises(InvalidInput):
        acts.start(core, running.id, "U9")
    with pytest.raises(InvalidInput):
        acts.stop(core, running.id, "U9")


def test_a_running_one_is_not_adopted(core: Core, running: Experiment) -> None:
    with pytest.raises(InvalidInput, match="only one that ran and ended"):
        acts.adopt(core, running.id, "U9", "B")


def test_without_a_winner_the_arm_must_be_named(core: Core, running: Experiment) -> None:
    acts.stop(core, running.id, "U9")

    with pytest.raises(InvalidInput, match="name the arm"):
        acts.adopt(core, running.id, "U9")
    assert acts.adopt(core, running.id, "U9", "A").adopted == "A"


def test_who_adopted_is_in_the_audit_log(core: Core, running: Experiment) -> None:
    acts.stop(core, running.id, "U9")
    acts.adopt(core, running.id, "U9", "B")

    with core.database.read() as db:
        act = audit.latest(db, [f"experiment {running.id}"])[f"experiment {running.id}"]
    assert (act.person, act.act) == ("U9", "adopt arm B of experiment")


def test_who_is_forgotten_leaves_no_exposure(core: Core, running: Experiment) -> None:
    expose(core, running, 10)
    with core.database.begin() as db:
        unlearning.forget_derived(db, "P3", [], [])

    with core.database.read() as db:
        left = {one.person for one in experiments.exposed(db, running.id, core.now())}
    assert left == {f"P{n}" for n in range(10)} - {"P3"}


def test_what_is_stored_of_a_person_holds_their_exposures(core: Core, running: Experiment) -> None:
    expose(core, running, 4)

    with core.database.read() as db:
        assert len(people.everything_of(db, "P3")["exposures"]) == 2


def test_a_forgotten_name_leaves_the_design_but_not_the_name(core: Core) -> None:
    made = acts.draft(core, replace(DESIGN, hypothesis="U9 says that fewer words get more."), "U9")
    with core.database.begin() as db:
        people.forget(db, "U9")

    left = found(core, made)
    assert left.hypothesis == "somebody who is gone says that fewer words get more."
    assert left.created_by == "somebody who is gone"
