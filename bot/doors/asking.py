"""The doors that read: search for passages, ask a question."""

import uuid
from dataclasses import asdict

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot.doors.entrance import CoreOf, Identifier, Words
from flywheel.answering.ask import Asking, Turn, ask
from flywheel.core import Core
from flywheel.knowledge.access import audience_of
from flywheel.model import Audience, Routing, Surface
from flywheel.retrieval.search import Terms, shortlist
from flywheel.store import answers, questions

MOST_PASSAGES = 100
_SHORTLIST = 40

router = APIRouter(tags=["ask"])


class SearchRequest(BaseModel):
    """What to look for, and for whom."""

    query: Words
    k: int = Field(default=10, ge=1, le=MOST_PASSAGES)
    user_id: Identifier | None = None
    channel_id: Identifier | None = None


class FoundPassage(BaseModel):
    """A passage; `score` orders one reply and means nothing across replies."""

    external_id: str
    passage_id: str
    title: str
    text: str
    url: str | None
    retriever: str
    score: float


class RoutingReply(BaseModel):
    """How the retrievers were chosen.

    `sure` says that the router reached its `threshold`, `explored` that chance had a say, with which `propensity`;
    `asked_for` is the retriever that a person chose by hand; `withheld` counts near passages that the audience may not
    read; `line` is the confidence from which on an answer is given.
    """

    searched: list[str]
    sure: bool
    threshold: float
    explored: bool
    propensity: float
    asked_for: str
    withheld: int
    line: float


class SearchReply(BaseModel):
    """The passages, best first, and how probable each retriever was to hold the answer."""

    passages: list[FoundPassage]
    route: dict[str, float]
    routing: RoutingReply


class AskRequest(BaseModel):
    """A question; `thread_id` groups follow-ups."""

    question: Words
    user_id: Identifier
    channel_id: Identifier | None = None
    thread_id: Identifier | None = None


class Source(BaseModel):
    """What `[n]` in the answer points at."""

    n: int
    external_id: str
    passage_id: str
    title: str
    url: str | None


class AskReply(BaseModel):
    """An answer. `confidence` is a probability; `request_id` is what feedback refers to; `pictures` are ids."""

    request_id: str
    answer: str
    abstained: bool
    confidence: float
    citations: list[Source]
    route: dict[str, float]
    versions: dict[str, str]
    timings_ms: dict[str, float]
    routing: RoutingReply
    pictures: list[str]


@router.post("/v1/search")
def search(request: SearchRequest, core: CoreOf) -> SearchReply:
    """Find passages that this person, or everybody in this channel, may read."""
    audience = audience_of(core.directory, request.user_id, request.channel_id)
    terms = Terms(person=request.user_id)
    found = shortlist(core, request.query, audience, max(request.k, _SHORTLIST), terms)
    passages = [
        FoundPassage(
            external_id=hit.external_id,
            passage_id=hit.passage_id,
            title=hit.title,
            text=hit.text,
            url=hit.url,
            retriever=hit.retriever,
            score=hit.score,
        )
        for hit in found.hits[: request.k]
    ]
    return SearchReply(passages=passages, route=dict(found.route), routing=_routing(found.routing))


@router.post("/v1/ask")
def answer_question(request: AskRequest, core: CoreOf) -> AskReply:
    """Answer a question from what its audience may read; the answer is stored and can be voted on."""
    channel = request.channel_id or f"api:{request.user_id}"
    audience = audience_of(core.directory, request.user_id, request.channel_id)
    asking = Asking(
        text=request.question,
        person=request.user_id,
        surface=Surface.API,
        audience=audience,
        question_id=f"q_{uuid.uuid4().hex}",
        channel=channel,
        thread_ts=request.thread_id,
        thread=_earlier(core, channel, request.thread_id, audience),
    )
    made = ask(core, asking)
    return AskReply(
        request_id=made.id,
        answer=made.text,
        abstained=made.abstained,
        confidence=made.confidence,
        citations=[
            Source(n=one.n, external_id=one.external_id, passage_id=one.passage_id, title=one.title, url=one.url)
            for one in made.citations
        ],
        route=dict(made.route),
        versions=dict(made.versions),
        timings_ms=dict(made.timings_ms),
        routing=_routing(made.routing),
        pictures=list(made.pictures),
    )


def _routing(made: Routing) -> RoutingReply:
    return RoutingReply.model_validate(asdict(made))


def _earlier(core: Core, channel: str, thread_id: str | None, audience: Audience) -> tuple[Turn, ...]:
    """Return what was said before in a thread, as far as everybody who reads the reply could have read it."""
    if thread_id is None:
        return ()
    turns: list[Turn] = []
    with core.database.read() as db:
        for answer in answers.in_thread(db, channel, thread_id):
            question = questions.find(db, answer.question_id)
            if question is not None and question.audience.labels <= audience.labels:
                turns += [Turn(question.person, question.text), Turn("flywheel", answer.text)]
    return tuple(turns)
