"""The values that travel around the loop. One word per thing; the glossary stands in README.md.

All are frozen; times are timezone-aware UTC; scores say their range.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

PUBLIC = "public"
"""The access label that every member of the company holds. The others are `guests`, `channel:<id>`, `user:<id>`."""


class Kind(StrEnum):
    """What sort of knowledge a passage is; each kind has a retriever that suits it."""

    TEXT = "document"
    CODE = "code"
    TABLE = "table"
    IMAGE = "image"


class Retriever(StrEnum):
    """The retrievers a route may choose."""

    DOCUMENTS = "documents"
    CODE = "code"
    TABLES = "tables"
    IMAGES = "images"
    PEOPLE = "people"
    ANSWERS = "answers"


RETRIEVER_OF: Mapping[Kind, Retriever] = {
    Kind.TEXT: Retriever.DOCUMENTS,
    Kind.CODE: Retriever.CODE,
    Kind.TABLE: Retriever.TABLES,
    Kind.IMAGE: Retriever.IMAGES,
}
"""The retriever of each kind of passage; people and verified answers are no passages."""

KIND_OF: Mapping[Retriever, Kind] = {retriever: kind for kind, retriever in RETRIEVER_OF.items()}
"""The kind of passage that each passage retriever finds."""


class Surface(StrEnum):
    """Where a question was asked; in auto mode nobody asked the bot."""

    MENTION = "mention"
    DIRECT = "direct_message"
    GROUP = "group_message"
    COMMAND = "command"
    SHORTCUT = "shortcut"
    THREAD = "thread"
    AUTO = "auto"
    API = "api"
    TERMINAL = "terminal"


class SignalKind(StrEnum):
    """One thing a person did. The values are the door's words (`POST /v1/feedback`)."""

    THUMBS_UP = "thumbs_up"
    THUMBS_DOWN = "thumbs_down"
    EDIT = "edit"
    REGENERATE = "regenerate"
    COPY = "copy"
    FOLLOW_UP = "follow_up"
    ABANDON = "abandon"
    ESCALATE = "escalate"
    CITATION_UP = "citation_up"
    CITATION_DOWN = "citation_down"
    CITATION_CLICK = "citation_click"
    REROUTE = "reroute"
    MORE_LIKE_THIS = "more_like_this"
    REACTION_ADDED = "reaction_added"
    REACTION_REMOVED = "reaction_removed"
    QUESTION_EDITED = "question_edited"
    QUESTION_DELETED = "question_deleted"
    HUMAN_REPLY = "human_reply"
    SHARE = "share"


class Reason(StrEnum):
    """What was wrong with an answer, in the words of the form."""

    NOT_ANSWERED = "not_answered"
    WRONG = "wrong"
    OUTDATED = "outdated"
    WRONG_SOURCE = "wrong_source"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Audience:
    """The people who can read a reply, as the labels that all of them hold; a document needs one of these."""

    labels: frozenset[str]

    @classmethod
    def everyone(cls) -> "Audience":
        """Return the audience that holds the public label alone."""
        return cls(frozenset({PUBLIC}))


@dataclass(frozen=True, slots=True)
class Document:
    """A document as the store knows it. `external_id` is the `_id` of a JSONL line or the path in its folder."""

    id: str
    source: str
    external_id: str
    title: str
    kind: Kind
    content_hash: str
    access: frozenset[str]
    url: str | None = None
    owner: str | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document with an address. `text` is what the document says, without its headings.

    `search_text` is what is indexed and encoded in its place where that should be something else (a signature with its
    comments, what an image shows). `detail` holds what only some kinds have: `language`, `symbol` and `last_line` of
    code; `table`, the id of a data table; `picture`, the id of a picture.
    """

    id: str
    document_id: str
    ordinal: int
    text: str
    kind: Kind
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    line: int | None = None
    url: str | None = None
    search_text: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, with what the asker needs to judge it.

    `score` orders a shortlist and is comparable within one question; `features` holds all scores and ranks that led to
    it (`dense` is a cosine in [-1, 1], `bm25` is unbounded, `*_rank` counts from 1, 0 means not found).
    """

    passage_id: str
    document_id: str
    external_id: str
    title: str
    text: str
    retriever: Retriever
    score: float
    kind: Kind = Kind.TEXT
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    line: int | None = None
    url: str | None = None
    owner: str | None = None
    updated_at: datetime | None = None
    features: Mapping[str, float] = field(default_factory=dict)
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_passage(self) -> bool:
        """Tell whether it is a passage of a document, not a person or a verified answer."""
        return self.retriever in KIND_OF


@dataclass(frozen=True, slots=True)
class Question:
    """A question as asked, and as understood (`standalone`: the thread's context made explicit)."""

    id: str
    text: str
    person: str
    surface: Surface
    asked_at: datetime
    audience: Audience
    standalone: str = ""
    team: str | None = None
    channel: str | None = None
    thread_ts: str | None = None
    message_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Source number `n` of an answer, counted from 1, and the passage it points at."""

    n: int
    passage_id: str
    external_id: str
    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Routing:
    """How the retrievers of a question were chosen; what its trace shows and what learning needs.

    `searched` names them, the likeliest first. `sure` says that the router was above its threshold, so that the others
    were left out. `explored` says that chance had a say; `propensity` is the probability, in (0, 1], with which this
    choice would be made again. `asked_for` is the retriever a person chose by hand, else empty. `withheld` counts
    passages among the nearest that the audience may not read. `line` is the confidence from which on an answer is
    given.
    """

    searched: tuple[str, ...] = ()
    sure: bool = False
    threshold: float = 1.0
    explored: bool = False
    propensity: float = 1.0
    asked_for: str = ""
    withheld: int = 0
    line: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer row. `text` carries `[n]` marks and no links; `confidence` is a probability in [0, 1].

    `route` maps each retriever to its probability; `trace` tells, in order, what happened on the way. `pictures` are
    ids of pictures that belong to it. `usage` counts what a language model took (`answering/metering.py`).
    """

    id: str
    question_id: str
    text: str
    abstained: bool
    confidence: float
    writer: str
    citations: tuple[Citation, ...] = ()
    route: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    trace: tuple[str, ...] = ()
    verified_answer_id: str | None = None
    answered_at: datetime | None = None
    routing: Routing = field(default_factory=Routing)
    pictures: tuple[str, ...] = ()
    usage: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing one person did about one answer. The same `key` is stored once."""

    key: str
    answer_id: str
    kind: SignalKind
    person: str
    at: datetime
    detail: Mapping[str, str] = field(default_factory=dict)


class CorrectionState(StrEnum):
    """Where a correction stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says the answer should be, and what became of it."""

    id: str
    answer_id: str
    question: str
    text: str
    person: str
    at: datetime
    source: str | None = None
    state: CorrectionState = CorrectionState.PENDING
    reviewer: str | None = None
    reviewed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class VerifiedAnswer:
    """An answer that an owner approved. `access` holds the labels of the strictest source it came from."""

    id: str
    question: str
    text: str
    access: frozenset[str]
    author: str
    approved_by: str
    approved_at: datetime
    correction_id: str | None = None
    source: str | None = None
    passage_ids: tuple[str, ...] = ()
