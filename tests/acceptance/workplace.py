"""A workplace for acceptance tests: a simulated workspace, and `flywheel run` beside it as a process of its own.

Everything goes through the doors: commands, environment variables, HTTP, and what people do in the workspace.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
import yaml

from bot.simulator.install import AppInstall, Transport
from bot.simulator.manifest import installed
from bot.simulator.server import running
from bot.simulator.workspace import Workspace

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
PATIENCE = 60.0
TOKEN = "acceptance-token"
LOG = "bot.log"
Message = dict[str, Any]
_INDEXED: dict[object, Path] = {}
"""The homes that were left by `flywheel index`, by what was indexed: most modules ask about the same few documents."""

T = TypeVar("T")


@dataclass
class Person:
    """Somebody in the workspace, acting through the simulator's control API."""

    id: str
    workspace: httpx.Client

    def do(self, path: str, **body: Any) -> dict[str, Any]:
        """Do something; a refusal fails the test with its reason."""
        reply = self.workspace.post(f"/sim/{path}", json={"as": self.id, **body})
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def say(self, channel: str, text: str, thread: str | None = None) -> str:
        """Post a message and return its ts."""
        return str(self.do("messages", channel=channel, text=text, thread_ts=thread)["ts"])

    def direct(self, *people: str) -> str:
        """Open a direct message and return its channel."""
        return str(self.do("dm", users=list(people))["channel"])

    def thread(self, channel: str, ts: str) -> list[Message]:
        """Return a thread, the root first."""
        reply = self.workspace.get(f"/sim/channels/{channel}/threads/{ts}", params={"as": self.id})
        return list(reply.json().get("messages", [])) if reply.status_code == 200 else []

    def channel(self, channel: str) -> list[Message]:
        """Return a channel's messages, oldest first."""
        reply = self.workspace.get(f"/sim/channels/{channel}/messages", params={"as": self.id})
        return list(reply.json()["messages"])

    def views(self) -> list[dict[str, Any]]:
        """Return the open modals, the top one last."""
        return list(self.workspace.get("/sim/views", params={"as": self.id}).json()["views"])

    def press(self, channel: str, message: Message, label: str) -> None:
        """Press the button of a message that reads `label`."""
        block, element = button(message["blocks"], label)
        self.do(
            "actions",
            channel=channel,
            ts=message["ts"],
            block_id=block["block_id"],
            action_id=element["action_id"],
            value=element.get("value", ""),
        )

    def choose(self, channel: str, message: Message, label: str) -> None:
        """Choose the option of a message's menu that reads `label`."""
        menus = ((block, one) for block in message["blocks"] for one in block.get("elements", ()) if "options" in one)
        block, menu = next(menus)
        option = next(one for one in menu["options"] if one["text"]["text"] == label)
        chosen = {"block_id": block["block_id"], "action_id": menu["action_id"], "selected_option": option}
        self.do("actions", channel=channel, ts=message["ts"], **chosen)

    def command(self, text: str, channel: str) -> None:
        """Run the bot's slash command with this text."""
        self.do("commands", channel=channel, command="/ask", text=text)

    def told(self, channel: str, text: str) -> Message | None:
        """Return the newest message for this person's eyes alone that holds a text."""
        mine = [one for one in self.channel(channel) if one.get("ephemeral") and text in words(one)]
        return mine[-1] if mine else None

    def judge(self, view: Mapping[str, Any], verdict: str) -> dict[str, Any]:
        """Choose a verdict on the card of the review queue, and submit it."""
        field = next(one for one in view["blocks"] if one["type"] == "input" and "options" in one["element"])
        option = next(one for one in field["element"]["options"] if one["value"] == verdict)
        chosen = {"type": field["element"]["type"], "selected_option": option}
        return self.do(f"views/{view['id']}/submit", state={field["block_id"]: {field["element"]["action_id"]: chosen}})

    def submit(self, view: Mapping[str, Any], **texts: str) -> dict[str, Any]:
        """Fill the text inputs of a modal by the start of their label, and submit it."""
        state: dict[str, Any] = {}
        for block in view["blocks"]:
            if block["type"] == "input" and block["element"]["type"] == "plain_text_input":
                label = block["label"]["text"].lower()
                given = next((text for start, text in texts.items() if label.startswith(start)), None)
                value = {"type": "plain_text_input", "value": given}
                state[block["block_id"]] = {block["element"]["action_id"]: value}
        return self.do(f"views/{view['id']}/submit", state=state)


