"""Thresholds are proposed from data, decided on by people, and raise one alarm when they are breached."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation import person
from flywheel.errors import InvalidInput, NotFound
from flywheel.measurement import breaches, guarding, thresholds
from flywheel.measurement.turn import queue, turn
from flywheel.measurement.window import read
from flywheel.model import Signal, SignalKind
from flywheel.registry import Record
from flywheel.store import audit, records, reports, reviews, signals
from flywheel.store import thresholds as stored
from flywheel.store.database import Database
from flywheel.store.reviews import ReviewKind
from flywheel.store.thresholds import Bound, Threshold, ThresholdState
from tests.parts import StoppedClock, answered, make_core

SATISFIED = ("satisfaction", "all")
WEEK = timedelta(weeks=1)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def core(database: Database, clock: StoppedClock, tmp_path: Path) -> Core:
    return make_core(tmp_path, database=database, now=clock, admins=frozenset({"U9"}))


def vote(core: Core, tag: str, yes: int, no: int) -> None:
    """Let ten people ask and vote on as many answers, now."""
    for number in range(yes + no):
        person = f"U{number % 10}"
        answer = answered(core, f"{tag}-{number}", person=person)
        kind = SignalKind.THUMBS_UP if number < yes else SignalKind.THUMBS_DOWN
        with core.database.begin() as db:
            signals.put(db, Signal(f"s-{answer}", answer, kind, person, core.now()))


def weeks(core: Core, clock: StoppedClock, *yes: int, of: int = 40) -> None:
    """Let as many weeks pass, each with so many yes of 40."""
    for number, count in enumerate(yes):
        vote(core, f"w{number}", count, of - count)
        clock.advance(WEEK)


def proposals(core: Core) -> dict[tuple[str, str], Threshold]:
    with core.database.read() as db:
        return {one.about: one for one in stored.proposed(stored.history(db))}


def in_force(core: Core) -> dict[tuple[str, str], float]:
    with core.database.read() as db:
        return {one.about: one.value for one in stored.in_force(stored.history(db))}


def test_nothing_is_proposed_of_nothing(core: Core) -> None:
    assert thresholds.propose(core) == []


def test_a_first_week_proposes_what_a_second_could_be_by_chance(core: Core) -> None:
    vote(core, "a", 32, 8)
    core.now.advance(timedelta(hours=1))  # type: ignore[attr-defined]

    made = {one.about: one for one in thresholds.propose(core)}[SATISFIED]

    assert made.bound is Bound.AT_LEAST
    assert 0.5 < made.value < 0.6
    assert made.baseline["weeks"] == 0


def test_a_new_workspace_gets_its_first_proposals_within_the_hour(core: Core, clock: StoppedClock) -> None:
    vote(core, "a", 32, 8)
    clock.advance(timedelta(hours=1))

    guarding.glance(core)

    assert SATISFIED in proposals(core)


def test_a_turn_proposes_and_its_report_says_so(core: Core, clock: StoppedClock) -> None:
    vote(core, "a", 32, 8)
    clock.advance(timedelta(hours=1))

    turn(core, queue(core, "test"))

    assert SATISFIED in proposals(core)
    with core.database.read() as db:
        sections = {one["key"]: one for one in (reports.latest(db) or {})["sections"]}
    assert "for an administrator to confirm" in sections["thresholds"]["lines"][-1]["text"]


def test_four_weeks_propose_the_end_of_what_a_fifth_will_be(core: Core, clock: StoppedClock) -> None:
    weeks(core, clock, 32, 33, 31, 32)

    made = {one.about: one for one in thresholds.propose(core)}[SATISFIED]

    assert (made.baseline["weeks"], made.baseline["n"]) == (4, 160)
    assert 0.5 < made.value < 0.7


def test_a_proposal_is_made_once(core: Core, clock: StoppedClock) -> None:
    weeks(core, clock, 32, 33, 31, 32)
    thresholds.propose(core)

    assert thresholds.propose(core) == []


def test_four_weeks_take_the_place_of_a_first_one(core: Core, clock: StoppedClock) -> None:
    vote(core, "a", 32, 8)
    clock.advance(timedelta(hours=1))
    thresholds.propose(core)
    clock.advance(WEEK)
    weeks(core, clock, 32, 33, 31)

    thresholds.propose(core)

    assert proposals(core)[SATISFIED].baseline["weeks"] == 4


def test_a_proposal_is_not_in_force(core: Core, clock: StoppedClock) -> None:
    weeks(core, clock, 32, 33, 31, 32)
    thresholds.propose(core)

    assert in_force(core) == {}


def test_a_confirmed_proposal_is_with_its_person_and_reason(core: Core, clock: StoppedClock) -> None:
    weeks(core, clock, 32, 33, 31, 32)
    thresholds.propose(core)
    proposal = proposals(core)[SATISFIED]

    made = thresholds.confirm(core, proposal.id, "U9", "as agreed", 0.6)

    assert in_force(core)[SATISFIED] == 0.6
    assert (made.person, made.reason, made.baseline) == ("U9", "as agreed", proposal.baseline)


def test_a_decision_is_in_the_audit_log(core: Core) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "because")

    with core.database.read() as db:
        assert audit.latest(db, ["satisfaction all"])["satisfaction all"].act == "threshold: confirmed"


def test_a_decision_without_a_reason_is_refused(core: Core) -> None:
    with pytest.raises(InvalidInput, match="say why"):
        thresholds.put(core, SATISFIED, 0.7, "U9", "  ")


def test_a_metric_that_is_not_known_has_no_threshold(core: Core) -> None:
    with pytest.raises(InvalidInput, match="a threshold is for one of"):
        thresholds.put(core, ("happiness", "all"), 0.7, "U9", "because")


def test_a_proposal_is_decided_on_once(core: Core, clock: StoppedClock) -> None:
    weeks(core, clock, 32, 33, 31, 32)
    thresholds.propose(core)
    proposal = proposals(core)[SATISFIED]
    thresholds.reject(core, proposal.id, "U9", "too low")

    with pytest.raises(InvalidInput, match="has been decided on"):
        thresholds.confirm(core, proposal.id, "U9", "after all")


def test_a_rejected_proposal_stays_rejected(core: Core, clock: StoppedClock) -> None:
    weeks(core, clock, 32, 33, 31, 32)
    thresholds.propose(core)
    thresholds.reject(core, proposals(core)[SATISFIED].id, "U9", "too low")

    assert SATISFIED not in {one.about for one in thresholds.propose(core)}


def test_what_is_retired_is_not_in_force(core: Core) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "because")
    thresholds.retire(core, SATISFIED, "U9", "no longer")

    assert in_force(core) == {}


def test_what_is_not_in_force_cannot_be_retired(core: Core) -> None:
    with pytest.raises(NotFound):
        thresholds.retire(core, SATISFIED, "U9", "no longer")


def test_a_value_worse_than_asked_for_is_a_breach(core: Core, clock: StoppedClock) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "because")
    vote(core, "bad", 12, 28)
    clock.advance(timedelta(hours=1))

    (found,) = breaches.check(core)

    assert (found.metric, found.detail["value"], found.ended_at) == ("satisfaction", 0.3, None)


def test_a_breach_is_put_up_for_review_once(core: Core, clock: StoppedClock) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "because")
    vote(core, "bad", 12, 28)
    clock.advance(timedelta(hours=1))
    breaches.check(core)
    clock.advance(timedelta(hours=1))
    breaches.check(core)

    with core.database.read() as db:
        assert [one.detail["what"] for one in reviews.waiting(db, ReviewKind.ALARM)] == ["breach"]


def test_replicas_that_look_at_once_begin_one_breach(core: Core, clock: StoppedClock) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "because")
    vote(core, "bad", 12, 28)
    moments = [clock() + timedelta(hours=1, seconds=number) for number in range(4)]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda at: breaches.check(replace(core, now=StoppedClock(at))), moments))

    assert sum(map(len, found)) == 1


def test_five_unlucky_votes_are_no_breach(core: Core, clock: StoppedClock) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "because")
    vote(core, "bad", 0, 5)
    clock.advance(timedelta(hours=1))

    assert breaches.check(core) == []


def test_a_value_that_may_be_worse_by_chance_is_no_breach(core: Core, clock: StoppedClock) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "because")
    vote(core, "so", 26, 14)
    clock.advance(timedelta(hours=1))

    assert breaches.check(core) == []


def test_a_breach_is_over_when_the_value_is_good_again(core: Core, clock: StoppedClock) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "because")
    vote(core, "bad", 12, 28)
    clock.advance(timedelta(hours=1))
    breaches.check(core)
    clock.advance(WEEK)
    vote(core, "good", 36, 4)
    clock.advance(timedelta(hours=1))

    (found,) = breaches.check(core)

    assert found.ended_at == clock()


def test_silence_ends_no_breach(core: Core, clock: StoppedClock) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "because")
    vote(core, "bad", 12, 28)
    clock.advance(timedelta(hours=1))
    breaches.check(core)
    clock.advance(2 * WEEK)

    assert breaches.check(core) == []


def test_a_breach_ends_with_its_threshold(core: Core, clock: StoppedClock) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "because")
    vote(core, "bad", 12, 28)
    clock.advance(timedelta(hours=1))
    breaches.check(core)
    thresholds.retire(core, SATISFIED, "U9", "too strict")

    (found,) = breaches.check(core)

    assert found.detail["over"] == {"retired": True}


def frozen(core: Core, value: float, at: datetime, name: str = "h") -> None:
    with core.database.begin() as db:
        one = Record(at, "ndcg_at_10", value, 60, value - 0.1, value + 0.1, dataset="frozen", dataset_hash=name)
        records.put(db, [one])


def test_the_frozen_questions_are_compared_as_they_are(core: Core, clock: StoppedClock) -> None:
    frozen(core, 0.61, clock())
    thresholds.propose(core)
    proposal = proposals(core)["ndcg_at_10", "frozen"]
    thresholds.confirm(core, proposal.id, "U9", "yes")
    clock.advance(WEEK)
    frozen(core, 0.58, clock())

    assert proposal.value == 0.59
    assert [one.segment for one in breaches.check(core)] == ["frozen"]


def test_other_frozen_questions_are_no_breach_but_proposed_anew(core: Core, clock: StoppedClock) -> None:
    frozen(core, 0.61, clock())
    thresholds.propose(core)
    thresholds.confirm(core, proposals(core)["ndcg_at_10", "frozen"].id, "U9", "yes")
    frozen(core, 0.50, clock() + timedelta(hours=1), "other")

    assert breaches.check(core) == []
    assert [one.value for one in thresholds.propose(core)] == [0.48]


def test_a_report_tells_the_same_later(core: Core, clock: StoppedClock) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "because")
    vote(core, "bad", 12, 28)
    clock.advance(timedelta(hours=1))
    breaches.check(core)
    then = clock()

    def section() -> object:
        with core.database.read() as db:
            return thresholds.told(db, read(db, "2026-W47", (then - WEEK, then), then, None))

    before = section()
    clock.advance(WEEK)
    thresholds.put(core, SATISFIED, 0.2, "U9", "later")
    breaches.check(core)

    assert section() == before
    assert before.lines[0].text.startswith("Satisfied was worse than asked for (at least 70 %)")  # type: ignore[attr-defined]


def test_a_decision_outlives_the_name_of_who_made_it(core: Core) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "as U9 and others agreed")
    assert [one["person"] for one in person.export(core, "U9")["thresholds"]] == ["U9"]

    person.forget(core, "U9")

    with core.database.read() as db:
        (kept,) = stored.history(db)
    assert (kept.value, "U9" in kept.person + kept.reason) == (0.7, False)


def test_a_change_of_mind_is_a_new_row(core: Core) -> None:
    thresholds.put(core, SATISFIED, 0.7, "U9", "because")
    thresholds.put(core, SATISFIED, 0.6, "U9", "too strict")

    with core.database.read() as db:
        assert [(one.value, one.state) for one in stored.history(db)] == [
            (0.7, ThresholdState.CONFIRMED),
            (0.6, ThresholdState.CONFIRMED),
        ]
