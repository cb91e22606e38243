"""Play the weeks: people ask and react, an administrator reviews, the wheel turns once, and what serves is measured.

Week 0 is measured before anybody has asked. Everything random comes from one seed, and time from the replay's clock, so
the same script gives the same weeks; only `seconds` differ.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.measurement import turn as wheel
from flywheel.measurement.replay import acting, agenda, reacting
from flywheel.measurement.replay.acting import Stage
from flywheel.measurement.replay.agenda import Asked, Pool
from flywheel.measurement.replay.clock import Clock
from flywheel.measurement.replay.habits import Habits
from flywheel.measurement.replay.material import Material
from flywheel.measurement.replay.measuring import Measured, measure
from flywheel.measurement.replay.people import Person, population
from flywheel.measurement.replay.reacting import Deed, Wish
from flywheel.measurement.replay.wording import in_other_words
from flywheel.measurement.retrieval_set import Judged
from flywheel.measurement.watch import watch
from flywheel.model import RETRIEVER_OF, Answer, Retriever, SignalKind
from flywheel.store import documents
from flywheel.store.turns import Turn

_TURN_AT = timedelta(days=6, hours=3)
"""Sunday at three in the morning, counted from Monday."""


@dataclass(frozen=True, slots=True)
class Script:
    """What is played: the material, the people's habits, and the seed of all chance."""

    material: Material
    habits: Habits
    seed: int


@dataclass(frozen=True, slots=True)
class Week:
    """What came of one week; number 0 is the state before the first.

    `done` counts deeds by kind, `answered` the answers that did not abstain, `right` those that cited a document which
    the question wanted. `wanted` are the documents that any question so far was about. `watched` says what was promoted
    or taken back between turns. `turn` is None in week 0.
    """

    number: int
    done: Mapping[str, int]
    answered: int
    right: int
    wanted: frozenset[str]
    measured: Measured
    seconds: float
    watched: tuple[str, ...] = ()
    turn: Turn | None = None


@dataclass(slots=True)
class _Play:
    """The state of a replay."""

    stage: Stage
    script: Script
    people: tuple[Person, ...]
    questions: Pool
    retrievers: Mapping[str, Retriever]
    pushed: str
    truth: dict[str, frozenset[str]] = field(default_factory=dict)
    watched: list[str] = field(default_factory=list)
    answered: int = 0
    right: int = 0

    @property
    def names(self) -> list[str]:
        """Return the documents that questions are about, in order."""
        return sorted(self.retrievers)


def play(core: Core, clock: Clock, script: Script, told: Callable[[int], None]) -> Iterator[Week]:
    """Yield week after week without end; `told` hears how many of a week's questions are done.

    `core.now` must be `clock`, which must stand at the midnight of a Monday.

    Raises:
        InvalidInput: none of the documents that the questions want is indexed.
    """
    playing = _opening(core, clock, script)
    yield _closing(playing, 0, time.monotonic())
    number = 0
    while True:
        number, began, monday = number + 1, time.monotonic(), clock.at
        _live(playing, number, monday, told)
        acting.review(playing.stage, script.habits.reviewed, playing.truth)
        clock.wait_until(monday + _TURN_AT)
        turned = wheel.turn(core, wheel.queue(core, "replay"))
        yield _closing(playing, number, began, turned)
        clock.wait_until(monday + timedelta(days=7))


def _opening(core: Core, clock: Clock, script: Script) -> _Play:
    rng = Random(script.seed)  # noqa: S311 - a simulation, no secret
    asked = script.material.asked
    wanted = sorted({one for question in asked for one in question.relevance})
    with core.database.read() as db:
        kinds = documents.kinds(db, wanted)
    if not kinds:
        raise InvalidInput("nothing that these questions want is indexed; the external ids in qrels.tsv name documents")
    return _Play(
        Stage(core, clock, rng, Counter()),
        script,
        population(script.habits, rng),
        agenda.pool(asked, rng),
        {one: RETRIEVER_OF[kind] for one, kind in kinds.items()},
        pushed=rng.choice(sorted(kinds)),
    )


