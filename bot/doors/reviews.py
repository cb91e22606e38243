"""The door of the review queue: what waits, what one reviewer is to judge next, their verdicts, and taking one back.

`/v1/reviews/next` shows what a person may read, as Slack's cards do; the list names ids alone. Until an item is
decided, no door tells what anybody said of it.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from bot.doors.entrance import CoreOf, Identifier, Problem, Storable
from flywheel.curation import review_deciding, review_queue
from flywheel.curation.review_guidelines import GUIDELINES, VERDICTS
from flywheel.curation.review_reading import Matter as Shown
from flywheel.store import reviews
from flywheel.store.reviews import ABOUT_ANSWERS, ReviewItem, ReviewKind

router = APIRouter(tags=["reviews"])
_MOST = 500
_TOLD = frozenset({"answer_id", "question_id", "what", "week", "route", "metric"})
_REFUSED: dict[int | str, dict[str, Any]] = {
    403: {"model": Problem, "description": "This person may not judge it; the sentence says why."}
}


class Matter(BaseModel):
    """Something to look at. `subject` is a label's key, a person, an answer or a passage; `verdicts` those it takes.

    `priority` orders the queue, larger first, `wanted` is how many reviewers it asks for; `verdict` is what came of
    theirs, null as long as it waits.
    """

    id: str
    kind: ReviewKind
    subject: str
    person: str | None
    detail: dict[str, Any]
    at: datetime
    verdicts: list[str]
    verdict: str | None
    priority: float
    wanted: int


class Matters(BaseModel):
    """What waits for somebody, the most urgent first; `total` counts what `limit` left out as well."""

    items: list[Matter]
    total: int


class CitedSource(BaseModel):
    """A passage that the answer cites."""

    passage_id: str
    title: str
    text: str
    url: str | None


class Card(BaseModel):
    """What a reviewer is to judge: what is asked of them, and what they need for it; what does not apply is empty."""

    id: str
    kind: ReviewKind
    asks: str
    doubt: str
    question: str
    answer: str
    suggested: str
    sources: list[CitedSource]
    verdicts: list[str]


class Next(BaseModel):
    """The next card for a person, null where nothing waits for them, and how many do."""

    card: Card | None
    waiting: int


class VerdictWord(BaseModel):
    """What a reviewer says of it, and why, if they say."""

    verdict: str = Field(max_length=40)
    user_id: Identifier
    reason: Storable = Field("", max_length=review_deciding.LONGEST_REASON)


class Taker(BaseModel):
    """Who takes a verdict back."""

    user_id: Identifier


class GuidelineReply(BaseModel):
    """How to judge one kind: the question that is put, the verdicts with what they mean, and advice."""

    kind: ReviewKind
    title: str
    asks: str
    verdicts: dict[str, str]
    advice: list[str]


@router.get("/v1/reviews")
def list_reviews(
    core: CoreOf, kind: ReviewKind | None = None, limit: Annotated[int, Query(ge=1, le=_MOST)] = _MOST
) -> Matters:
    """List what nobody has decided yet, what would most change the gate's next decision first."""
    review_queue.refresh(core)
    with core.database.read() as db:
        waiting = reviews.queued(db, None if kind is None else {kind})
    return Matters(items=[_matter(one) for one in waiting[:limit]], total=len(waiting))


@router.get("/v1/reviews/guidelines")
def list_guidelines() -> list[GuidelineReply]:
    """List how each kind is to be judged."""
    return [
        GuidelineReply(kind=kind, title=one.title, asks=one.asks, verdicts=dict(one.verdicts), advice=list(one.advice))
        for kind, one in GUIDELINES.items()
    ]


@router.get("/v1/reviews/next")
def next_review(core: CoreOf, user_id: Identifier) -> Next:
    """Show the most urgent item that this person may judge and read, and has not judged."""
    review_queue.refresh(core)
    offered = review_queue.offers(core, user_id)
    return Next(card=_card(offered[0]) if offered else None, waiting=len(offered))


@router.post("/v1/reviews/{item_id}", responses=_REFUSED)
def decide_review(item_id: Identifier, word: VerdictWord, core: CoreOf) -> Matter:
    """Judge something; once it is decided, the next turn follows it. A later word of the same person replaces it."""
    return _matter(review_deciding.decide(core, item_id, word.user_id, word.verdict, word.reason))


@router.post("/v1/reviews/{item_id}/undo", responses=_REFUSED)
def undo_review(item_id: Identifier, taker: Taker, core: CoreOf) -> Matter:
    """Take a verdict back: one's own within a day, an administrator the last one at any time."""
    return _matter(review_deciding.undo(core, item_id, taker.user_id))


def _matter(one: ReviewItem) -> Matter:
    return Matter(
        id=one.id,
        kind=one.kind,
        subject=one.subject,
        person=one.person,
        detail=_blind(one),
        at=one.at,
        verdicts=sorted(VERDICTS.get(one.kind, ())),
        verdict=one.verdict,
        priority=one.priority,
        wanted=one.wanted,
    )


def _blind(one: ReviewItem) -> dict[str, Any]:
    """Return an item's detail without what a judge said of the answer: a reviewer who knows it would follow it."""
    if one.kind not in ABOUT_ANSWERS:
        return dict(one.detail)
    return {name: value for name, value in one.detail.items() if name in _TOLD}


def _card(one: Shown) -> Card:
    guideline = GUIDELINES[one.item.kind]
    sources = [
        CitedSource(passage_id=hit.passage_id, title=hit.title, text=hit.text, url=hit.url) for hit in one.sources
    ]
    return Card(
        id=one.item.id,
        kind=one.item.kind,
        asks=guideline.asks,
        doubt=one.doubt,
        question=one.question,
        answer=one.answer,
        suggested=one.suggested,
        sources=sources,
        verdicts=[word for word, _ in guideline.verdicts],
    )
