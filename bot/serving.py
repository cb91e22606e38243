"""The bot as a running server: Slack's face when there is a workspace, the HTTP doors always.

Order of a start: store, encoder and index; who we are in Slack; workers; then the port answers and the address is
printed. A stop lets running work finish.
"""

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import click
import uvicorn
from fastapi import FastAPI
from slack_sdk import WebClient
from starlette.types import ASGIApp

from bot import passes
from bot.api import Serving, create_api
from bot.app import Bot, FaceSettings, build
from bot.composition import opened
from bot.directory import SlackDirectory
from bot.face import DEFAULT_REACTIONS
from bot.gauges import registry
from bot.identity import Identity, whoami
from bot.logs import log_to_terminal
from bot.outbox import slack_client
from bot.reporting import DIGEST_HOUR, Due, due
from bot.scheduling import WeeklyAsSet
from bot.settings import Settings
from bot.turning import TurnStarter, remeasured_when_due, weekly_turn
from bot.zone import team_zone
from flywheel import jobs
from flywheel.core import Core
from flywheel.errors import ConfigurationError
from flywheel.measurement import guarding
from flywheel.measurement.experiments.acts import conclude
from flywheel.measurement.watch import watch
from flywheel.store import passages
from flywheel.wiring import utc_now

_BACKLOG = 512


@dataclass(frozen=True, slots=True)
class Running:
    """A started bot: its core, its HTTP application, and its face when there is a workspace."""

    core: Core
    api: FastAPI
    face: Bot | None


def serve(settings: Settings) -> None:
    """Serve until interrupted.

    Raises:
        ConfigurationError: the port is taken, or Slack refuses the tokens.
    """
    log_to_terminal(settings.flywheel_log)
    with bound(settings.host, settings.port) as listening, started(settings) as running:
        log_to_terminal(settings.flywheel_log, running.core.tracer.current)
        host, port = listening.getsockname()[:2]
        surface = "Slack and /v1" if running.face else "/v1 alone: no SLACK_BOT_TOKEN is set"
        Listener(running.api, f"Flywheel is ready at http://{host}:{port} ({surface})").run(sockets=[listening])


@contextmanager
def started(settings: Settings, turns: TurnStarter | None = None) -> Iterator[Running]:
    """Start everything but the port, and stop it at the end."""
    turns = turns or TurnStarter()
    client = _client(settings)
    if client is None:
        with opened(settings, warm=True) as core, _scheduled(core, settings, turns, team_zone(settings, None)):
            yield Running(core, _api(core, settings, turns, None), None)
        return
    identity = whoami(client)
    with (
        opened(settings, lambda database: SlackDirectory(client, database, utc_now), warm=True) as core,
        _scheduled(core, settings, turns, zone := team_zone(settings, client)),
    ):
        face = build(core, client, replace(_face_settings(settings, identity, core, turns), zone=zone))
        face.start()
        try:
            yield Running(core, _api(core, settings, turns, face, identity.url), face)
        finally:
            face.stop()


@contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """Hold a listening socket; port 0 picks a free one.

    Raises:
        ConfigurationError: the address is taken or not ours.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise ConfigurationError(f"{host}:{port} cannot be used ({_why(error)}); set HOST or PORT") from error
    with listening:
        yield listening


def _why(error: OSError) -> str:
    if isinstance(error, socket.gaierror) or error.errno is None:
        return str(error.strerror or error)
    return os.strerror(error.errno)  # `strerror` of create_server says the address again


class Listener(uvicorn.Server):
    """Uvicorn that says one line when its port answers."""

    def __init__(self, app: ASGIApp, ready: str) -> None:
        """Serve an application on sockets given to `run`."""
        super().__init__(
            uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=3)
        )
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self._ready:
            click.echo(self._ready)


def _client(settings: Settings) -> WebClient | None:
    if settings.slack_bot_token is None:
        return None
    if settings.slack_app_token is None and settings.slack_signing_secret is None:
        raise ConfigurationError("set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP)")
    return slack_client(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)


def _face_settings(settings: Settings, identity: Identity, core: Core, starter: TurnStarter) -> FaceSettings:
    app_token, secret = settings.slack_app_token, settings.slack_signing_secret
    assert isinstance(core.directory, SlackDirectory)
    return FaceSettings(
        identity,
        signing_secret=secret.get_secret_value() if secret else None,
        app_token=app_token.get_secret_value() if app_token else None,
        left_or_joined=core.directory.forget,
        reactions={**DEFAULT_REACTIONS, **settings.flywheel_reactions},
        report_channel=settings.flywheel_report_channel,
        make_report=starter.make_report,
        read_again=starter.read_again,
        page_link=lambda path: passes.link(settings.url, path, settings.api_token(), core.now()),
        health=lambda: _health(core, None),
    )


def _api(
    core: Core, settings: Settings, turns: Callable[[str], None], face: Bot | None, workspace_url: str = ""
) -> FastAPI:
    return create_api(
        Serving(
            core=core,
            api_token=settings.api_token(),
            start_turn=turns,
            health=lambda: _health(core, face),
            slack=face.ingress.receive if face and settings.slack_signing_secret else None,
            registry=registry(core),
            base_url=settings.url,
            workspace_url=workspace_url,
            name_of=face.name_of if face else str,
        )
    )


def _health(core: Core, face: Bot | None) -> Mapping[str, str]:
    with core.database.read() as db:
        indexed = passages.count(db)
    parts = {"store": "ok", "knowledge": f"ok: {indexed} passages", "encoder": f"ok: {core.encoder.name}"}
    if face is not None:
        parts["slack"] = face.ready() or "ok"
    return parts


@contextmanager
def _scheduled(core: Core, settings: Settings, start: TurnStarter, zone: ZoneInfo) -> Iterator[None]:
    def post_reports() -> None:
        if due(core, settings, zone) != Due():
            start.post_reports()

    weekly = WeeklyAsSet("turn", zone, weekly_turn(core, start), core.database)
    again = jobs.Hourly("baseline", remeasured_when_due(core, start))
    limits = jobs.Hourly("thresholds", lambda: guarding.glance(core))
    ended = jobs.Hourly("experiments", lambda: conclude(core))
    posted = (jobs.Monthly("digest", DIGEST_HOUR, zone, post_reports), jobs.Hourly("reports", post_reports))
    scheduler = jobs.start(core, [weekly, *posted, jobs.Hourly("watch", lambda: watch(core)), again, limits, ended])
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
