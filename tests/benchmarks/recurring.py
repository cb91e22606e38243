"""How fast are recurring questions learned: banking77, each intent an entry, through ask, feedback, a turn and search.

    python -m tests.benchmarks.recurring --data FOLDER [--votes 100 300 1000] [--noise 0.2] [--persons 40]

Each voted question is asked as anybody asks, and one of forty persons says which entry answers it. A share `noise` of
them names a wrong one instead, of the ten that were listed, the first most often (1 / rank). Then the wheel turns once,
with its gate, and the held-out questions are searched; none of them was ever voted on. `--attackers` adds persons who
vote for one wrong entry, `--each` times each.
"""

import argparse
import gzip
import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np

from flywheel.answering.ask import Asking, ask
from flywheel.core import Core
from flywheel.gateways.encoder import open_encoder
from flywheel.learning.remembering import RememberingEncoder
from flywheel.measurement.turn import queue, turn
from flywheel.model import Audience, Signal, SignalKind, Surface
from flywheel.retrieval.search import shortlist
from flywheel.signals.record import record
from flywheel.signals.target import Target, resolve
from flywheel.store import answers
from tests.benchmarks.corpora import Corpus, Line, say
from tests.benchmarks.rooms import room

_START = datetime(2026, 6, 1, tzinfo=UTC)
_SEEN = 10


@dataclass(slots=True)
class _Clock:
    at: datetime = _START

    def __call__(self) -> datetime:
        return self.at


@dataclass(frozen=True, slots=True)
class _Crowd:
    """Who votes: `persons` honest ones, a share `noise` of whose votes is wrong, and attackers with votes `each`."""

    persons: int
    noise: float
    attackers: int
    each: int


@dataclass(frozen=True, slots=True)
class _Asked:
    text: str
    intent: str


def main() -> None:
    """Print recall@1 on the held-out questions after each number of votes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True, help="The folder of banking77.")
    parser.add_argument("--votes", type=int, nargs="*", default=[0, 100, 300, 1_000])
    parser.add_argument("--noise", type=float, default=0.2)
    parser.add_argument("--persons", type=int, default=40)
    parser.add_argument("--attackers", type=int, default=0)
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--heldout", type=int, default=1_012)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    train, heldout = _questions(given.data, "train"), _questions(given.data, "dev")[: given.heldout]
    crowd = _Crowd(given.persons, given.noise, given.attackers, given.each)
    encoder = RememberingEncoder(open_encoder(), {})
    for votes in given.votes:
        rng = Random(given.seed)
        with room(_entries(train)) as empty:
            core = replace(empty, encoder=encoder, now=_Clock())
            _vote(core, rng.sample(train, votes), crowd, rng)
            told = _turned(core) if votes else ""
            recall = _recall(core, heldout)
        say(f"{votes:>6} voted questions   recall@1 {100 * recall:.1f} %   {told}")


def _questions(folder: Path, split: str) -> list[_Asked]:
    with gzip.open(folder / "queries.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [_Asked(row["text"], row["label"]) for row in rows if row["split"] == split]


def _entries(asked: list[_Asked]) -> Corpus:
    intents = sorted({one.intent for one in asked})
    lines = tuple(Line(one, _words(one), _words(one)) for one in intents)
    vectors = open_encoder().encode([f"{one.title}\n{one.text}" for one in lines])
    return Corpus("faq", lines, (), vectors, np.zeros((0, vectors.shape[1]), dtype=np.float32))


def _words(intent: str) -> str:
    return re.sub(r"[_?]+", " ", intent).strip().lower()


def _vote(core: Core, asked: list[_Asked], crowd: _Crowd, rng: Random) -> None:
    intents = sorted({one.intent for one in asked})
    voters = [f"U{number % crowd.persons}" for number in range(len(asked))]
    fixed = {f"X{number}": rng.choice(intents) for number in range(crowd.attackers)}
    acts: list[tuple[str, _Asked, bool]] = [
        (person, one, rng.random() >= crowd.noise) for person, one in zip(voters, asked, strict=True)
    ]
    acts += [(person, rng.choice(asked), True) for person in fixed for _ in range(crowd.each)]
    rng.shuffle(acts)
    for number, (person, one, right) in enumerate(acts):
        assert isinstance(core.now, _Clock)
        core.now.at = _START + timedelta(minutes=7 * number)
        wanted = fixed.get(person, one.intent)
        _ask_and_vote(core, f"q{number}", replace(one, intent=wanted), person, None if right else rng)


def _ask_and_vote(core: Core, question_id: str, one: _Asked, person: str, slips: Random | None) -> None:
    asking = Asking(one.text, person, Surface.MENTION, Audience.everyone(), question_id, channel="C1")
    answer = ask(core, replace(asking, message_ts=question_id))
    named = one.intent if slips is None else _wrong(core, answer.id, one.intent, slips)
    about = resolve(core, answer.id, Target(external_id=named))
    detail = {"passage_id": about.passage_id or "", "external_id": about.external_id or ""}
    record(core, Signal(question_id, answer.id, SignalKind.CITATION_UP, person, core.now(), detail))


def _wrong(core: Core, answer_id: str, right: str, rng: Random) -> str:
    with core.database.read() as db:
        listed = [row.external_id for row in answers.shortlist_of(db, answer_id)]
    seen = [one for one in listed[:_SEEN] if one != right]
    return rng.choices(seen, [1 / place for place in range(1, len(seen) + 1)])[0]


def _turned(core: Core) -> str:
    done = turn(core, queue(core, "benchmark"))
    learners = (done.evidence or {}).get("learners")
    assert isinstance(learners, dict)
    return "; ".join(f"{name} {one['decision']}" for name, one in sorted(learners.items()))


def _recall(core: Core, heldout: list[_Asked]) -> float:
    found = [shortlist(core, one.text, Audience.everyone()).hits for one in heldout]
    right = [bool(hits) and hits[0].external_id == one.intent for hits, one in zip(found, heldout, strict=True)]
    return sum(right) / len(right)


if __name__ == "__main__":
    main()
