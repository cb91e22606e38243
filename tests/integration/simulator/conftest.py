"""One simulator and one Bolt server for the whole run; every test starts from a reset workspace and a new Bolt app."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import uvicorn
from slack_bolt import App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.simulator.install import AppInstall, Command, Shortcut
from bot.simulator.server import listen, running
from bot.simulator.workspace import Workspace
from tests.integration.simulator.world import Slack, World, eventually

INSTALL = AppInstall(
    commands=(Command("/ask", "Ask a question", "[question]"),),
    shortcuts=(Shortcut("message", "answer_message", "Answer this"), Shortcut("global", "ask_global", "Ask")),
    ack_seconds=1.0,
)


class BoltServer:
    """A web server that hands every request to the current Bolt app."""

    def __init__(self) -> None:
        self.app: App | None = None
        self._listener = listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/slack/events"
        application = Starlette(routes=[Route("/slack/events", self._answer, methods=["POST"])])
        config = uvicorn.Config(application, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)
        self._thread.start()
        eventually(lambda: self._server.started)

    def stop(self) -> None:
        """End the server."""
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()

    async def _answer(self, request: Request) -> Response:
        if self.app is None:
            return Response(status_code=200)
        wanted = to_bolt_request(request, await request.body())
        return to_starlette_response(await run_in_threadpool(self.app.dispatch, wanted))


@pytest.fixture(scope="session")
def bolt_server() -> Iterator[BoltServer]:
    server = BoltServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def served(bolt_server: BoltServer) -> Iterator[Slack]:
    install = replace(INSTALL, request_url=bolt_server.url)
    with running(Workspace.small(lambda: datetime.now(UTC)), install) as url:
        yield Slack(url, install, WebClient(install.bot_token, base_url=f"{url}/api/"))


@pytest.fixture
def slack(served: Slack, bolt_server: BoltServer) -> Slack:
    """A fresh workspace whose app answers 200 to everything."""
    bolt_server.app = None
    served.act("reset")
    return served


@pytest.fixture
def world(slack: Slack, bolt_server: BoltServer) -> World:
    """A fresh workspace with a Bolt app that has no listeners yet."""
    app = App(token=slack.install.bot_token, signing_secret=slack.install.signing_secret, client=slack.client)
    bolt_server.app = app
    return World(slack, app)
