"""The door of credit: which part of the bot each signal about an answer blames, and a reviewer's word on it."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from bot.doors.entrance import CoreOf, Identifier, Problem
from flywheel.curation import credit_review
from flywheel.errors import NotFound
from flywheel.store import answers
from flywheel.store.credits import Attribution, Part

router = APIRouter(tags=["credit"])


class Credit(BaseModel):
    """One signal and the part that it blames; `helped` tells praise from a complaint."""

    signal_key: str
    part: Part
    why: str
    helped: bool
    at: datetime
    corrected_by: str | None


class CreditOfAnswer(BaseModel):
    """The credit of every signal about an answer, oldest first; `part` and `why` stand for all complaints."""

    request_id: str
    part: Part | None
    why: str | None
    signals: list[Credit]


class CreditWord(BaseModel):
    """Which part is to blame, by a reviewer: an owner of a cited document or an administrator."""

    part: Part
    user_id: Identifier


@router.get("/v1/credit/{answer_id}")
def credit_of(answer_id: Identifier, core: CoreOf) -> CreditOfAnswer:
    """Tell which part of the bot people's signals about an answer blame."""
    with core.database.read() as db:
        if answers.find(db, answer_id) is None:
            raise NotFound(f"there is no answer with request_id {answer_id}")
        return _told(answer_id, credit_review.of_answer(db, answer_id))


@router.post(
    "/v1/credit/{answer_id}", responses={403: {"model": Problem, "description": "This person is no reviewer of it."}}
)
def correct_credit(answer_id: Identifier, word: CreditWord, core: CoreOf) -> CreditOfAnswer:
    """Say which part is to blame for all complaints about an answer; this outlasts every turn."""
    credit_review.correct(core, answer_id, word.part, word.user_id)
    return credit_of(answer_id, core)


def _told(answer_id: str, found: list[Attribution]) -> CreditOfAnswer:
    standing = credit_review.to_blame(found)
    return CreditOfAnswer(
        request_id=answer_id,
        part=standing.part if standing else None,
        why=standing.why if standing else None,
        signals=[
            Credit(
                signal_key=one.signal_key,
                part=one.part,
                why=one.why,
                helped=one.helped,
                at=one.at,
                corrected_by=one.corrected_by,
            )
            for one in found
        ],
    )