@dataclass
class Workplace:
    """The workspace, the bot's HTTP doors, and the bot's environment."""

    workspace: httpx.Client
    doors: httpx.Client
    environment: Mapping[str, str]
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, person_id: str) -> Person:
        """Return somebody to act as."""
        return self.people.setdefault(person_id, Person(person_id, self.workspace))

    def command(self, *arguments: str) -> str:
        """Run a flywheel command in the bot's environment and return what it printed."""
        return flywheel(self.environment, *arguments)

    def calls(self, method: str) -> list[dict[str, Any]]:
        """Return the Web API calls of one method."""
        reply = self.workspace.get("/sim/calls", params={"method": method})
        return list(reply.json()["calls"])

    def log(self) -> str:
        """Return what the bot wrote to its terminal."""
        return Path(self.environment["FLYWHEEL_HOME"], LOG).read_text(encoding="utf-8")

    def refusals(self) -> list[dict[str, Any]]:
        """Return the Web API calls that the workspace refused."""
        return [call for call in self.workspace.get("/sim/calls").json()["calls"] if not call["ok"]]


def flywheel(environment: Mapping[str, str], *arguments: str) -> str:
    """Run a flywheel command; a failure fails the test with what it printed."""
    command = [sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def clean_environment(home: Path, **variables: str) -> dict[str, str]:
    """Return an environment with nothing of ours but these variables."""
    ours = ("SLACK_", "FLYWHEEL_", "OPENAI_", "DATABASE_URL", "CHROMA_URL", "HOST", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "FLYWHEEL_HOME": str(home), "FLYWHEEL_API_TOKEN": TOKEN, **variables}


@contextmanager
def working(
    home: Path, documents: Path, transport: Transport, workspace: Workspace | None = None, **variables: str
) -> Iterator[Workplace]:
    """Index documents, start a workspace (the small one, if none is given) and the bot, and stop both at the end."""
    port = free_port()
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    install = replace(installed(manifest), transport=transport, request_url=f"http://127.0.0.1:{port}/slack/events")
    with running(workspace or Workspace.small(lambda: datetime.now(UTC)), install) as base:
        environment = clean_environment(home, **{**_slack(install, base), "PORT": str(port), **variables})
        _index(home, documents, environment, variables)
        with process(environment, port) as doors, httpx.Client(base_url=base, timeout=30) as people:
            yield Workplace(people, doors, environment)


def _index(home: Path, documents: Path, environment: Mapping[str, str], variables: Mapping[str, str]) -> None:
    """Index documents into a home; into a new one copy what the same documents and variables have given before."""
    files = sorted(one for one in documents.rglob("*") if one.is_file())
    stamps = tuple((str(one), one.stat().st_mtime_ns, one.stat().st_size) for one in files)
    key = (stamps, frozenset(variables.items()))
    is_new = not any(home.iterdir())
    if is_new and key in _INDEXED:
        shutil.copytree(_INDEXED[key], home, dirs_exist_ok=True)
        return
    flywheel(environment, "index", str(documents))
    if is_new:
        _INDEXED[key] = Path(shutil.copytree(home, f"{home}-as-indexed"))


@contextmanager
def process(environment: Mapping[str, str], port: int, module: Sequence[str] = ("bot",)) -> Iterator[httpx.Client]:
    """Run `flywheel run` until the end of the block; yields a client of its doors once they are ready."""
    command = [sys.executable, "-m", *module, "run"]
    with Path(environment["FLYWHEEL_HOME"], LOG).open("ab") as log:
        server = subprocess.Popen(command, env=dict(environment), stdout=log, stderr=log)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as doors:
            eventually(lambda: _ready(server, doors))
            yield doors
    finally:
        server.terminate()
        server.wait(timeout=60)


def eventually(look: Callable[[], T | None], patience: float = PATIENCE) -> T:
    """Return the first true thing that `look` returns; fail after `patience` seconds."""
    deadline = time.monotonic() + patience
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def words(message: Mapping[str, Any]) -> str:
    """Return everything that a person reads in a message or a view."""
    return str(message.get("text", "")) + "\n" + "\n".join(_texts(message.get("blocks", [])))


def button(blocks: list[dict[str, Any]], label: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the block and the button that reads `label`."""
    for block in blocks:
        for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]:
            if isinstance(element.get("text"), dict) and element["text"].get("text") == label:
                return block, element
    raise AssertionError(f"no button reads {label!r} in {json.dumps(blocks)[:2000]}")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _slack(install: AppInstall, base: str) -> dict[str, str]:
    variables = {
        "SLACK_API_URL": f"{base}/api/",
        "SLACK_BOT_TOKEN": install.bot_token,
        "FLYWHEEL_ADMINS": "U1",
        "FLYWHEEL_REPORT_CHANNEL": "C1",
    }
    if install.transport is Transport.SOCKET:
        return {**variables, "SLACK_APP_TOKEN": install.app_token}
    return {**variables, "SLACK_SIGNING_SECRET": install.signing_secret}


def _ready(server: "subprocess.Popen[bytes]", doors: httpx.Client) -> bool:
    assert server.poll() is None, "the bot ended before it was ready"
    try:
        return doors.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in {"text", "alt_text"} and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
