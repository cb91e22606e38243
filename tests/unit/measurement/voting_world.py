"""Twenty people who ask, vote and behave week after week, honestly; and some who push.

Three answers of four are good. Of good ones 6 % of the askers ask again or go to a person, of bad ones half; two of
five askers vote, of whom 95 % say yes to a good one and 12 % to a bad one (people differ: each is kinder or harder than
the rest by up to ten points). Of every ten answers one gets the vote of a bystander who read it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from flywheel.measurement.window import Window
from flywheel.model import Answer, Audience, Question, Signal, SignalKind, Surface
from flywheel.store.ledger import Exchange

START = datetime(2026, 9, 7, tzinfo=UTC)
WEEK = timedelta(weeks=1)
CURATOR = "U7"
PEOPLE = tuple(f"U{number}" for number in range(20))
_LEAVING = (SignalKind.FOLLOW_UP, SignalKind.REGENERATE, SignalKind.ESCALATE)


@dataclass(frozen=True, slots=True)
class Pushing:
    """People who vote yes on a share of all answers, whatever they are worth, `seconds` after the answer or later.

    `within` so many seconds from then on.
    """

    people: tuple[str, ...] = ()
    share: float = 0.6
    seconds: float = 60.0
    within: float = 600.0


@dataclass(frozen=True, slots=True)
class World:
    """How a workspace is: questions a week, and the shares of good answers and of those others vote on."""

    questions: int = 150
    good: float = 0.75
    bystanders: float = 0.1
    curator: float = 0.0


def week(rng: Random, number: int, world: World | None = None, pushing: Pushing | None = None) -> Window:
    """Return a week of people's questions and of what they did."""
    world, pushing = world or World(), pushing or Pushing()
    start = START + number * WEEK
    kindness = {person: Random(person).uniform(-0.1, 0.1) for person in PEOPLE}
    busy = [1 + 3 * (index % 5 == 0) for index, _ in enumerate(PEOPLE)]
    exchanges, about = [], {}
    for index in range(world.questions):
        at = start + WEEK * (index / world.questions)
        asker = rng.choices(PEOPLE, busy)[0]
        one = _exchange(f"{number}-{index}", asker, at, rng)
        exchanges.append(one)
        about[one.answer.id] = sorted(_done(one, rng, kindness, (world, pushing)), key=lambda signal: signal.at)
    end = start + WEEK
    return Window(f"week {number}", start, end, end, tuple(exchanges), about, (), frozenset({"public"}))


def together(windows: Iterable[Window]) -> Window:
    """Return several weeks as one window."""
    some = list(windows)
    exchanges = tuple(one for window in some for one in window.exchanges)
    about = {name: done for window in some for name, done in window.about.items()}
    return Window("before", some[0].start, some[-1].end, some[-1].seen, exchanges, about, (), frozenset({"public"}))


def _exchange(name: str, asker: str, at: datetime, rng: Random) -> Exchange:
    surface = rng.choices((Surface.MENTION, Surface.DIRECT), (2, 1))[0]
    question = Question(f"q{name}", "Why?", asker, surface, at, Audience.everyone(), channel="C1")
    answer = Answer(
        f"a{name}", question.id, "So.", abstained=False, confidence=0.9, writer="extractive", answered_at=at
    )
    return Exchange(question, answer)


def _done(one: Exchange, rng: Random, kindness: Mapping[str, float], setting: tuple[World, Pushing]) -> list[Signal]:
    world, pushing = setting
    asker, is_good = one.question.person, rng.random() < world.good
    done = []
    if rng.random() < (0.06 if is_good else 0.5):
        done.append(_signal(one, rng.choice(_LEAVING), asker, rng.uniform(20, 600)))
    voters = [asker] if rng.random() < 0.4 else []
    voters += [rng.choice([person for person in PEOPLE if person != asker])] if rng.random() < world.bystanders else []
    voters += [CURATOR] if rng.random() < world.curator and CURATOR not in voters else []
    for voter in voters:
        says_yes = rng.random() < (0.95 if is_good else 0.12) + kindness[voter]
        kind = SignalKind.THUMBS_UP if says_yes else SignalKind.THUMBS_DOWN
        done.append(_signal(one, kind, voter, rng.expovariate(1 / 90) + 3))
    for person in pushing.people:
        if rng.random() < pushing.share:
            done.append(_signal(one, SignalKind.THUMBS_UP, person, pushing.seconds + rng.uniform(0, pushing.within)))
    return done


def _signal(one: Exchange, kind: SignalKind, person: str, seconds: float) -> Signal:
    at = one.question.asked_at + timedelta(seconds=seconds)
    return Signal(f"{kind}:{person}:{one.answer.id}", one.answer.id, kind, person, at)
