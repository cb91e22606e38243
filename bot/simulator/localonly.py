"""Only this machine may talk to the simulator, and only under a name of this machine.

The second half keeps a web page from somewhere else from using the visitor's browser to act in the workspace (DNS
rebinding, cross-site posts).
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.simulator.simulator import Simulator

_NAMES = ("localhost", "testserver")
_TEST_CLIENT = "testclient"


class LocalOnly:
    """Middleware that refuses strangers and learns the base url from the first request."""

    def __init__(self, app: ASGIApp, simulator: Simulator) -> None:
        self._app = app
        self._simulator = simulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a local request on, answer 403 to all others."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        client = scope["client"][0] if scope.get("client") else ""
        origin = headers.get("origin")
        if not _is_local(client) or not _is_local(_host(headers)) or _is_foreign(origin):
            await JSONResponse({"error": "this workspace is for this machine only"}, 403)(scope, receive, send)
            return
        if not self._simulator.base_url and scope["type"] == "http":
            self._simulator.base_url = str(HTTPConnection(scope).base_url).rstrip("/")
        await self._app(scope, receive, send)


def _is_foreign(origin: str | None) -> bool:
    return origin is not None and not _is_local(urlsplit(origin).hostname or "")


def _host(headers: Headers) -> str:
    return urlsplit(f"//{headers.get('host', '')}").hostname or ""


def _is_local(name: str) -> bool:
    if name in _NAMES or name == _TEST_CLIENT:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