def _closing(playing: _Play, number: int, began: float, turned: Turn | None = None) -> Week:
    """Measure, and start counting anew."""
    measured = measure(playing.stage.core, playing.script.material.heldout, playing.people)
    wanted = frozenset[str]().union(*playing.truth.values())
    seconds = time.monotonic() - began
    counted = dict(playing.stage.done), playing.answered, playing.right
    made = Week(number, *counted, wanted, measured, seconds, tuple(playing.watched), turned)
    playing.stage.done.clear()
    playing.watched.clear()
    playing.answered = playing.right = 0
    return made


def _live(playing: _Play, number: int, monday: datetime, told: Callable[[int], None]) -> None:
    """Have a week's questions asked, one after the other, each with everything that is done about its answer."""
    habits, stage = playing.script.habits, playing.stage
    planned = agenda.week(monday, playing.people, playing.questions, habits, stage.rng)
    for n, asked in enumerate(planned, 1):
        stage.clock.wait_until(asked.at)
        _ask(playing, f"replay-{number}-{n}", asked)
        if n == len(planned) or planned[n].at.date() > asked.at.date():
            _watch(playing)
        told(n)


def _ask(playing: _Play, question_id: str, asked: Asked) -> None:
    """Have one question asked, and everything done about its answer; who follows up asks in the same thread."""
    stage = playing.stage
    answer = acting.put_question(stage, question_id, asked.judged.text, asked.person.id)
    _answered(playing, answer, asked.judged)
    deeds = _deeds(playing, answer, asked)
    for person, deed in deeds:
        acting.carry_out(stage, answer, person.id, deed)
    if any(deed.kind is SignalKind.FOLLOW_UP for _, deed in deeds):
        words = in_other_words(asked.judged.text, stage.rng)
        second = acting.put_question(stage, f"{question_id}-again", words, asked.person.id, answer)
        _answered(playing, second, asked.judged)


def _watch(playing: _Play) -> None:
    """Look at what serves, as the bot does every hour; here it is once a day, when nobody asks any more."""
    for one in watch(playing.stage.core):
        if one.acted:
            playing.watched.append(f"{one.release.learner} {one.finding.fate.value}: {one.finding.reason}")


def _answered(playing: _Play, answer: Answer, judged: Judged) -> None:
    playing.truth[answer.id] = frozenset(judged.relevance)
    playing.answered += not answer.abstained
    playing.right += any(one.external_id in judged.relevance for one in answer.citations)


def _deeds(playing: _Play, answer: Answer, asked: Asked) -> list[tuple[Person, Deed]]:
    """Return what the asker does about an answer, then what the others in the channel do."""
    rng, habits = playing.stage.rng, playing.script.habits
    seen = acting.shown(playing.stage, answer, habits.listed)
    wish = _wish(playing, asked.judged)
    done = [(asked.person, deed) for deed in _reaction(playing, asked.person, seen, wish)]
    for other in _others(playing.people, asked.person, habits, rng):
        voting = reacting.judgements(_reaction(playing, other, seen, wish))
        done += [(other, deed) for deed in voting]
    return done


def _reaction(playing: _Play, person: Person, seen: Sequence[str], wish: Wish) -> list[Deed]:
    habits = playing.script.habits
    if person.attacks:
        return reacting.hostile(seen, wish, habits.attack, playing.pushed)
    return reacting.honest(seen, wish, person.readiness, habits, playing.stage.rng)


def _others(people: Sequence[Person], asker: Person, habits: Habits, rng: Random) -> list[Person]:
    """Draw who else judges an answer: each attacker as often as they flood, and perhaps one honest person."""
    flooding = min(1.0, habits.flood / habits.questions)
    drawn = [one for one in people if one.attacks and one is not asker and rng.random() < flooding]
    bystanders = [one for one in people if not one.attacks and one is not asker]
    if bystanders and rng.random() < habits.bystanders:
        drawn.append(rng.choice(bystanders))
    return drawn


def _wish(playing: _Play, judged: Judged) -> Wish:
    """Say what is true of a question. Looking elsewhere is something to do only where there is an elsewhere."""
    elsewhere = len(set(playing.retrievers.values())) > 1
    made = Wish(judged.relevance, None, playing.stage.rng.choice(playing.names))
    return replace(made, retriever=playing.retrievers.get(made.best)) if elsewhere else made
