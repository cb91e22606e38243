"""The doors of the wheel: candidates, turns, the registry of models."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from itertools import chain
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel

from bot.doors.entrance import CoreOf, Identifier
from flywheel.curation import training_formats
from flywheel.curation.candidates import Candidate, Quality, candidates
from flywheel.errors import NotFound
from flywheel.learning import release as releasing
from flywheel.measurement.turn import queue
from flywheel.registry import Release
from flywheel.store import releases, turns

router = APIRouter(tags=["flywheel"])

OPERATOR = "api"
"""Who acts, in the audit log, when an act came through the API."""


class TrainingCandidate(BaseModel):
    """An example that may train."""

    input: str
    ideal_output: str
    source: str
    quality: Quality
    answer_id: str | None
    positives: list[str]
    negatives: list[str]


class TrainingCandidates(BaseModel):
    """The examples, best first."""

    candidates: list[TrainingCandidate]
    total: int


class TurnState(BaseModel):
    """A turn: queued, running, finished or failed, and its evidence."""

    id: str
    state: str
    requested_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    snapshot: str | None
    evidence: dict[str, Any]
    error: str | None


class Model(BaseModel):
    """A release, with the evidence it was judged by; a canary serves a `share` of the persons below 1."""

    id: str
    learner: str
    outcome: str
    serving: bool
    share: float
    parent: str | None
    snapshot: str
    created_at: datetime
    artefact: dict[str, Any]
    evidence: dict[str, Any]


class Models(BaseModel):
    """The registry, newest first."""

    models: list[Model]


@router.get(
    "/v1/flywheel/training-candidates",
    response_model=TrainingCandidates,
    responses={200: {"content": {"application/x-ndjson": {"schema": {"type": "string"}}}}},
)
def list_candidates(
    core: CoreOf,
    min_quality: Quality = Quality.MEDIUM,
    format: Literal["json", "jsonl", "triplets", "graded"] = "json",  # noqa: A002 - the door's word
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> TrainingCandidates | Response:
    """List examples as JSON, as OpenAI chat lines (jsonl), as query, positive, negative lines (triplets), or as lines
    of a query with graded passages (graded, from judgements alone, whatever the quality). Triplets are made of those
    judgements too where they are wanted from quality medium on.

    `limit` and `offset` count examples; `total`, and the header `X-Total-Count` of the lines, tell how many there are.
    """
    if format == "graded":
        lists = training_formats.graded(core)
        return _lines(map(asdict, lists[offset : offset + limit]), len(lists))
    found = candidates(core, min_quality)
    page = found[offset : offset + limit]
    if format == "json":
        return TrainingCandidates(candidates=[TrainingCandidate(**_fields(one)) for one in page], total=len(found))
    if format == "jsonl":
        return _lines(_chats(page), len(found))
    lists = training_formats.beside(core, found) if min_quality is Quality.MEDIUM else []
    rest = lists[max(0, offset - len(found)) : max(0, offset + limit - len(found))]
    rows = chain(training_formats.triplets(core, page), training_formats.of_lists(rest))
    return _lines(map(asdict, rows), len(found) + len(lists))


@router.post("/v1/flywheel/turns", status_code=202)
def start_turn(request: Request, core: CoreOf) -> TurnState:
    """Queue a turn and start it in a process of its own."""
    turn_id = queue(core, OPERATOR)
    start: Callable[[str], None] = request.app.state.start_turn
    start(turn_id)
    return _state(core, turn_id)


@router.get("/v1/flywheel/turns/{turn_id}")
def show_turn(turn_id: Identifier, core: CoreOf) -> TurnState:
    """Show a turn and its evidence."""
    return _state(core, turn_id)


@router.get("/v1/models")
def list_models(core: CoreOf) -> Models:
    """List every release and every challenger that was held."""
    with core.database.read() as db:
        return Models(models=[_model(one) for one in releases.history(db)])


@router.post("/v1/models/{model_id}/promote")
def promote_model(model_id: Identifier, core: CoreOf) -> Model:
    """Let a model serve, whatever the gate said; the audit log keeps who did it."""
    return _model(releasing.promote(core, model_id, OPERATOR))


@router.post("/v1/models/{model_id}/rollback")
def roll_model_back(model_id: Identifier, core: CoreOf) -> Model:
    """Take a serving model back; its parent serves again, or the built-in default where it has none."""
    return _model(releasing.roll_back(core, model_id, OPERATOR))


@router.post("/v1/models/{model_id}/hold")
def hold_model(model_id: Identifier, core: CoreOf) -> Model:
    """Take a canary out of service without a verdict on it; its parent serves everybody again."""
    return _model(releasing.hold(core, model_id, OPERATOR))


def _fields(one: Candidate) -> dict[str, Any]:
    return {name: getattr(one, name) for name in TrainingCandidate.model_fields}


def _chats(found: Iterable[Candidate]) -> Iterable[dict[str, Any]]:
    for one in found:
        user, assistant = ("user", one.input), ("assistant", one.ideal_output)
        yield {"messages": [{"role": role, "content": content} for role, content in (user, assistant)]}


def _lines(rows: Iterable[dict[str, Any]], total: int) -> PlainTextResponse:
    body = "".join(json.dumps(row) + "\n" for row in rows)
    return PlainTextResponse(body, media_type="application/x-ndjson", headers={"X-Total-Count": str(total)})


def _state(core: CoreOf, turn_id: str) -> TurnState:
    with core.database.read() as db:
        found = turns.find(db, turn_id)
    if found is None:
        raise NotFound(f"there is no turn {turn_id}")
    return TurnState(**{name: getattr(found, name) for name in TurnState.model_fields})


def _model(one: Release) -> Model:
    return Model(**{name: getattr(one, name) for name in Model.model_fields})
