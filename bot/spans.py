"""Where traces begin: an HTTP request and a job. A job made within another continues its trace."""

from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Part

from bot.worker import Handler
from flywheel.core import Core
from flywheel.ports import Tracer
from flywheel.store.jobs import Job

PARENT = "traceparent"


def traced(core: Core, handler: Handler) -> Handler:
    """Return a handler of jobs that is told to the core's tracer."""

    def handle(job: Job) -> Mapping[str, Any] | None:
        parent = job.body.get(PARENT) or ""
        with core.tracer.span(job.kind, str(parent), attempt=job.attempts):
            return handler(job)

    return handle


class RequestSpans:
    """Tell each HTTP request to a tracer, within the caller's trace where there is one."""

    def __init__(self, app: ASGIApp, tracer: Tracer) -> None:
        """Wrap an application."""
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        parent = dict(scope["headers"]).get(PARENT.encode(), b"").decode("latin-1")
        with self._tracer.span("http", parent, method=scope["method"]) as span:

            async def told(part: Part) -> None:
                if part["type"] == "http.response.start":
                    span.note(status=int(part["status"]), door=str(getattr(scope.get("route"), "path", "")))
                await send(part)

            await self._app(scope, receive, told)
