"""A real browser, a real simulator and a small app behind it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.simulator.install import AppInstall, Command, Shortcut, Transport
from bot.simulator.server import running
from bot.simulator.workspace import Workspace
from tests.browser import small_app

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def workspace_url() -> Iterator[str]:
    """The address of a workspace in which the small app runs; every page starts it afresh."""
    install = AppInstall(
        transport=Transport.SOCKET,
        commands=(Command("/ask", "Ask a question", "[question]"),),
        shortcuts=(Shortcut("message", "save_answer", "Save as an answer"),),
    )
    workspace = Workspace.small(lambda: datetime.now(UTC))
    with running(workspace, install) as url:
        app = App(client=WebClient(install.bot_token, base_url=f"{url}/api/"))
        small_app.register(app)
        handler = SocketModeHandler(app, install.app_token)
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves these two without types
        yield url
        handler.close()  # type: ignore[no-untyped-call]


@pytest.fixture
def page(browser: Browser, workspace_url: str) -> Iterator[Page]:
    """Ana's page, in #general; nothing may fail in its console."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    failures: list[str] = []
    opened.on("pageerror", lambda error: failures.append(str(error)))
    assert opened.request.post(f"{workspace_url}/sim/reset", data={}).ok
    opened.goto(f"{workspace_url}/?as=U1#C1")
    opened.get_by_role("heading", name="general", exact=True).wait_for()
    yield opened
    context.close()
    assert failures == []
