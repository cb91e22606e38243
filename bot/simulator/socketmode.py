"""Socket Mode: the app dials in, the workspace sends envelopes down the line and waits for each to be acknowledged.

A delivery thread hands its envelope to the server's event loop and sleeps until the ack or the deadline. Up to ten
lines may be open; any one of them gets the next envelope. With no line open, a delivery waits for one as long as
Slack would wait for an ack.
"""

import asyncio
import itertools
import json
import threading
import time
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.simulator.outbound import Reply, Shipment, ShipmentKind
from bot.simulator.workspace import Workspace

MOST_LINES = 10
_SENDING_SECONDS = 1.0


class SocketHub:
    """The open lines and the envelopes that wait for their ack."""

    def __init__(self, workspace: Workspace, ack_seconds: float) -> None:
        self._workspace = workspace
        self._ack_seconds = ack_seconds
        self._lock = threading.Lock()
        self._connected = threading.Condition(self._lock)
        self._tickets: set[str] = set()
        self._lines: list[WebSocket] = []
        self._turn = itertools.count()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[str, Future[Any]] = {}

    @property
    def lines(self) -> int:
        """How many lines are open."""
        with self._lock:
            return len(self._lines)

    def ticket(self) -> str:
        """Return a one-use ticket for a new line."""
        ticket = self._workspace.ids.fresh("", 20)
        with self._lock:
            self._tickets.add(ticket)
        return ticket

    async def serve(self, websocket: WebSocket) -> None:
        """Hold one line: greet, then read acks until the app hangs up."""
        ticket = websocket.query_params.get("ticket", "")
        with self._lock:
            known = ticket in self._tickets
            self._tickets.discard(ticket)
        if not known:
            await websocket.close(code=1008)
            return
        await websocket.accept()
        with self._lock:
            crowded = len(self._lines) >= MOST_LINES
        if crowded:
            await websocket.send_text(
                json.dumps({"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            )
            await websocket.close()
            return
        await self._hold(websocket)

    def send(self, shipment: Shipment) -> Reply:
        """Send an envelope and wait for its ack."""
        started = time.monotonic()
        line, loop = self._line()
        if line is None or loop is None:
            return Reply(0, reason="connection_failed", ms=_ms(started))
        envelope_id = self._workspace.ids.fresh("", 24)
        acked: Future[Any] = Future()
        self._waiting[envelope_id] = acked
        try:
            text = json.dumps(_envelope(envelope_id, shipment))
            asyncio.run_coroutine_threadsafe(line.send_text(text), loop).result(_SENDING_SECONDS)
            return Reply(200, acked.result(self._ack_seconds), ms=_ms(started))
        except (FutureTimeout, CancelledError):
            return Reply(0, reason="timeout", ms=_ms(started))
        except (WebSocketDisconnect, RuntimeError):
            return Reply(0, reason="connection_failed", ms=_ms(started))
        finally:
            self._waiting.pop(envelope_id, None)

    def disconnect(self, reason: str) -> None:
        """Tell every line to dial in again; with "abrupt" the lines just break."""
        with self._lock:
            lines, loop = list(self._lines), self._loop
        for line in lines:
            if loop is not None:
                asyncio.run_coroutine_threadsafe(self._say_goodbye(line, reason), loop).result(_SENDING_SECONDS)

    def stop(self) -> None:
        """Wake everybody who waits for a line or an ack."""
        with self._connected:
            self._connected.notify_all()
        for future in list(self._waiting.values()):
            future.cancel()

    async def _hold(self, websocket: WebSocket) -> None:
        with self._connected:
            self._loop = asyncio.get_running_loop()
            self._lines.append(websocket)
            count = len(self._lines)
            self._connected.notify_all()
        hello = {
            "type": "hello",
            "num_connections": count,
            "debug_info": {"host": "simulator", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._workspace.team.app_id},
        }
        try:
            await websocket.send_text(json.dumps(hello))
            while True:
                self._read(await websocket.receive_text())
        except WebSocketDisconnect:
            return
        finally:
            with self._lock:
                if websocket in self._lines:
                    self._lines.remove(websocket)

    def _read(self, text: str) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(str(said.get("envelope_id", ""))) if isinstance(said, dict) else None
        if waiting is not None and not waiting.done():
            waiting.set_result(said.get("payload") or None)

    def _line(self) -> tuple[WebSocket | None, asyncio.AbstractEventLoop | None]:
        with self._connected:
            self._connected.wait_for(lambda: bool(self._lines), self._ack_seconds)
            if not self._lines:
                return None, None
            return self._lines[next(self._turn) % len(self._lines)], self._loop

    async def _say_goodbye(self, line: WebSocket, reason: str) -> None:
        with self._lock:
            if line in self._lines and reason != "warning":
                self._lines.remove(line)
        goodbye = {"type": "disconnect", "reason": reason, "debug_info": {"host": "simulator"}}
        with suppress(WebSocketDisconnect, RuntimeError):  # it has hung up by itself
            if reason == "abrupt":
                await line.close(code=1011)
            else:
                await line.send_text(json.dumps(goodbye))


def _envelope(envelope_id: str, shipment: Shipment) -> dict[str, Any]:
    envelope: dict[str, Any] = {
        "envelope_id": envelope_id,
        "type": shipment.kind.value,
        "payload": shipment.payload,
        "accepts_response_payload": shipment.kind != ShipmentKind.EVENT,
    }
    if shipment.kind == ShipmentKind.EVENT:
        envelope |= {"retry_attempt": shipment.retry_num, "retry_reason": shipment.retry_reason}
    return envelope


def _ms(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
