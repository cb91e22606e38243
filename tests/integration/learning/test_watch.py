"""The watch over a real ledger: a harmful canary is taken back by itself, a harmless one in time serves everybody."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from flywheel.core import Core
from flywheel.learning import release as releasing
from flywheel.learning.canary import Fate
from flywheel.learning.gate import Decision
from flywheel.measurement.watch import ACT, LOOK, act, look, sentences, watch
from flywheel.model import Answer, Audience, Question, Signal, SignalKind, Surface
from flywheel.registry import Outcome, Release
from flywheel.store import answers, questions, releases, reviews, signals
from flywheel.store.database import Database, Session
from flywheel.store.reviews import ReviewKind
from tests.integration.learning.company import core_on
from tests.integration.learning.test_releases import MOMENT, challenger
from tests.parts import StoppedClock

PEOPLE = [f"U{number}" for number in range(30)]
DAY = timedelta(days=1)
Votes = Callable[[str, int], bool]


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(MOMENT)


@pytest.fixture
def core(sqlite: Database, clock: StoppedClock) -> Core:
    return replace(core_on(sqlite), now=clock)


def settled(core: Core, alpha: float, decision: Decision) -> str:
    """Settle a fusion weight now and return its id."""
    with core.database.begin() as db:
        return releasing.settle(db, challenger(alpha), None, core.now(), decision).id


def lived(core: Core, days: int, please: Votes, *, version: str | None = None) -> None:
    """Let everybody ask and vote once a day; `please` tells whether the answer of a release pleases on a day."""
    with core.database.begin() as db:
        for day in range(days):
            for person in PEOPLE:
                served = version or releases.serving_id(db, "fusion", person) or "default"
                at = core.now() + day * DAY
                asked(db, f"{at:%m%d}-{person}", served, person, at)
                helped = please(served, day + int(person[1:]))
                kind = SignalKind.THUMBS_UP if helped else SignalKind.THUMBS_DOWN
                signals.put(db, Signal(f"v{at:%m%d}-{person}", f"a{at:%m%d}-{person}", kind, person, at))


def asked(db: Session, name: str, served: str, person: str, at: datetime) -> None:
    """Store a question and its answer, made with a release."""
    questions.put(db, Question(f"q{name}", "How?", person, Surface.API, at, Audience.everyone(), "how"))
    answer = Answer(f"a{name}", f"q{name}", "So.", abstained=False, confidence=0.9, writer="extractive")
    timings = {"total": 120.0}
    answers.put(db, replace(answer, answered_at=at, versions={"fusion": served}, timings_ms=timings))


def found(core: Core, release_id: str) -> Release:
    with core.database.read() as db:
        release = releases.find(db, release_id)
    assert release is not None
    return release


def pleased(_served: str, number: int) -> bool:
    """Be pleased four times in five, whoever serves."""
    return number % 5 > 0


@pytest.fixture
def champion(core: Core, clock: StoppedClock) -> str:
    """Return a release that everybody is used to."""
    made = settled(core, 0.4, Decision.RELEASED)
    clock.advance(60 * DAY)
    return made


@pytest.fixture
def canary(core: Core, champion: str) -> str:
    return settled(core, 0.5, Decision.PROVISIONAL)


def test_a_harmful_canary_is_taken_back_by_itself(core: Core, clock: StoppedClock, champion: str, canary: str) -> None:
    lived(core, 6, lambda served, number: number % 5 > 0 if served == champion else number % 5 == 0)
    clock.advance(6 * DAY)

    [watched] = watch(core)

    assert watched.finding.fate is Fate.ROLLED_BACK
    assert (found(core, canary).outcome, found(core, champion).serving) == (Outcome.ROLLED_BACK, True)


def test_what_the_watch_did_is_audited_and_told(core: Core, clock: StoppedClock, champion: str, canary: str) -> None:
    lived(core, 6, lambda served, number: number % 5 > 0 if served == champion else number % 5 == 0)
    clock.advance(6 * DAY)
    watch(core)

    with core.database.read() as db:
        newest = db.execute(text("SELECT person, act FROM audit ORDER BY id DESC LIMIT 1")).one()
        [told] = sentences(db, clock() - DAY)
        [alarm] = reviews.waiting(db, ReviewKind.ALARM)
    assert tuple(newest) == ("flywheel", "roll back")
    assert "less satisfied" in told
    assert "less satisfied" in str(found(core, canary).evidence[ACT])
    assert (alarm.subject, alarm.detail["fate"]) == (canary, "rolled back")


def test_a_harmless_canary_is_watched_and_its_evidence_says_how_it_fares(
    core: Core, clock: StoppedClock, canary: str
) -> None:
    lived(core, 6, pleased)
    clock.advance(6 * DAY)

    assert [one.finding.fate for one in watch(core)] == [Fate.WATCHED]
    assert "no harm seen" in str(found(core, canary).evidence[LOOK])


def test_a_harmless_canary_serves_everybody_after_four_weeks(core: Core, clock: StoppedClock, canary: str) -> None:
    lived(core, 6, pleased)
    clock.advance(28 * DAY)
    watch(core)

    assert (found(core, canary).share, found(core, canary).outcome) == (1.0, Outcome.RELEASED)


def test_a_harmful_release_is_taken_back_for_the_time_before_it(core: Core, clock: StoppedClock, champion: str) -> None:
    lived(core, 5, pleased)
    clock.advance(5 * DAY)
    newer = settled(core, 0.6, Decision.RELEASED)
    lived(core, 5, lambda _served, number: number % 5 == 0)
    clock.advance(5 * DAY)
    watch(core)

    assert (found(core, newer).outcome, found(core, champion).serving) == (Outcome.ROLLED_BACK, True)


def test_a_release_that_cannot_be_used_is_taken_back(core: Core, clock: StoppedClock, champion: str) -> None:
    newer = settled(core, 0.6, Decision.RELEASED)
    lived(core, 1, pleased, version=f"default (release {newer} has another content)")
    clock.advance(DAY)
    watch(core)

    assert found(core, newer).outcome is Outcome.ROLLED_BACK


def test_an_old_release_is_left_alone(core: Core, champion: str) -> None:
    assert watch(core) == []


def test_a_person_who_was_faster_is_not_overruled(core: Core, clock: StoppedClock, canary: str) -> None:
    lived(core, 6, pleased)
    clock.advance(28 * DAY)
    looked = look(core)
    releasing.hold(core, canary, "ana")

    assert [one.finding.fate for one in looked] == [Fate.PROMOTED]
    assert [one.finding.fate for one in act(core, looked)] == [Fate.WATCHED]
    assert not found(core, canary).serving
