"""Some weeks in a random company of which everything is measured: topics, votes, words of judges and reviewers.

Questions tell secrets too, each those of the readers it was asked for; `world.leaked` knows them like those of
documents. Two topics in three are asked by one kind of reader alone, and the third half in public and half in private,
with a secret in the private half.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from flywheel.core import Core
from flywheel.curation import review_deciding, review_queue
from flywheel.measurement.turn import queue, turn
from flywheel.model import Answer, Citation, Correction, Hit, Question, Signal, SignalKind, Surface
from flywheel.ports import Case, Opinion, Panel
from flywheel.store import answers, corrections, passages, question_vectors, questions, signals
from flywheel.store.reviews import ABOUT_ANSWERS
from flywheel.store.turns import Turn, TurnState
from tests.integration.security.worlds import Reader, World, add_documents, name_of, world_at_random
from tests.parts import StoppedClock, make_core

ADMINS = ("U4", "U5")
DOCUMENTS = 16
A_TOPIC = 14
TOPICS = 6
_SUBJECTS = (
    "renew the parking permit", "book the small studio", "return the old monitor", "order the winter tyres",
    "report the broken lift", "claim the train ticket", "borrow the film camera", "reserve the roof terrace",
)  # fmt: skip
_ASKED = (
    "How do I {0}?", "Who can {0} for me?", "Where do I {0} please?", "When may we {0} again?", "Can I {0} online?",
    "What do I need to {0}?", "Is it possible to {0} today?",
)  # fmt: skip


class Gossip:
    """A `Judge` that repeats everything it was shown, and remembers it."""

    name = "gossip"

    def __init__(self) -> None:
        self.heard: list[Case] = []

    def rubrics(self) -> Mapping[str, str]:
        return {"answer_relevance": "r1", "faithfulness": "r1", "context_precision": "r1"}

    def judge(self, case: Case, metric: str, run: int) -> Opinion:
        self.heard.append(case)
        return Opinion(0.5, f"{case.question} {case.answer} {' '.join(case.passages)}", {})


@dataclass
class Company:
    """A world with a core; `asked` says whom each answer was for, `reviewed` how many verdicts were given."""

    world: World
    core: Core
    asked: Mapping[str, Reader]
    judge: Gossip
    reviewed: int = 0


def company(folder: Path, seed: int) -> Company:
    """Return a company in which two weeks were lived."""
    world = world_at_random(seed)
    core = make_core(folder, directory=world.people, admins=frozenset(ADMINS))
    add_documents(world, core, DOCUMENTS)
    return Company(world, core, _live(world, core), Gossip())


def _live(world: World, core: Core) -> dict[str, Reader]:
    """Let people ask, vote, correct and be answered for two weeks; return whom each answer was for, by its id."""
    rng, clock = world.rng, core.now
    written = [f"{name_of(world, one)}:0" for one in world.access]
    assert isinstance(clock, StoppedClock)
    said = [asking for topic in range(TOPICS) for asking in _topic(world, topic)]
    rng.shuffle(said)
    asked: dict[str, Reader] = {}
    for number, (reader, text) in enumerate(said):
        clock.advance(timedelta(hours=3))
        with core.database.read() as db:
            hits = passages.hits(db, written, world.audience(reader))
        given = _asked(world, core, (reader, text, hits), f"{number:03d}")
        asked[given.id] = reader
        _react(world, core, given, reader)
    return asked


def measured(made: Company, channel: str | None) -> Turn:
    """Turn the wheel for a report in a channel, and have the judge look at answers."""
    done = turn(replace(made.core, panel=Panel((made.judge,))), queue(made.core, "test"), channel)
    assert done.state is TurnState.FINISHED
    return done


def later(core: Core) -> None:
    """Let an hour pass."""
    assert isinstance(core.now, StoppedClock)
    core.now.advance(timedelta(hours=1))


def review(made: Company) -> None:
    """Let administrators judge what they are offered, for a reason that repeats the question."""
    for person in ADMINS:
        for one in review_queue.offers(made.core, person):
            if one.item.kind in ABOUT_ANSWERS:
                review_deciding.decide(made.core, one.item.id, person, "wrong", f"Because of: {one.question}")
                made.reviewed += 1


def secret_for(world: World, labels: frozenset[str]) -> str:
    """Return a new secret that only those who hold one of these labels may see."""
    secret, handle = f"secret{world.rng.getrandbits(40):010x}", f"said{world.rng.getrandbits(40):010x}"
    world.secrets[secret] = handle
    world.access[handle] = labels
    return secret


def owner_of(reader: Reader) -> frozenset[str]:
    """Return the labels by which a reply for a reader may be read: their own, their channel's, or everybody's."""
    if reader.channel is not None:
        return frozenset({f"channel:{reader.channel}"})
    return frozenset({f"user:{reader.person}"}) if reader.person else frozenset({"public"})


def _topic(world: World, number: int) -> list[tuple[Reader, str]]:
    """Return who asks what about one subject; a secret stands in all that the same reader asks about it."""
    possible = [one for one in world.readers() if _members(world, one)]
    readers = [world.rng.choice(possible)]
    if number % 3 == 2:
        readers = [Reader(), world.rng.choice([one for one in possible if one != Reader()])]
    subject = _SUBJECTS[number]
    told = {one: f"{subject} {secret_for(world, owner_of(one))}" for one in readers}
    return [(one, _ASKED[n % len(_ASKED)].format(told[one])) for n in range(A_TOPIC) for one in readers]


def _members(world: World, reader: Reader) -> list[str]:
    """Return who can be among the readers of a reply."""
    if reader.person is not None:
        return [reader.person]
    everybody = sorted(world.people.channels)
    return [one for one in everybody if reader.channel in (None, *world.people.channels[one])]


def _asked(world: World, core: Core, asking: tuple[Reader, str, Sequence[Hit]], name: str) -> Answer:
    reader, text, hits = asking
    person = world.rng.choice(_members(world, reader))
    surface = Surface.DIRECT if reader.person else Surface.MENTION
    channel = reader.channel or ("D1" if reader.person else "C9")
    audience = world.audience(reader)
    ts = f"{core.now().timestamp():.6f}"
    question = Question(f"q{name}", text, person, surface, core.now(), audience, text, channel=channel, message_ts=ts)
    abstained = world.rng.random() < 0.4
    cited = [] if abstained else world.rng.sample(hits, min(2, len(hits)))
    answer = Answer(
        f"a{name}", question.id, " ".join(["It says:", *(one.text for one in cited)]), abstained, 0.5, "extractive",
        tuple(Citation(n, one.passage_id, one.external_id, one.title, one.url) for n, one in enumerate(cited, 1)),
        route={"documents": 1.0}, answered_at=core.now(),
    )  # fmt: skip
    with core.database.begin() as db:
        questions.put(db, question)
        answers.put(db, answer, hits, {one.passage_id for one in cited})
        question_vectors.put(db, core.encoder.name, {question.id: (text, core.encoder.encode([text])[0])})
    return answer


def _react(world: World, core: Core, given: Answer, reader: Reader) -> None:
    rng, person = world.rng, world.rng.choice(_members(world, reader))
    kinds = [SignalKind.THUMBS_DOWN, SignalKind.THUMBS_DOWN, SignalKind.THUMBS_UP, SignalKind.ESCALATE]
    if rng.random() < 0.6:
        act(core, given, rng.choice(kinds), person, reason="outdated")
    for source in given.citations:
        if rng.random() < 0.4:
            act(core, given, SignalKind.CITATION_DOWN, person, external_id=source.external_id)
    if rng.random() < 0.2:
        text = f"No: {secret_for(world, owner_of(reader))}."
        made = Correction(f"c{given.id}", given.id, "", text, person, core.now())
        with core.database.begin() as db:
            question = questions.find(db, given.question_id)
            assert question is not None
            corrections.put(db, replace(made, question=question.text))


def act(core: Core, given: Answer, kind: SignalKind, person: str, **detail: str) -> None:
    with core.database.begin() as db:
        signals.put(db, Signal(f"{given.id}{kind}{person}{len(detail)}", given.id, kind, person, core.now(), detail))
