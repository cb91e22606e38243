"""The demo: a simulated workspace and the unchanged bot, in one process and on one port.

The bot speaks to the simulator over HTTP as it would to Slack, and keeps its data in `demo` below FLYWHEEL_HOME, each
folder of your own documents in a place of its own, so that answers never mix them with the sample company's. What the
commands need that have `--demo` stands in `demo.env` there.
"""

import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.composition import opened
from bot.first_router import train_aside
from bot.indexing import router_is_due, say_trained, take_in
from bot.logs import log_to_terminal
from bot.manifest import packaged
from bot.pictures import forget_uploads
from bot.serving import Listener, bound, started
from bot.settings import Settings
from bot.simulator import company_workspace
from bot.simulator.install import AppInstall
from bot.simulator.manifest import installed
from bot.simulator.server import create_app
from bot.simulator.simulator import Simulator
from bot.turning import TurnStarter
from flywheel.errors import ConfigurationError
from flywheel.wiring import Plan, utc_now

COMPANY = Path(__file__).parent / "simulator" / "company"
REPORT_CHANNEL = "C0REPORTS"
_ENVIRONMENT_FILE = "demo.env"
_BOT_PATHS = ("/v1/", "/slack/", "/docs", "/openapi.json", "/healthz", "/metrics", "/reports")


class Demo:
    """One demo: where it lives, what it indexes."""

    def __init__(self, settings: Settings, folder: Path | None) -> None:
        """Plan the demo below these settings' data folder."""
        self._base = settings
        self._folder = folder.resolve() if folder else COMPANY

    def serve(self) -> None:
        """Serve until interrupted."""
        log_to_terminal()
        with bound(self._base.host, self._base.port) as listening:
            port = listening.getsockname()[1]
            address = f"http://127.0.0.1:{port}"
            workspace = company_workspace.load(COMPANY, utc_now)
            settings = self.settings(address, [one.id for one in workspace.people.values() if one.is_admin])
            app = create_app(workspace, _install(settings, address), address)
            front = _Front(app)
            with _served(Listener(front, ""), listening, app.state.simulator):
                untrained = _index(settings, self._folder)
                with started(settings, TurnStarter(("--demo",), {"FLYWHEEL_HOME": str(self._base.home)})) as running:
                    front.bot = running.api
                    _say_ready(address, "how do I get on the VPN?" if self._folder == COMPANY else "your question")
                    _train_meanwhile(settings.plan(), due=untrained)
                    _wait()

    def settings(self, address: str, admins: Sequence[str]) -> Settings:
        """Return what the bot of this demo is given, and keep it for commands with `--demo`.

        Raises:
            ConfigurationError: the data folder cannot be written.
        """
        base = self._base.home / "demo"
        own = hashlib.sha256(str(self._folder).encode()).hexdigest()[:12]
        home = base if self._folder == COMPANY else base / own
        try:
            home.mkdir(parents=True, exist_ok=True)
            return _write_settings(base / _ENVIRONMENT_FILE, home, address, admins)
        except OSError as error:
            raise ConfigurationError(f"FLYWHEEL_HOME: {home} cannot be written: {error.strerror}") from error


def saved_settings(base: Settings) -> Settings:
    """Return the settings of the last demo in this data folder.

    Raises:
        ConfigurationError: no demo was started here.
    """
    file = base.home / "demo" / _ENVIRONMENT_FILE
    if not file.exists():
        raise ConfigurationError(f"no demo was started in {base.home}; run flywheel demo first")
    return _demo_settings(_lines(file))


class _Front:
    """One port for two applications: the bot's paths go to the bot, all others to the simulator."""

    def __init__(self, simulator: ASGIApp) -> None:
        self._simulator = simulator
        self.bot: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_BOT_PATHS):
            await self._simulator(scope, receive, send)
        elif self.bot is None:
            await JSONResponse({"detail": "the bot is still reading its documents"}, 503)(scope, receive, send)
        else:
            await self.bot(scope, receive, send)


def _write_settings(file: Path, home: Path, address: str, admins: Sequence[str]) -> Settings:
    install = AppInstall()
    lines = {
        "FLYWHEEL_HOME": str(home),
        "SLACK_API_URL": f"{address}/api/",
        "SLACK_BOT_TOKEN": install.bot_token,
        "SLACK_SIGNING_SECRET": install.signing_secret,
        "FLYWHEEL_URL": address,
        "FLYWHEEL_REPORT_CHANNEL": REPORT_CHANNEL,
        "FLYWHEEL_ADMINS": ",".join(sorted(admins)),
    }
    file.write_text("".join(f"{name}={value}\n" for name, value in lines.items()), encoding="utf-8")
    return _demo_settings(lines)


def _demo_settings(lines: Mapping[str, str]) -> Settings:
    """Return settings in which a real workspace's variables do not count."""
    given = {name.lower(): value for name, value in lines.items()}
    return Settings.model_validate({"database_url": None, "chroma_url": None, "slack_app_token": None, **given})


def _lines(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines())


def _install(settings: Settings, address: str) -> AppInstall:
    assert settings.slack_bot_token is not None
    assert settings.slack_signing_secret is not None
    return replace(
        installed(packaged()),
        bot_token=settings.slack_bot_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        request_url=f"{address}/slack/events",
    )


def _index(settings: Settings, folder: Path) -> bool:
    """Index the folder; return whether a first router is to be trained.

    The workspace is empty again at each start, so uploads of an earlier one are forgotten.
    """
    with opened(settings) as core:
        forget_uploads(core.database)
        return router_is_due(core, take_in(core, settings.plan(), [folder], None))


def _train_meanwhile(plan: Plan, *, due: bool) -> None:
    """Train the first router, if that is due, while the demo serves; the questions until then search everywhere."""
    if not due:
        return
    click.echo("The router is being trained meanwhile; until it is, every question searches everywhere.\n")
    threading.Thread(target=lambda: say_trained(train_aside(plan)), name="first-router", daemon=True).start()


@contextmanager
def _served(listener: Listener, listening: object, simulator: Simulator) -> Iterator[None]:
    thread = threading.Thread(target=listener.run, kwargs={"sockets": [listening]}, name="demo-server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        simulator.stop()  # open pages would hold the server
        listener.should_exit = True
        thread.join(timeout=5)


def _say_ready(address: str, question: str) -> None:
    click.echo(f"\nFlywheel is ready. Open {address} and ask in #ask-anything: @flywheel {question}")
    click.echo("Turn the wheel from a second terminal: .venv/bin/flywheel turn --demo")
    click.echo("Stop with Ctrl+C.")


def _wait() -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("Stopping.")
