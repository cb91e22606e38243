"""What the core asks of slow or unpredictable things. Gateways answer; tests bring small fakes of their own."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from flywheel.model import Audience, Kind

Vectors = NDArray[np.float32]
"""Shape (n, dimensions), rows of length 1."""

Kinds = frozenset[Kind] | None
"""The kinds of passages to look among; None means all."""


class Scored(NamedTuple):
    """A passage id and its score from one index."""

    passage_id: str
    score: float


class Encoder(Protocol):
    """Turn texts into unit vectors."""

    @property
    def name(self) -> str:
        """Return an identity that changes whenever the vectors would (a content hash)."""

    @property
    def dimensions(self) -> int:
        """Return the length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, in order."""


class VectorIndex(Protocol):
    """Find nearest passages among those an audience may read."""

    def nearest(self, vector: NDArray[np.float32], audience: Audience, k: int, kinds: Kinds = None) -> list[Scored]:
        """Return up to `k` passages of some kinds by falling cosine, in [-1, 1]."""


class LexicalIndex(Protocol):
    """Find passages by their words among those an audience may read."""

    def match(self, query: str, audience: Audience, k: int, kinds: Kinds = None) -> list[Scored]:
        """Return up to `k` passages of some kinds by falling BM25 score, above 0."""


class PairScorer(Protocol):
    """Read a question and passages together (a cross-encoder) and say how well each answers it."""

    @property
    def name(self) -> str:
        """Return an identity that changes whenever the scores would (a content hash)."""

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return one score per text, shape (n,); unbounded, larger is better, comparable within one question."""


class ChatMessage(NamedTuple):
    """One message to a language model; `role` is system, user or assistant."""

    role: str
    content: str


class Usage(NamedTuple):
    """The tokens of one call as its server counted them; `cost` is in US dollars, None where no price is known."""

    prompt_tokens: int
    completion_tokens: int
    cost: float | None = None


class LanguageModel(Protocol):
    """Write text. Every failure is a `ModelUnavailable` that says why.

    A `stream` that is a generator may return the call's `Usage` at its end; `answering/metering.py` reads it.
    """

    @property
    def name(self) -> str:
        """Return the model's name as logged with each answer."""

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int) -> Iterator[str]:
        """Yield the reply in pieces.

        Raises:
            ModelUnavailable: time-out, refusal, rate limit, broken stream or an empty reply.
        """


class PictureReader(Protocol):
    """Read what is written in pictures."""

    def words(self, picture: bytes) -> str:
        """Return the lines that are written in an image file, from top to bottom; empty when there are none.

        Raises:
            BrokenDocument: not an image that can be decoded.
            HostileDocument: more pixels, memory or time than a picture may take.
        """


class VisionModel(Protocol):
    """Look at pictures. Every failure is a `ModelUnavailable` that says why."""

    @property
    def name(self) -> str:
        """Return the model's name as kept with each description."""

    def describe(self, picture: bytes, media_type: str, said: str) -> str:
        """Return a description made for finding the picture again; `said` is what its document says of it.

        Raises:
            ModelUnavailable: time-out, refusal, or a model that sees nothing.
        """


@dataclass(frozen=True, slots=True)
class Case:
    """An answer to be judged, with passages that were found for its question.

    The first `cited` passages are the answer's sources, in the order of their marks: `[1]` is `passages[0]`.
    `ranking` holds indices into `passages` in the order of the shortlist, best first. `verified` is a verified answer
    to the same question, where there is one.
    """

    answer_id: str
    question: str
    answer: str
    passages: tuple[str, ...] = ()
    cited: int = 0
    ranking: tuple[int, ...] = ()
    verified: str | None = None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a judge says of one metric: a value in [0, 1], or None where it gave no usable reply, and why."""

    value: float | None
    reason: str
    usage: Mapping[str, object] = field(default_factory=dict)


class Judge(Protocol):
    """Judge answers. It is not to be trusted before it was compared with people (`measurement/judge`)."""

    @property
    def name(self) -> str:
        """Return an identity that changes whenever another model or library judges."""

    def rubrics(self) -> Mapping[str, str]:
        """Return the metrics it judges, each with the content hash of what the judge is told about it."""

    def judge(self, case: Case, metric: str, run: int) -> Opinion:
        """Judge one metric of an answer, for the `run`-th time, counted from 0.

        Raises:
            ModelUnavailable: no opinion could be had now.
        """


@dataclass(frozen=True, slots=True)
class Panel:
    """Who judges, and the calls and tokens that one turn may spend on it."""

    judges: tuple[Judge, ...] = ()
    calls: int = 300
    tokens: int = 1_000_000


Note = str | int | float | bool
"""A fact about a stage; never a text that somebody wrote, never a person."""


class Span(Protocol):
    """A stage that is under way."""

    def note(self, **facts: Note) -> None:
        """Add facts, such as how many passages were found."""


class Tracer(Protocol):
    """Where stages are told, for whoever watches how long they take. It drops what it cannot pass on."""

    def span(self, name: str, parent: str = "", **facts: Note) -> AbstractContextManager[Span]:
        """Open a stage within the current one, or within `parent`, a W3C traceparent that came from elsewhere."""

    def current(self) -> str:
        """Return the current stage as a W3C traceparent, to be continued elsewhere; empty where nothing is traced."""


class Standing(StrEnum):
    """What somebody is to the company, as Slack says."""

    MEMBER = "member"
    GUEST = "guest"
    """A guest, or somebody of another team (Slack Connect)."""
    GONE = "gone"
    """Deactivated."""
    UNKNOWN = "unknown"
    """Nobody has told."""


class Reach(StrEnum):
    """Who may read a channel besides its members."""

    NOBODY = "nobody"
    """Private channels and direct messages of several people."""
    COMPANY = "company"
    """Public channels: every member of the workspace may look in."""
    OUTSIDE = "outside"
    """Shared with another organisation, whose people may not all be listed."""


class Directory(Protocol):
    """Who is where, and what they are to the company. Nobody known is in no channel (deny by default)."""

    def channels_of(self, person: str) -> frozenset[str]:
        """Return the ids of the channels whose members include this person."""

    def members_of(self, channel: str) -> frozenset[str] | None:
        """Return the people in a channel, bots left out; None where nobody keeps lists of members.

        Raises:
            MembersUnknown: they are kept, but cannot be had now.
        """

    def standing_of(self, person: str) -> Standing:
        """Return what a person is to the company.

        Raises:
            MembersUnknown: it cannot be had now.
        """

    def reach_of(self, channel: str) -> Reach:
        """Return who may read a channel besides its members.

        Raises:
            MembersUnknown: it cannot be had now.
        """
