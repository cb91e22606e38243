"""Cutting a connection before its reply.

ASGI has no message for "hang up". The server's own send function knows its transport, so the outermost application
keeps that function in the scope and a `LostReply` closes what is behind it. A server that shows no transport gets
an unfinished answer instead: the client sees the connection break in the body.
"""

import asyncio

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_SEND = "simulator.send"
_SETTLE_SECONDS = 0.02


class SimulatorApp(Starlette):
    """Starlette that remembers the server's own send function."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        scope.setdefault(_SEND, send)
        await super().__call__(scope, receive, send)


class LostReply(Response):
    """An answer that never arrives."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - the ASGI signature
        """Break the connection."""
        cycle = getattr(scope.get(_SEND), "__self__", None)
        transport = getattr(cycle, "transport", None)
        if transport is None:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"100")]})
            return
        transport.abort()
        await asyncio.sleep(_SETTLE_SECONDS)
