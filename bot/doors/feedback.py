"""The door for feedback: one thing that one person did about one answer."""

import uuid
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Header
from pydantic import BaseModel, Field, model_validator

from bot.doors.entrance import CoreOf, Identifier, Storable, Words
from flywheel.curation.corrections import Suggestion, suggest
from flywheel.errors import InvalidInput, NotFound
from flywheel.model import Reason, Retriever, Signal, SignalKind
from flywheel.signals.record import record, signal_key
from flywheel.signals.target import Target, resolve
from flywheel.store import answers

router = APIRouter(tags=["feedback"])

SignalType = Literal[
    "thumbs_up", "thumbs_down", "edit", "regenerate", "copy", "follow_up", "abandon", "escalate",
    "citation_up", "citation_down", "citation_click", "reroute", "more_like_this",
]  # fmt: skip
_ABOUT_A_SOURCE = {"citation_up", "citation_down", "citation_click", "more_like_this"}


class Metadata(BaseModel, extra="allow"):
    """What a signal is about: a source by either id, a retriever, a reason."""

    external_id: Identifier | None = None
    passage_id: Identifier | None = None
    retriever: Retriever | None = None
    reason: Reason | None = None


class FeedbackRequest(BaseModel):
    """One signal. `user_correction` goes to the reviewers as a suggested answer."""

    request_id: Identifier
    signal_type: SignalType
    user_id: Identifier
    user_query: Storable | None = Field(default=None, max_length=8_000)
    ai_response: Storable | None = Field(default=None, max_length=40_000)
    user_correction: Words | None = None
    metadata: Metadata = Metadata()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.signal_type in _ABOUT_A_SOURCE and not (self.metadata.external_id or self.metadata.passage_id):
            raise ValueError(f"{self.signal_type} needs metadata.external_id or metadata.passage_id")
        if self.signal_type == "reroute" and self.metadata.retriever is None:
            raise ValueError("reroute needs metadata.retriever")
        if self.signal_type == "edit" and self.user_correction is None:
            raise ValueError("edit needs user_correction: what the answer should be")
        return self


class FeedbackReply(BaseModel):
    """The signal is in the ledger."""

    status: Literal["recorded"]
    request_id: str


@router.post("/v1/feedback")
def give_feedback(
    request: FeedbackRequest,
    core: CoreOf,
    idempotency_key: Annotated[str | None, Header(max_length=200, description="The same key is stored once.")] = None,
) -> FeedbackReply:
    """Record what somebody did with an answer; a correction waits for its reviewers."""
    with core.database.read() as db:
        if answers.find(db, request.request_id) is None:
            raise NotFound(f"there is no answer with request_id {request.request_id}")
    kind = SignalKind(request.signal_type)
    moment = idempotency_key or uuid.uuid4().hex
    detail = _detail(request, resolve(core, request.request_id, _target(request)))
    key = signal_key(kind, request.request_id, request.user_id, moment)
    if request.user_correction is not None:
        text, source = request.user_correction, request.metadata.external_id
        suggest(core, Suggestion(key, request.request_id, request.user_id, text, source))
    if kind is not SignalKind.EDIT:
        record(core, Signal(key, request.request_id, kind, request.user_id, core.now(), detail))
    return FeedbackReply(status="recorded", request_id=request.request_id)


def _target(request: FeedbackRequest) -> Target:
    return Target(passage_id=request.metadata.passage_id, external_id=request.metadata.external_id)


def _detail(request: FeedbackRequest, about: Target) -> dict[str, str]:
    extra = request.metadata.model_extra or {}
    if len(extra) > 20 or any(len(str(value)) > 2_000 for value in extra.values()):
        raise InvalidInput("metadata may hold 20 further entries of 2,000 characters each")
    named = {
        "passage_id": about.passage_id,
        "external_id": about.external_id,
        "retriever": request.metadata.retriever,
        "reason": request.metadata.reason,
        "user_query": request.user_query,
        "ai_response": request.ai_response,
    }
    return {name: str(value) for name, value in {**_storable(extra), **named}.items() if value is not None}


def _storable(extra: dict[str, object]) -> dict[str, str]:
    return {
        name.replace("\x00", "").encode("utf-8", "replace").decode(): str(value)
        .replace("\x00", "")
        .encode("utf-8", "replace")
        .decode()
        for name, value in extra.items()
    }
