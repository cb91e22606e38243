"""The HTTP application: `/slack/events`, `/v1/*`, `/healthz`, `/metrics`, and OpenAPI at `/docs`.

Endpoints run in a thread pool: nothing here blocks an event loop, and Slack's ack never waits for a model.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CollectorRegistry
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.doors import (
    asking,
    audit,
    credit,
    experiments,
    feedback,
    health,
    judgements,
    learning,
    records,
    reports,
    reviews,
    thresholds,
    understanding,
)
from bot.doors.entrance import LARGEST_BODY, PROBLEMS, require_token, translate_errors
from bot.spans import RequestSpans
from flywheel.core import Core

SlackDelivery = Callable[[bytes, Mapping[str, str]], tuple[int, str]]
"""Take a raw body and its headers (names in lower case); return a status and a JSON text, empty for none."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What the application serves. `slack` is None without a workspace, or over Socket Mode.

    `base_url` is where browsers reach it, `workspace_url` where the workspace's messages are, with a slash at its end,
    and `name_of` says what a person is called.
    """

    core: Core
    api_token: str
    start_turn: Callable[[str], None]
    health: Callable[[], Mapping[str, str]]
    slack: SlackDelivery | None = None
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    base_url: str = ""
    workspace_url: str = ""
    name_of: Callable[[str], str] = str


def create_api(serving: Serving) -> FastAPI:
    """Build the application."""
    app = FastAPI(
        title="Flywheel",
        summary="Ask, react, learn.",
        version="1",
        responses={status: PROBLEMS[status] for status in (400, 401, 404, 409, 413, 422, 503)},
    )
    app.state.core = serving.core
    app.state.api_token = serving.api_token
    app.state.start_turn = serving.start_turn
    app.state.health = serving.health
    app.state.registry = serving.registry
    app.state.base_url, app.state.workspace_url = serving.base_url, serving.workspace_url
    app.state.name_of = serving.name_of
    translate_errors(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(RequestSpans, tracer=serving.core.tracer)
    first = (asking, feedback, credit, reviews, learning, records, reports)
    for door in (*first, thresholds, judgements, experiments, understanding, audit):
        app.include_router(door.router, dependencies=[Depends(require_token)])
    app.include_router(health.router)
    reports.mount(app)
    if serving.slack is not None:
        _mount_slack(app, serving.slack)
    return app


def _mount_slack(app: FastAPI, deliver: SlackDelivery) -> None:
    @app.post("/slack/events", include_in_schema=False)
    async def receive(request: Request) -> Response:
        raw = await request.body()
        status, body = await run_in_threadpool(deliver, raw, dict(request.headers))
        return Response(body, status, media_type="application/json" if body else None)


class BodyLimit:
    """Refuse bodies above `LARGEST_BODY` bytes, whether or not they declare their length."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body up to the limit, then hand it on whole."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            too_large = JSONResponse({"detail": f"the body is larger than {LARGEST_BODY} bytes"}, 413)
            await too_large(scope, receive, send)
            return
        sent = False

        async def replay() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, replay, send)


async def _read(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)
