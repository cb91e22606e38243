"""A synthetic company: a store full of questions, shortlists and judgements whose truth the tests planted."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.model import Answer, Audience, Citation, Hit, Question, Retriever, Signal, SignalKind, Surface
from flywheel.ports import Kinds, Reach, Scored, Standing, Vectors
from flywheel.retrieval.features import FEATURES
from flywheel.store import answers, questions, signals
from flywheel.store.database import Database, Session

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PLANTED = {"title_overlap": 2.5, "phrase_match": 2.0, "dense_norm": 1.0}
"""What people of this company look for in a passage; the built-in order knows nothing of the first two."""


class HashEncoder:
    """Give every text a direction of its own."""

    name = "hash"
    dimensions = 64

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, shape (n, 64)."""
        rows = [self._row(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimensions)

    def _row(self, text: str) -> NDArray[np.float64]:
        seed = int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
        row = np.random.default_rng(seed).normal(size=self.dimensions)
        return np.asarray(row / np.linalg.norm(row))


class Nothing:
    """Both indexes and the directory of a company that nobody searches."""

    def nearest(self, vector: NDArray[np.float32], audience: Audience, k: int, kinds: Kinds = None) -> list[Scored]:
        """Return nothing."""
        return []

    def match(self, query: str, audience: Audience, k: int, kinds: Kinds = None) -> list[Scored]:
        """Return nothing."""
        return []

    def channels_of(self, person: str) -> frozenset[str]:
        """Return nothing."""
        return frozenset()

    def members_of(self, channel: str) -> frozenset[str] | None:
        """Know nobody's list."""
        return None

    def standing_of(self, person: str) -> Standing:
        """Know nobody."""
        return Standing.UNKNOWN

    def reach_of(self, channel: str) -> Reach:
        """Know no private channel."""
        return Reach.COMPANY


def core_on(database: Database) -> Core:
    """Return a core with a stopped clock."""
    nothing = Nothing()
    return Core(database, HashEncoder(), nothing, nothing, nothing, None, lambda: NOW, Random(1))


@dataclass(frozen=True, slots=True)
class Habits:
    """How this company's people ask and judge. `noise` blurs what they look for; infinity is pure chance."""

    questions: int
    persons: int = 25
    noise: float = 0.3
    candidates: int = 12
    seed: int = 7
    labels: frozenset[str] = frozenset({"public"})


def live(database: Database, habits: Habits) -> None:
    """Fill the store: every question gets an answer, a shortlist and one judgement of the passage it wanted."""
    rng = np.random.default_rng(habits.seed)
    with database.begin() as db:
        for number in range(habits.questions):
            hits = _shortlist(rng, number, habits.candidates)
            asked(db, number, hits, person=f"p{number % habits.persons}", labels=habits.labels)
            judged(db, number, hits[_wanted(rng, hits, habits.noise)], person=f"p{number % habits.persons}")


def asked(
    db: Session, number: int, hits: Sequence[Hit], *, person: str, labels: frozenset[str] = frozenset({"public"})
) -> Answer:
    """Store one question and its answer."""
    at = START + timedelta(minutes=30 * number)
    question = Question(
        f"q{number:04d}", f"Question number {number}?", person, Surface.API, at, Audience(labels), f"question {number}"
    )
    questions.put(db, question)
    first = hits[0]
    answer = Answer(f"a{number:04d}", question.id, "Yes. [1]", abstained=False, confidence=0.8, writer="extractive")
    cited = (Citation(1, first.passage_id, first.external_id, first.title),)
    answer = replace(answer, citations=cited, timings_ms={"total": 120.0}, answered_at=at)
    answers.put(db, answer, hits, {first.passage_id})
    return answer


def judged(db: Session, number: int, hit: Hit, *, person: str, kind: SignalKind = SignalKind.CITATION_UP) -> Signal:
    """Store one person's judgement of one passage."""
    at = START + timedelta(minutes=30 * number + 5)
    detail = {"passage_id": hit.passage_id, "external_id": hit.external_id}
    signal = Signal(f"{kind}:{number}:{person}:{hit.passage_id}", f"a{number:04d}", kind, person, at, detail)
    signals.put(db, signal)
    return signal


def hit(number: int, rank: int, features: Mapping[str, float]) -> Hit:
    """Return one passage of a question's shortlist; every document is found again by each tenth question."""
    name = f"d{number % 10}-{rank}"
    return Hit(
        f"passage-{name}", f"document-{name}", name, name, "text", Retriever.DOCUMENTS, 1 / rank, features=features
    )


def _shortlist(rng: np.random.Generator, number: int, candidates: int) -> list[Hit]:
    rows = rng.uniform(size=(candidates, len(FEATURES)))
    dense, words = FEATURES.index("dense_norm"), FEATURES.index("bm25_norm")
    order = np.argsort(-(0.6 * rows[:, dense] + 0.4 * rows[:, words]))
    return [
        hit(number, rank, dict(zip(FEATURES, map(float, rows[row]), strict=True))) for rank, row in enumerate(order, 1)
    ]


def _wanted(rng: np.random.Generator, hits: Sequence[Hit], noise: float) -> int:
    if np.isinf(noise):
        return int(rng.integers(len(hits)))
    wishes = [sum(weight * one.features[name] for name, weight in PLANTED.items()) for one in hits]
    return int(np.argmax(np.array(wishes) + noise * rng.gumbel(size=len(hits))))
