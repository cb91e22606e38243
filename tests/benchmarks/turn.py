"""How long a turn takes over ten thousand logged questions, learner by learner.

    python -m tests.benchmarks.turn --data FOLDER [--questions 10000] [--persons 300]

Every question of the folder is searched and stored as if it had been asked, with its vector, its shortlist and one
person's judgement of the passage it wants; where the folder has too few, they are asked again by others, in other words
(the last word first). The seconds per learner are those that the turn writes into the log of records.
"""

import argparse
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import gettempdir

from flywheel.core import Core
from flywheel.gateways.encoder import open_encoder
from flywheel.measurement.turn import queue, turn
from flywheel.model import Answer, Audience, Citation, Question, Signal, SignalKind, Surface
from flywheel.retrieval.search import Shortlist, shortlist
from flywheel.store import answers, question_vectors, questions, records, signals
from flywheel.store.database import Session
from tests.benchmarks import corpora
from tests.benchmarks.corpora import Query, say
from tests.benchmarks.rooms import room

_START = datetime(2026, 2, 1, tzinfo=UTC)
_BATCH = 500


def main() -> None:
    """Fill a store and turn once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--persons", type=int, default=300)
    parser.add_argument("--cache", type=Path, default=Path(gettempdir()) / "flywheel-benchmarks")
    given = parser.parse_args()
    corpus = corpora.read(given.data, open_encoder(), given.cache)
    with room(corpus) as core:
        asked = _asked(corpus.queries, given.questions)
        for start in range(0, len(asked), _BATCH):
            _log(core, asked[start : start + _BATCH], start, given.persons)
        say(f"{len(asked)} questions logged over {len(corpus.lines)} passages")
        began, cpu = time.perf_counter(), time.process_time()
        done = turn(core, queue(core, "benchmark"))
        spent, worked = time.perf_counter() - began, time.process_time() - cpu
        say(f"whole turn {spent:.1f} s, {worked:.1f} s of CPU: {done.state.value}")
        with core.database.read() as db:
            for one in records.since(db):
                if one.metric.startswith("learning_seconds"):
                    say(f"{one.segment:<20}{one.metric.rsplit('_', 1)[1]:<10}{one.value:8.1f} s")


def _asked(queries: tuple[Query, ...], count: int) -> list[Query]:
    wanted = [one for one in queries if one.relevant]
    asked = []
    for number in range(count):
        one = wanted[number % len(wanted)]
        words = one.text.split()
        again = " ".join([words[-1], *words[:-1]])
        asked.append(one if number < len(wanted) else replace(one, text=again))
    return asked


def _log(core: Core, asked: list[Query], first: int, persons: int) -> None:
    found = [shortlist(core, one.text, Audience.everyone()) for one in asked]
    with core.database.begin() as db:
        for place, (one, listed) in enumerate(zip(asked, found, strict=True)):
            number = first + place
            person = f"U{Random(number).randrange(persons)}"
            _put(db, number, one, listed, person)
            assert listed.vector is not None
            question_vectors.put(db, core.encoder.name, {f"q{number}": (one.text, listed.vector)})


def _put(db: Session, number: int, asked: Query, found: Shortlist, person: str) -> None:
    at = _START + timedelta(minutes=10 * number)
    question = Question(f"q{number}", asked.text, person, Surface.API, at, Audience.everyone(), asked.text)
    questions.put(db, question)
    first = found.hits[0]
    cited = (Citation(1, first.passage_id, first.external_id, first.title),)
    answer = Answer(f"a{number}", question.id, "So it is. [1]", abstained=False, confidence=0.7, writer="extractive")
    answer = replace(answer, citations=cited, route=dict(found.route), versions=dict(found.versions), answered_at=at)
    answers.put(db, answer, found.hits, {first.passage_id})
    wanted = max(asked.relevant, key=lambda name: asked.relevant[name])
    detail = {"external_id": wanted}
    signals.put(db, Signal(f"s{number}", answer.id, SignalKind.CITATION_UP, person, at + timedelta(minutes=1), detail))


if __name__ == "__main__":
    main()
