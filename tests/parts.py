"""Small honest parts for tests: a core on a real migrated SQLite file, with an encoder, a clock and a directory that
stand still.

    core = make_core(tmp_path)                       the parts below, an exact scan, tantivy in memory
    core = make_core(tmp_path, admins=frozenset({"U9"}), now=StoppedClock(moment))
    know(core, "vpn.md", "Install the client.")      one document with one passage, encoded; its passage's id
    answered(core, cites=("vpn.md:0",))              a stored question with its answer; the answer's id

Surprising: the encoder knows words only (hashed bag of words), so texts are near when they share words.
"""

import hashlib
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from flywheel.core import Core
from flywheel.gateways.exact_scan import ExactScan
from flywheel.gateways.tantivy_index import TantivyIndex
from flywheel.model import (
    PUBLIC,
    Answer,
    Audience,
    Citation,
    Document,
    Hit,
    Kind,
    Passage,
    Question,
    Retriever,
    Surface,
)
from flywheel.ports import Reach, Standing, Vectors
from flywheel.store import answers, documents, embeddings, questions
from flywheel.store.database import Database

MOMENT = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
"""A Wednesday, in ISO week 2026-W47."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class HashingEncoder:
    """An `Encoder` that hashes each word to a place with a sign, and counts."""

    name: str = "hashing-384"
    dimensions: int = 384

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text; a text without words points along the first axis."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in _WORD.findall(text.lower()):
                digest = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
                row[(digest >> 1) % self.dimensions] += 1.0 if digest & 1 else -1.0
            if not row.any():
                row[0] = 1.0
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


@dataclass(slots=True)
class StoppedClock:
    """A clock that moves only when told to."""

    at: datetime = MOMENT

    def __call__(self) -> datetime:
        """Return the time."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.at += by


@dataclass(frozen=True, slots=True)
class FixedDirectory:
    """A `Directory` of memberships that never change: the channels of each person.

    `members` are the lists of the channels that have one, `guests` are people from outside, `gone` the deactivated.
    """

    channels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)
    guests: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    private: frozenset[str] = frozenset()

    def channels_of(self, person: str) -> frozenset[str]:
        """Return this person's channels; nobody else has any."""
        return self.channels.get(person, frozenset())

    def members_of(self, channel: str) -> frozenset[str] | None:
        """Return the list of a channel that has one."""
        return self.members.get(channel)

    def standing_of(self, person: str) -> Standing:
        """Return what a person is; a member when nothing else is said."""
        return Standing.GONE if person in self.gone else Standing.GUEST if person in self.guests else Standing.MEMBER

    def reach_of(self, channel: str) -> Reach:
        """Return who may look into a channel."""
        return Reach.NOBODY if channel in self.private else Reach.COMPANY


def migrated_sqlite(folder: Path, name: str = "test.db") -> Database:
    """Return a database on a new SQLite file in `folder`, with the newest schema. The caller closes it."""
    path = folder / name
    path.write_bytes(_template())
    return Database(f"sqlite:///{path}")


def make_core(tmp_path: Path, **parts: Any) -> Core:
    """Return a core on a real SQLite in `tmp_path`; `parts` are fields of `Core` that replace the defaults."""
    database = parts.pop("database", None) or migrated_sqlite(tmp_path)
    encoder = parts.pop("encoder", None) or HashingEncoder()
    defaults: dict[str, Any] = {
        "vectors": ExactScan(database, encoder.name, encoder.dimensions),
        "words": TantivyIndex(database),
        "directory": FixedDirectory(),
        "language_model": None,
        "now": StoppedClock(),
        "rng": Random(7),
    }
    return Core(database=database, encoder=encoder, **(defaults | parts))


def know(
    core: Core,
    external_id: str,
    *texts: str,
    access: Iterable[str] = (PUBLIC,),
    owner: str | None = None,
    source: str = "tests",
) -> tuple[str, ...]:
    """Store and encode a document with these passages; return their ids, `{external_id}:{ordinal}`."""
    document = Document(
        id=f"d-{external_id}",
        source=source,
        external_id=external_id,
        title=external_id.rsplit(".", 1)[0],
        kind=Kind.TEXT,
        content_hash=hashlib.sha256("\n".join(texts).encode()).hexdigest(),
        access=frozenset(access),
        url=f"https://wiki.example/{external_id}",
        owner=owner,
    )
    passages = [Passage(f"{external_id}:{n}", document.id, n, text, Kind.TEXT) for n, text in enumerate(texts)]
    vectors = core.encoder.encode(texts)
    with core.database.begin() as db:
        documents.put(db, [(document, passages)], version=documents.advance_corpus(db), at=core.now())
        embeddings.put(db, core.encoder.name, {one.id: row for one, row in zip(passages, vectors, strict=True)})
    return tuple(one.id for one in passages)


def answered(
    core: Core,
    answer_id: str = "a1",
    *,
    question: str = "How do I connect?",
    text: str = "Install the client. [1]",
    cites: Sequence[str] = (),
    person: str = "U1",
    readers: Iterable[str] = (PUBLIC,),
    abstained: bool = False,
    repeats: str | None = None,
    trace: tuple[str, ...] = (),
) -> str:
    """Store a question and its answer, which cites (and lists) these passages of `know`; return the answer's id.

    `readers` are the labels of the audience; `repeats` is the verified answer that it repeats.
    """
    audience = Audience(frozenset(readers))
    asked = Question(f"q-{answer_id}", question, person, Surface.MENTION, core.now(), audience, question, channel="C1")
    sources = [(passage_id, passage_id.rsplit(":", 1)[0]) for passage_id in cites]
    made = Answer(
        answer_id,
        asked.id,
        text,
        abstained,
        0.8,
        "extractive",
        tuple(Citation(n, passage_id, name, name) for n, (passage_id, name) in enumerate(sources, 1)),
        trace=trace,
        verified_answer_id=repeats,
        answered_at=core.now(),
    )
    hits = [
        Hit(passage_id, f"d-{name}", name, name, "", Retriever.DOCUMENTS, 1 / n)
        for n, (passage_id, name) in enumerate(sources, 1)
    ]
    with core.database.begin() as db:
        questions.put(db, asked)
        answers.put(db, made, hits, set(cites))
    return answer_id


@cache
def _template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        database = Database(f"sqlite:///{path}")
        database.migrate()
        database.close()  # the last connection moves the write-ahead log into the file
        return path.read_bytes()
