"""A Slack that takes everything and writes down who reads it, for many questions in little time.

It stands in for the Web API and for `response_url`; memberships come from the company of the test. `seen` is told, call
by call, where something was shown and what.
"""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from slack_sdk import WebClient

Seen = Callable[[str, object], None]


class Listening(WebClient):
    """A client whose calls go nowhere. Whoever reads what is said is told to `seen` at the moment of the call."""

    def __init__(self, seen: Seen) -> None:
        super().__init__(token="xoxb-listening")
        self.seen = seen
        self.posted: list[dict[str, Any]] = []
        self._numbers = count(1)

    def api_call(self, api_method: str, **more: Any) -> Any:
        args: dict[str, Any] = {**(more.get("params") or {}), **(more.get("json") or {}), **(more.get("data") or {})}
        return _REPLIES.get(api_method, _fine)(self, args)

    def say(self, args: dict[str, Any]) -> dict[str, Any]:
        ts = str(args.get("ts") or f"1800000000.{next(self._numbers):06d}")
        self.posted.append({**args, "ts": ts, "bot_id": "B1"})
        self.seen(reader_of(str(args.get("user") or args["channel"])), args)
        return {"ok": True, "ts": ts, "message_ts": ts, "channel": args["channel"]}

    def tell(self, args: dict[str, Any]) -> dict[str, Any]:
        self.seen(str(args["user_id"]), args)
        return {"ok": True, "view": {"id": "V1", "hash": "h"}}


def reader_of(place: str) -> str:
    """Return who reads in a conversation: `DU1` is U1's with the bot."""
    return place[1:] if place.startswith("DU") else place


def _fine(_: Listening, __: dict[str, Any]) -> dict[str, Any]:
    return {"ok": True, "messages": [], "channels": [], "members": [], "ts": "1.000001"}


def _opened(_: Listening, args: dict[str, Any]) -> dict[str, Any]:
    return {"ok": True, "channel": {"id": f"D{args['users']}"}}


def _described(_: Listening, args: dict[str, Any]) -> dict[str, Any]:
    room = str(args["channel"])
    is_closed = room[0] in "PG"
    return {"ok": True, "channel": {"id": room, "is_private": is_closed, "is_mpim": room[0] == "G"}}


def _named(_: Listening, args: dict[str, Any]) -> dict[str, Any]:
    return {"ok": True, "user": {"id": args["user"], "name": "somebody", "profile": {}}}


_REPLIES: dict[str, Callable[[Listening, dict[str, Any]], dict[str, Any]]] = {
    "chat.postMessage": Listening.say,
    "chat.postEphemeral": Listening.say,
    "chat.update": Listening.say,
    "chat.startStream": Listening.say,
    "chat.appendStream": Listening.say,
    "chat.stopStream": Listening.say,
    "views.publish": Listening.tell,
    "conversations.info": _described,
    "conversations.open": _opened,
    "users.info": _named,
}


class Responses:
    """The place where `response_url` leads: `url(person)` is read by that person alone."""

    def __init__(self, seen: Seen) -> None:
        responses = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                seen(self.path.strip("/"), said)
                responses.said.append((self.path.strip("/"), said))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: object) -> None:
                pass

        self.said: list[tuple[str, dict[str, Any]]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, person: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/{person}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
