"""Ready or why not, and figures for Prometheus. Neither needs the token; neither says anything about people."""

from collections.abc import Callable, Mapping
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from bot.doors.entrance import core_of

router = APIRouter(tags=["operation"])


class Health(BaseModel):
    """Whether the bot can answer; `parts` says how each part is."""

    status: Literal["ready", "not ready"]
    parts: dict[str, str]


@router.get("/healthz", responses={503: {"model": Health, "description": "A part is missing."}})
def health(request: Request) -> JSONResponse:
    """Say ready (200), or not ready (503) and why."""
    check: Callable[[], Mapping[str, str]] = request.app.state.health
    parts = dict(check())
    ready = all(state == "ok" or state.startswith("ok:") for state in parts.values())
    body = Health(status="ready" if ready else "not ready", parts=parts)
    return JSONResponse(body.model_dump(), 200 if ready else 503)


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(request: Request) -> PlainTextResponse:
    """Show counters and gauges in Prometheus' text format."""
    core_of(request)
    return PlainTextResponse(generate_latest(request.app.state.registry).decode(), media_type=CONTENT_TYPE_LATEST)
