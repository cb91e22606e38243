"""A server on this machine that speaks the chat-completions protocol, and can misbehave in every way that matters.

    with serving(Reply("Install it. [1]"), Refuse(429, {"retry-after": "1"})) as server:
        OpenAIChat("model", base_url=server.base_url)

Behaviours are used up in order, the last one again and again. `server.log` holds the body and the headers of each
request as they came.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Messages = list[dict[str, str]]


@dataclass(frozen=True)
class Reply:
    """Stream a text, or what a function makes of the messages, in small pieces; `pause` seconds before each.

    `usage` (prompt and completion tokens, or anything) is told at the end if the request asks for it.
    """

    text: str | Callable[[Messages], str]
    pause: float = 0.0
    piece: int = 12
    usage: Any = None


@dataclass(frozen=True)
class Refuse:
    """Answer with an error status."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = "no"


@dataclass(frozen=True)
class Hang:
    """Accept the request and say nothing for so many seconds."""

    seconds: float = 60.0


@dataclass(frozen=True)
class Drip:
    """Send bytes that make up no token, one every `pause` seconds."""

    pause: float = 0.05
    seconds: float = 60.0


@dataclass(frozen=True)
class Cut:
    """Begin a reply and close the connection in the middle of it."""

    text: str = "Install the client and then"


@dataclass(frozen=True)
class Junk:
    """Send a body as it is, as an event stream with status 200."""

    body: bytes = b"data: {this is not json}\n\n"


@dataclass(frozen=True)
class Flood:
    """Stream so many bytes of text."""

    size: int = 10_000_000


Behaviour = Reply | Refuse | Hang | Drip | Cut | Junk | Flood


@dataclass
class Request:
    """One request as it came; header names are lower case."""

    body: dict[str, Any]
    headers: dict[str, str]


class LlmServer:
    """What a test sees of the server."""

    def __init__(self, behaviours: Sequence[Behaviour]) -> None:
        self.log: list[Request] = []
        self.closing = threading.Event()
        self._behaviours = list(behaviours)
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def then(self, *behaviours: Behaviour) -> None:
        """Behave like this from now on."""
        with self._lock:
            self._behaviours = list(behaviours)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def next_behaviour(self, request: Request) -> Behaviour:
        with self._lock:
            self.log.append(request)
            return self._behaviours.pop(0) if len(self._behaviours) > 1 else self._behaviours[0]


@contextmanager
def serving(*behaviours: Behaviour) -> Iterator[LlmServer]:
    """Run a server for the length of a block."""
    server = LlmServer(behaviours or (Reply("Hello. [1]"),))
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _handler(server: LlmServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Speaks HTTP/1.0: a body ends when the connection does."""

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            body = json.loads(self.rfile.read(length) or b"{}")
            headers = {name.lower(): value for name, value in self.headers.items()}
            behaviour = server.next_behaviour(Request(body, headers))
            with suppress(BrokenPipeError, ConnectionResetError):  # the client may give up, and should
                _behave(self, behaviour, body, server.closing)

        def log_message(self, *_arguments: object) -> None:
            """Stay silent."""

    return Handler


def _behave(
    handler: BaseHTTPRequestHandler, behaviour: Behaviour, body: dict[str, Any], closing: threading.Event
) -> None:
    if isinstance(behaviour, Refuse):
        _send(
            handler, behaviour.status, behaviour.headers, json.dumps({"error": {"message": behaviour.message}}).encode()
        )
    elif isinstance(behaviour, Hang):
        closing.wait(behaviour.seconds)
    elif isinstance(behaviour, Drip):
        _drip(handler, behaviour, closing)
    elif isinstance(behaviour, Junk):
        _send(handler, 200, {"content-type": "text/event-stream"}, behaviour.body)
    elif isinstance(behaviour, Flood):
        _open_stream(handler)
        for _ in range(behaviour.size // 1000):
            handler.wfile.write(_event("x" * 1000))
    elif isinstance(behaviour, Cut):
        _open_stream(handler)
        handler.wfile.write(_event(behaviour.text))
    else:
        text = behaviour.text if isinstance(behaviour.text, str) else behaviour.text(body["messages"])
        _stream(handler, text, behaviour, counts="stream_options" in body)


def _stream(handler: BaseHTTPRequestHandler, text: str, reply: Reply, *, counts: bool) -> None:
    _open_stream(handler)
    for start in range(0, len(text), reply.piece):
        time.sleep(reply.pause)
        handler.wfile.write(_event(text[start : start + reply.piece]))
        handler.wfile.flush()
    handler.wfile.write(_event(None))
    if counts and reply.usage is not None:
        handler.wfile.write(_counted(reply.usage))
    handler.wfile.write(b"data: [DONE]\n\n")


def _drip(handler: BaseHTTPRequestHandler, drip: Drip, closing: threading.Event) -> None:
    _open_stream(handler)
    ends = time.monotonic() + drip.seconds
    while time.monotonic() < ends and not closing.wait(drip.pause):
        handler.wfile.write(b":")
        handler.wfile.flush()


def _open_stream(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.end_headers()


def _send(handler: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str], body: bytes) -> None:
    handler.send_response(status)
    for name, value in {"content-type": "application/json", **headers, "content-length": str(len(body))}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def _event(text: str | None) -> bytes:
    """Return one event: a piece of text, or, for None, the end of the reply."""
    delta = {"content": text} if text is not None else {}
    choice = {"index": 0, "delta": delta, "finish_reason": None if text is not None else "stop"}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def _counted(usage: Any) -> bytes:
    """Return the last event, which counts tokens and has no text."""
    if isinstance(usage, tuple):
        prompt, completion = usage
        usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [], "usage": usage}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"
