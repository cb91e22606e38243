"""The door of the review queue: doubted labels, people in quarantine, alarms, and administrators' verdicts on them."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot.doors.entrance import CoreOf, Identifier, Problem
from flywheel.curation import review_queue
from flywheel.store import reviews
from flywheel.store.reviews import ReviewItem, ReviewKind

router = APIRouter(tags=["reviews"])


class Matter(BaseModel):
    """Something to look at. `subject` is a label's key, a person, an answer or a passage; `verdicts` those it takes."""

    id: str
    kind: ReviewKind
    subject: str
    person: str | None
    detail: dict[str, Any]
    at: datetime
    verdicts: list[str]
    verdict: str | None


class Matters(BaseModel):
    """What waits for somebody, oldest first."""

    items: list[Matter]
    total: int


class VerdictWord(BaseModel):
    """What an administrator says of it."""

    verdict: str = Field(max_length=40)
    user_id: Identifier


@router.get("/v1/reviews")
def list_reviews(core: CoreOf, kind: ReviewKind | None = None) -> Matters:
    """List what nobody has decided yet."""
    with core.database.read() as db:
        waiting = [_matter(one) for one in reviews.waiting(db, kind)]
    return Matters(items=waiting, total=len(waiting))


@router.post(
    "/v1/reviews/{item_id}", responses={403: {"model": Problem, "description": "This person is no administrator."}}
)
def decide_review(item_id: Identifier, word: VerdictWord, core: CoreOf) -> Matter:
    """Decide on something; the next turn follows it."""
    return _matter(review_queue.decide(core, item_id, word.user_id, word.verdict))


def _matter(one: ReviewItem) -> Matter:
    return Matter(
        id=one.id,
        kind=one.kind,
        subject=one.subject,
        person=one.person,
        detail=dict(one.detail),
        at=one.at,
        verdicts=sorted(review_queue.VERDICTS.get(one.kind, ())),
        verdict=one.verdict,
    )
