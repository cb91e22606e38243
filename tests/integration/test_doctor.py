"""What `flywheel doctor` concludes, in one process: time limits, what it cannot know, and what is no fault."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import manifest
from bot.arrivals import START, Arrivals, Refusal
from bot.checks import events, knowledge, machine, models, slack
from bot.checks.finding import Finding, Level, Look, Patient
from bot.checkup import examine
from bot.commands.doctor import doctor
from bot.settings import Settings
from bot.simulator.install import Transport
from bot.simulator.manifest import installed
from bot.simulator.server import running
from bot.simulator.workspace import Workspace
from flywheel.store import marks, workspace_settings
from flywheel.store.database import Database
from tests.parts import migrated_sqlite


def utc_now() -> datetime:
    return datetime.now(UTC)


def patient(home: Path, **variables: object) -> Patient:
    """Return an installation in a folder, with a port that nobody holds."""
    given = {"flywheel_home": home, "port": 0, "slack_app_token": "xapp-simulator", **variables}
    return Patient(Settings.model_validate({"_env_file": None, **given}), utc_now, 0)


def found(look: Look, one: Patient) -> dict[str, Level]:
    return {finding.part: finding.level for finding in look(one)}


@pytest.fixture
def workspace() -> Workspace:
    return Workspace.small(utc_now)


@pytest.fixture
def place(tmp_path: Path, workspace: Workspace) -> Iterator[Patient]:
    """An installation over Socket Mode whose workspace is there."""
    install = replace(installed(manifest.packaged()), transport=Transport.SOCKET)
    with running(workspace, install) as base:
        yield patient(tmp_path, slack_bot_token="xoxb-simulator", slack_api_url=f"{base}/api/")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = migrated_sqlite(tmp_path, "flywheel.db")
    yield opened
    opened.close()


def test_a_look_that_hangs_does_not_hold_the_others(tmp_path: Path) -> None:
    def hang(_: Patient) -> Iterator[Finding]:
        threading.Event().wait(60)
        yield Finding("never", "")

    def answer(_: Patient) -> Iterator[Finding]:
        yield Finding("quick", "well")

    shown = examine(patient(tmp_path), {"slow": hang, "quick": answer}, limit=0.2)

    assert [(one.part, one.level) for one in shown] == [("slow", Level.FAULT), ("quick", Level.OK)]


def test_a_look_that_fails_is_a_fault_with_its_reason(tmp_path: Path) -> None:
    def fail(one: Patient) -> Iterator[Finding]:
        yield Finding("part", one.settings.home.joinpath("nothing").read_text())

    assert "No such file" in examine(patient(tmp_path), {"part": fail})[0].state


def test_the_findings_are_also_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PORT", "0")
    shown = json.loads(CliRunner().invoke(doctor, ["--json"]).output)

    assert {"part": "Chroma", "state": "embedded in the data folder", "level": "ok", "advice": ""} in shown


def test_every_fault_says_what_to_do(tmp_path: Path) -> None:
    broken = patient(tmp_path, slack_bot_token="xoxp-1", chroma_url="http://127.0.0.1:9", port=1)
    shown = examine(replace(broken, least_free=10**18))

    assert [one.part for one in shown if one.level is not Level.OK and not one.advice] == []


def test_without_a_workspace_slack_is_no_fault(tmp_path: Path) -> None:
    assert found(slack.look_at_slack, patient(tmp_path)) == {"Slack": Level.OK}


def test_a_new_installation_has_hints_and_no_fault(place: Patient) -> None:
    levels = {one.part: one.level for one in examine(place)}

    assert (levels["knowledge"], levels["events"]) == (Level.HINT, Level.HINT)
    assert Level.FAULT not in levels.values()


def test_a_clock_within_a_minute_is_well(place: Patient) -> None:
    late = replace(place, now=lambda: utc_now() + timedelta(seconds=50))

    assert found(slack.look_at_slack, late)["clock"] is Level.OK


def test_an_archived_report_channel_is_a_fault(place: Patient, workspace: Workspace) -> None:
    workspace.channels["C1"].archived = True
    reporting = replace(place, settings=place.settings.model_copy(update={"flywheel_report_channel": "C1"}))

    assert found(slack.look_at_slack, reporting)["report channel"] is Level.FAULT


def test_the_report_channel_that_administrators_chose_is_looked_at(
    place: Patient, workspace: Workspace, database: Database
) -> None:
    workspace.channels["C1"].archived = True
    with database.begin() as db:
        chosen = {"weekday": 0, "hour": 9, "channel": "C1"}
        workspace_settings.put(db, "report.schedule", chosen, "U1", utc_now())

    assert found(slack.look_at_slack, place)["report channel"] is Level.FAULT


def test_an_event_that_came_is_not_missed(place: Patient, workspace: Workspace, database: Database) -> None:
    started_before_a_message(workspace, database)
    arrivals = Arrivals(database, utc_now)
    for kind in ("message", "app_mention"):
        arrivals.heard({"event": {"type": kind, "channel_type": "channel"}})

    assert found(events.look_at_events, place) == {"events": Level.OK}


def test_an_event_that_did_not_come_while_another_did_is_missed(
    place: Patient, workspace: Workspace, database: Database
) -> None:
    started_before_a_message(workspace, database)
    Arrivals(database, utc_now).heard({"command": "/ask"})

    assert found(events.look_at_events, place) == {"events": Level.FAULT}


def test_what_happened_while_nobody_can_say_that_the_bot_ran_is_not_missed(
    place: Patient, workspace: Workspace, database: Database
) -> None:
    started_before_a_message(workspace, database)

    assert found(events.look_at_events, place) == {"events": Level.HINT}


def test_what_happened_before_the_start_is_not_missed(place: Patient, workspace: Workspace, database: Database) -> None:
    started_before_a_message(workspace, database, start=utc_now())
    Arrivals(database, utc_now).heard({"command": "/ask"})

    assert found(events.look_at_events, place) == {"events": Level.OK}


def test_a_refused_request_after_which_ours_came_is_no_fault(place: Patient, database: Database) -> None:
    arrivals = Arrivals(database, utc_now)
    arrivals.started()
    arrivals.refused(Refusal.SIGNATURE)
    arrivals.heard({"command": "/ask"})

    assert "signing secret" not in found(events.look_at_events, place)


def test_requests_that_are_only_refused_mean_a_wrong_secret(place: Patient, database: Database) -> None:
    arrivals = Arrivals(database, utc_now)
    arrivals.started()
    arrivals.refused(Refusal.SIGNATURE)

    assert found(events.look_at_events, place)["signing secret"] is Level.FAULT


def test_requests_refused_for_their_time_mean_a_wrong_clock(place: Patient, database: Database) -> None:
    arrivals = Arrivals(database, utc_now)
    arrivals.started()
    arrivals.refused(Refusal.CLOCK)

    assert found(events.look_at_events, place)["clock"] is Level.FAULT


def test_a_port_that_our_own_bot_holds_is_not_taken(tmp_path: Path) -> None:
    with answering(b'{"status": "ready", "parts": {"store": "ok", "encoder": "ok: x"}}') as port:
        assert found(machine.look_at_port, patient(tmp_path, port=port)) == {"port": Level.OK}


def test_a_port_that_another_program_holds_is_taken(tmp_path: Path) -> None:
    with answering(b'{"status": "up"}') as port:
        assert found(machine.look_at_port, patient(tmp_path, port=port)) == {"port": Level.FAULT}


def test_a_chroma_that_answers_is_well(tmp_path: Path) -> None:
    with answering(b'{"nanosecond heartbeat": 1}') as port:
        one = patient(tmp_path, chroma_url=f"http://127.0.0.1:{port}")

        assert found(knowledge.look_at_chroma, one) == {"Chroma": Level.OK}


@pytest.mark.parametrize("address", ["127.0.0.1:9", "chroma", "http://127.0.0.1:9"])
def test_a_chroma_that_is_not_there_is_a_fault(tmp_path: Path, address: str) -> None:
    assert found(knowledge.look_at_chroma, patient(tmp_path, chroma_url=address)) == {"Chroma": Level.FAULT}


@pytest.mark.parametrize(("model", "level"), [("./nowhere", Level.FAULT), ("intfloat/e5-small", Level.HINT)])
def test_an_encoder_that_is_not_here_is_judged_without_the_hub(tmp_path: Path, model: str, level: Level) -> None:
    assert found(models.look_at_encoder, patient(tmp_path, flywheel_embedder=model)) == {"model": level}


def test_a_folder_without_weights_is_no_encoder(tmp_path: Path) -> None:
    assert found(models.look_at_encoder, patient(tmp_path, flywheel_embedder=str(tmp_path))) == {"model": Level.FAULT}


def test_doctor_stops_waiting_when_something_arrived(
    place: Patient, workspace: Workspace, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in {"SLACK_BOT_TOKEN": "xoxb-simulator", "SLACK_API_URL": place.settings.slack_api_url}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FLYWHEEL_HOME", str(tmp_path))
    Arrivals(database, utc_now).started()
    Arrivals(database, utc_now).heard({"command": "/ask"})

    assert "arrived lately: command" in CliRunner().invoke(doctor, ["--wait", "5"]).output


def started_before_a_message(workspace: Workspace, database: Database, start: datetime | None = None) -> None:
    """Let the bot have started an hour ago, and somebody have mentioned it a minute ago."""
    start = start or utc_now() - timedelta(hours=1)
    with database.begin() as db:
        marks.put(db, f"arrival:{START}", f"{start.timestamp():.6f}")
    ts = f"{(utc_now() - timedelta(minutes=1)).timestamp():.6f}"
    message = {"type": "message", "user": "U1", "text": "<@UBOT> hello?", "ts": ts}
    with workspace.lock:
        workspace.channels["C1"].messages[ts] = message


@contextmanager
def answering(body: bytes) -> Iterator[int]:
    """Serve this body at every address of a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
