"""A whole bot in a simulated workspace: real Bolt, real HTTP or Socket Mode, real SQLite, a real core."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.app import Bot, FaceSettings, build
from bot.directory import SlackDirectory
from bot.identity import whoami
from bot.outbox import slack_client
from bot.simulator.install import AppInstall, Command, Shortcut, Transport
from bot.simulator.server import running
from bot.simulator.workspace import Workspace
from bot.worker import Pace
from flywheel.answering.ask import ask as ask_the_core
from flywheel.core import Core
from flywheel.ports import Standing
from flywheel.store import members

PATIENCE_SECONDS = 30.0
QUICK = Pace(
    threads=2,
    lease=timedelta(seconds=4),
    attempts=3,
    poll_seconds=0.1,
    unclear_wait=timedelta(seconds=1),
    backoff=(timedelta(seconds=0.2), timedelta(seconds=0.5)),
)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def eventually(look: Callable[[], Any]) -> Any:
    """Return what `look` returns once it is true; fails after `PATIENCE_SECONDS`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.03)
    raise AssertionError("it did not happen")


class Door:
    """A web server that hands requests to the current bot's ingress, as FastAPI does in the product."""

    def __init__(self) -> None:
        self.receive: Callable[[bytes, Mapping[str, str]], tuple[int, str]] | None = None
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                status, body = door.receive(raw, headers) if door.receive else (503, "")
                self.send_response(status)
                if body:
                    self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/slack/events"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class People:
    """The people of the workspace, acting through the control API."""

    def __init__(self, url: str) -> None:
        self.url = url

    def act(self, path: str, **body: Any) -> dict[str, Any]:
        """Do something; returns the answer."""
        renamed = {"as" if key == "by" else key: value for key, value in body.items()}
        request = urllib.request.Request(
            f"{self.url}/sim/{path}", json.dumps(renamed).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return dict(json.loads(answer.read() or b"{}"))
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.read().decode()}") from error

    def look(self, path: str) -> dict[str, Any]:
        """Return what the control API shows."""
        with urllib.request.urlopen(f"{self.url}/sim/{path}", timeout=15) as answer:
            return dict(json.loads(answer.read()))

    def say(self, by: str, channel: str, text: str, **more: Any) -> str:
        """Write a message; returns its ts."""
        return str(self.act("messages", by=by, channel=channel, text=text, **more)["ts"])

    def dm(self, by: str) -> str:
        """Return the person's direct conversation with the bot."""
        return str(self.act("dm", by=by, users=["UBOT"])["channel"])

    def messages(self, by: str, channel: str) -> list[dict[str, Any]]:
        """Return a channel's messages as a person sees them."""
        return list(self.look(f"channels/{channel}/messages?as={by}")["messages"])

    def replies(self, by: str, channel: str, ts: str) -> list[dict[str, Any]]:
        """Return the bot's messages in a thread as a person sees them."""
        found = self.look(f"channels/{channel}/threads/{ts}?as={by}")["messages"]
        return [message for message in found if message.get("bot_id")]

    def reply(self, by: str, channel: str, ts: str) -> dict[str, Any]:
        """Wait for the bot's first reply in a thread."""
        return dict(eventually(lambda: self.replies(by, channel, ts))[0])

    def answer(self, by: str, channel: str, ts: str) -> dict[str, Any]:
        """Wait for what the bot says in a direct message, outside of threads, after a moment."""
        said = eventually(
            lambda: [one for one in self.messages(by, channel) if one.get("bot_id") and float(one["ts"]) > float(ts)]
        )
        return dict(said[0])

    def press(self, by: str, channel: str, message: Mapping[str, Any], action: str, **more: Any) -> None:
        """Press a button of a message."""
        block = next(
            block["block_id"]
            for block in message["blocks"]
            for element in block.get("elements", ())
            if element.get("action_id") == action
        )
        self.act("actions", by=by, channel=channel, ts=message["ts"], block_id=block, action_id=action, **more)

    def modal(self, by: str) -> dict[str, Any]:
        """Wait for a modal and return the top one."""
        return dict(eventually(lambda: self.look(f"views?as={by}")["views"])[-1])

    def submit(self, by: str, **texts: str) -> dict[str, Any]:
        """Fill the top modal and submit it."""
        view = self.modal(by)
        state = {block: {"text": {"type": "plain_text_input", "value": text}} for block, text in texts.items()}
        return self.act(f"views/{view['id']}/submit", by=by, state=state)

    def calls(self, method: str) -> list[dict[str, Any]]:
        """Return the Web API calls of one method."""
        return list(self.look(f"calls?method={method}")["calls"])


def words(message: Mapping[str, Any]) -> str:
    """Return everything a message shows."""
    return json.dumps(message.get("blocks", []), ensure_ascii=False) + str(message.get("text", ""))


def make_guest(people: People, core: Core, person: str) -> None:
    """Make a guest of somebody whom the bot knows, and wait until it knows that too."""
    people.act("people/guest", user=person)

    def known() -> bool:
        with core.database.read() as db:
            return members.standings(db).get(person) is Standing.GUEST

    eventually(known)


def install_at(url: str, transport: Transport = Transport.HTTP) -> AppInstall:
    """Return the app as installed in the tests' workspace."""
    commands = (Command("/ask", "Ask a question", "[question]"), Command("/flywheel", "Settings", "channels"))
    shortcuts = (Shortcut("message", "answer_message", "Answer"), Shortcut("global", "ask_global", "Ask"))
    return AppInstall(request_url=url, transport=transport, commands=commands, shortcuts=shortcuts)


def assembled(core: Core, url: str, install: AppInstall, ask: Any = ask_the_core, pace: Pace = QUICK) -> Bot:
    """Build a bot as composition does."""
    client = slack_client(install.bot_token, f"{url}/api/", timeout_seconds=2)
    directory = SlackDirectory(client, core.database, core.now)
    settings = FaceSettings(
        identity=whoami(client),
        signing_secret=install.signing_secret,
        app_token=install.app_token if install.transport is Transport.SOCKET else None,
        left_or_joined=directory.forget,
        ask=ask,
        pace=pace,
    )
    return build(replace(core, directory=directory), client, settings)


@contextmanager
def workplace(
    core: Core, transport: Transport = Transport.HTTP, ask: Any = ask_the_core, pace: Pace = QUICK
) -> Iterator[tuple[People, Bot]]:
    """Run a workspace with a bot in it."""
    door = Door()
    install = install_at(door.url, transport)
    with running(Workspace.small(utc_now), install) as url:
        bot = assembled(core, url, install, ask, pace)
        door.receive = bot.ingress.receive
        bot.start()
        try:
            yield People(url), bot
        finally:
            bot.stop()
            door.close()
