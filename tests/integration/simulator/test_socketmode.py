"""Socket Mode, with the client that ships with slack_sdk."""

import contextlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.simulator.install import AppInstall, Command, Transport
from bot.simulator.server import running
from bot.simulator.workspace import Workspace
from tests.integration.simulator.world import Slack, World, eventually

INSTALL = AppInstall(transport=Transport.SOCKET, commands=(Command("/ask"),), ack_seconds=0.5)


@pytest.fixture
def dialled() -> Iterator[tuple[World, SocketModeHandler]]:
    """A workspace whose app has dialled in."""
    with running(Workspace.small(lambda: datetime.now(UTC)), INSTALL) as url:
        client = WebClient(INSTALL.bot_token, base_url=f"{url}/api/")
        app = App(token=INSTALL.bot_token, client=client)
        handler = SocketModeHandler(app, INSTALL.app_token, ping_interval=0.5)
        handler.client.connect()
        eventually(handler.client.is_connected)
        slack = Slack(url, INSTALL, client)
        yield World(slack, app), handler
        handler.client.auto_reconnect_enabled = False
        slack.act("socket", disconnect="abrupt")  # a client that reads a broken line ends at once
        with contextlib.suppress(AttributeError):  # the SDK may close its socket from two threads at once
            handler.client.close()


def listen(world: World, kind: str) -> None:
    @world.app.event(kind)
    def heard(body: dict[str, Any]) -> None:
        world.hear(body)


def test_events_travel_down_the_line(dialled: tuple[World, SocketModeHandler]) -> None:
    world, _ = dialled
    listen(world, "app_mention")

    world.slack.say("U2", "C1", "<@UBOT> hello")

    assert world.wait_for(1)[0]["event"]["text"] == "<@UBOT> hello"


def test_an_acked_event_is_not_sent_again(dialled: tuple[World, SocketModeHandler]) -> None:
    world, _ = dialled
    listen(world, "message")

    world.slack.say("U2", "C1", "hello")

    (delivery,) = eventually(lambda: world.slack.deliveries("message"))
    assert (delivery["status"], delivery["ack_ms"] < 500) == (200, True)


def test_an_unacked_event_is_sent_again_with_its_attempt(dialled: tuple[World, SocketModeHandler]) -> None:
    world, _ = dialled
    attempts: list[Any] = []

    def stall(request: Any, next: Any) -> None:  # noqa: A002 - Bolt's name
        attempts.append(request.headers.get("x-slack-retry-num"))
        if len(attempts) == 1:
            time.sleep(0.8)
        next()

    world.app.use(stall)
    listen(world, "message")
    world.slack.say("U2", "C1", "hello")

    eventually(lambda: len(attempts) == 2)
    assert attempts[1] == ["1"]


def test_a_command_is_answered_in_its_ack(dialled: tuple[World, SocketModeHandler]) -> None:
    world, _ = dialled

    @world.app.command("/ask")
    def asked(ack: Any, command: dict[str, Any]) -> None:
        ack(f"about {command['text']}")

    world.slack.act("commands", by="U2", channel="C1", command="/ask", text="payload")

    assert world.slack.messages("U2", "C1")[0]["text"] == "about payload"


@pytest.mark.parametrize("reason", ["refresh_requested", "abrupt"])
def test_the_app_dials_again_after_a_disconnect(dialled: tuple[World, SocketModeHandler], reason: str) -> None:
    world, handler = dialled
    listen(world, "message")
    before = handler.client.session_id()

    world.slack.act("socket", disconnect=reason)
    eventually(lambda: handler.client.is_connected() and handler.client.session_id() != before)
    world.slack.say("U2", "C1", "still there?")

    assert world.wait_for(1)


def test_an_event_without_any_line_waits_for_its_retry(dialled: tuple[World, SocketModeHandler]) -> None:
    world, handler = dialled
    listen(world, "message")
    handler.client.disconnect()
    eventually(lambda: not handler.client.is_connected())
    world.slack.say("U2", "C1", "anybody?")
    eventually(lambda: len(world.slack.deliveries()) == 2)

    handler.client.connect()
    eventually(handler.client.is_connected)
    world.slack.act("clock", advance=60)

    assert world.wait_for(1)[0]["event"]["text"] == "anybody?"


def test_the_bot_token_opens_no_line(slack: Slack) -> None:
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        slack.client.apps_connections_open(app_token=slack.install.bot_token)


def test_a_ticket_is_good_for_one_line(slack: Slack) -> None:
    first = slack.client.apps_connections_open(app_token=slack.install.app_token)["url"]
    second = slack.client.apps_connections_open(app_token=slack.install.app_token)["url"]

    assert first.startswith("ws://127.0.0.1")
    assert first != second
