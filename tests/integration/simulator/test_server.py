"""The simulator inside another application, as the demo runs it: one port for the workspace and the bot."""

import asyncio
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import uvicorn
from slack_sdk import WebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from bot.simulator.install import AppInstall
from bot.simulator.manifest import installed
from bot.simulator.server import create_app, listen, running
from bot.simulator.workspace import Workspace
from tests.integration.simulator.conftest import BoltServer
from tests.integration.simulator.world import Slack, World, eventually


@pytest.fixture
def mounted() -> Iterator[Slack]:
    listener = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    install = AppInstall(request_url=f"{url}/slack/events")
    simulated = create_app(Workspace.small(lambda: datetime.now(UTC)), install)

    async def answer(request: Request) -> Response:
        await asyncio.sleep(0)
        return Response()

    host = Starlette(routes=[Route("/slack/events", answer, methods=["POST"]), Mount("/", simulated)])
    server = uvicorn.Server(uvicorn.Config(host, log_level="error", lifespan="off", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    eventually(lambda: server.started)
    yield Slack(url, install, WebClient(install.bot_token, base_url=f"{url}/api/"))
    simulated.state.simulator.stop()
    server.should_exit = True
    thread.join()
    listener.close()


def test_workspace_and_bot_share_a_port(mounted: Slack) -> None:
    mounted.say("U2", "C1", "hello")

    (delivery,) = eventually(lambda: mounted.deliveries("message"))
    assert delivery["status"] == 200


def test_addresses_name_the_shared_port(mounted: Slack) -> None:
    assert mounted.client.auth_test()["url"] == f"{mounted.url}/"


def test_the_page_is_served_from_the_root(mounted: Slack) -> None:
    status, page = mounted.fetch("/")

    assert (status, "<html" in page) == (200, True)


def test_two_workspaces_do_not_share_anything(slack: Slack) -> None:
    with running(Workspace.small(lambda: datetime.now(UTC)), AppInstall()) as url:
        Slack(url, slack.install, slack.client).say("U2", "C1", "elsewhere")

    assert slack.messages("U1", "C1") == []


def test_the_same_seed_gives_the_same_names() -> None:
    moment = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    first, second = (Workspace.small(lambda: moment) for _ in range(2))

    assert first.open_dm(["U1", "UBOT"]).id == second.open_dm(["U1", "UBOT"]).id


def test_people_who_wait_do_not_starve_the_app(slack: Slack, world: World) -> None:
    everybody = threading.Barrier(61, timeout=5)

    @world.app.command("/ask")
    def asked(ack: Any, command: dict[str, Any]) -> None:
        slack.client.users_info(user=command["user_id"])
        ack()

    def ask() -> None:
        everybody.wait()
        answers.append(slack.try_to("commands", by="U2", channel="C1", command="/ask", text="x")[0])

    answers: list[int] = []
    people = [threading.Thread(target=ask) for _ in range(60)]
    for person in people:
        person.start()
    everybody.wait()
    for person in people:
        person.join()

    assert answers == [200] * 60


MANIFEST = {
    "features": {
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [{"command": "/ask", "description": "Ask"}],
        "shortcuts": [{"type": "global", "callback_id": "ask", "name": "Ask"}],
    },
    "oauth_config": {"scopes": {"bot": ["im:history", "channels:history"], "bot_optional": ["files:read"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
}


def test_a_manifest_says_what_the_app_offers() -> None:
    install = installed(MANIFEST)

    assert install.commands[0].command == "/ask"
    assert install.shortcuts[0].callback_id == "ask"
    assert install.scopes == {"im:history", "channels:history", "files:read"}


def test_only_subscribed_events_are_sent(bolt_server: BoltServer) -> None:
    bolt_server.app = None
    install = replace(installed(MANIFEST), request_url=bolt_server.url)
    with running(Workspace.small(lambda: datetime.now(UTC)), install) as url:
        slack = Slack(url, install, WebClient(install.bot_token, base_url=f"{url}/api/"))
        slack.say("U2", "C1", "in public")
        slack.say("U2", str(slack.act("dm", by="U2", users=["UBOT"])["channel"]), "in private")

        (delivery,) = eventually(slack.deliveries)
    assert delivery["payload"]["event"]["text"] == "in private"


def test_a_permalink_opens_the_thread_in_the_page(world: World) -> None:
    with urllib.request.urlopen(f"{world.slack.url}/archives/C1/p1700000000000100") as page:
        assert page.url == f"{world.slack.url}/#C1/1700000000.000100"
