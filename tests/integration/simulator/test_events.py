"""What the app is told over HTTP: which events, signed how, and again until it answers."""

import hashlib
import hmac
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.simulator.install import AppInstall
from bot.simulator.server import running
from bot.simulator.workspace import Workspace
from tests.integration.simulator.world import Slack, World, eventually


class Inbox:
    """A bare web server in the app's place; `statuses` are its next answers, 200 after that."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.got: list[tuple[dict[str, str], bytes]] = []


@contextmanager
def app_server(inbox: Inbox) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            inbox.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(inbox.statuses.pop(0) if inbox.statuses else 200)
            for name, value in inbox.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Stay quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/slack/events"
    server.shutdown()
    server.server_close()


@pytest.fixture
def bare() -> Iterator[tuple[Slack, Inbox]]:
    inbox = Inbox()
    with app_server(inbox) as address:
        install = AppInstall(request_url=address)
        with running(Workspace.small(lambda: datetime.now(UTC)), install) as url:
            yield Slack(url, install, None), inbox  # type: ignore[arg-type]  # these tests make no Web API calls


def hear_events(world: World, *kinds: str) -> None:
    for kind in kinds:
        world.app.event(kind)(_listener(world))


def _listener(world: World) -> Callable[..., None]:
    def listen(body: dict[str, Any]) -> None:
        world.hear(body)

    return listen


def test_a_mention_arrives_twice_with_two_event_ids(world: World) -> None:
    hear_events(world, "app_mention", "message")

    ts = world.slack.say("U2", "C1", "<@UBOT> hello")

    heard = world.wait_for(2)
    assert {body["event"]["type"] for body in heard} == {"app_mention", "message"}
    assert {body["event"]["ts"] for body in heard} == {ts}
    assert len({body["event_id"] for body in heard}) == 2


def test_a_typed_name_becomes_a_mention(world: World) -> None:
    hear_events(world, "app_mention")

    world.slack.say("U2", "C1", "@flywheel what is <this>?")

    assert world.wait_for(1)[0]["event"]["text"] == "<@UBOT> what is &lt;this&gt;?"


def test_what_people_type_carries_rich_text(world: World) -> None:
    hear_events(world, "message")

    world.slack.say("U2", "C1", "see https://example.com/a and #random")

    (block,) = world.wait_for(1)[0]["event"]["blocks"]
    kinds = [piece["type"] for piece in block["elements"][0]["elements"]]
    assert (block["type"], kinds) == ("rich_text", ["text", "link", "text", "channel"])


def test_a_direct_message_is_a_message_im(world: World) -> None:
    hear_events(world, "message")
    channel = world.slack.act("dm", by="U2", users=["UBOT"])["channel"]

    world.slack.say("U2", channel, "hello")

    assert world.wait_for(1)[0]["event"]["channel_type"] == "im"


def test_the_app_hears_nothing_from_channels_it_is_not_in(slack: Slack) -> None:
    slack.say("U2", "C2", "<@UBOT> are you there?")
    slack.say("U2", "C1", "a later one")

    eventually(lambda: slack.deliveries("message"))
    assert [d["payload"]["event"]["channel"] for d in slack.deliveries()] == ["C1"]


def test_the_app_hears_its_own_posts(slack: Slack) -> None:
    slack.client.chat_postMessage(channel="C1", text="mine")

    (delivery,) = eventually(lambda: slack.deliveries("message"))
    assert delivery["payload"]["event"]["bot_id"] == "B1"


def test_an_edit_tells_before_and_after(world: World) -> None:
    ts = world.slack.say("U2", "C1", "old")
    hear_events(world, "message")

    world.slack.act("messages/edit", by="U2", channel="C1", ts=ts, text="new")

    event = eventually(lambda: [b["event"] for b in world.heard if b["event"].get("subtype") == "message_changed"])[0]
    assert (event["previous_message"]["text"], event["message"]["text"]) == ("old", "new")
    assert event["message"]["edited"]["user"] == "U2"


def test_a_deletion_names_what_is_gone(slack: Slack) -> None:
    ts = slack.say("U2", "C1", "oops")

    slack.act("messages/delete", by="U2", channel="C1", ts=ts)

    gone = eventually(
        lambda: [d for d in slack.deliveries() if d["payload"]["event"].get("subtype") == "message_deleted"]
    )
    assert gone[0]["payload"]["event"]["deleted_ts"] == ts


def test_updating_its_own_message_is_announced_too(slack: Slack) -> None:
    ts = slack.client.chat_postMessage(channel="C1", text="old")["ts"]

    slack.client.chat_update(channel="C1", ts=ts, text="new")

    subtypes = eventually(lambda: [d["payload"]["event"].get("subtype") for d in slack.deliveries()][1:])
    assert subtypes == ["message_changed"]


def test_reactions_name_their_message(world: World) -> None:
    ts = world.slack.say("U2", "C1", "hello")
    hear_events(world, "reaction_added", "reaction_removed")

    world.slack.act("reactions", by="U3", channel="C1", ts=ts, name="+1")
    world.wait_for(1)
    world.slack.act("reactions", by="U3", channel="C1", ts=ts, name="+1", remove=True)

    heard = [body["event"] for body in world.wait_for(2)]
    assert [event["type"] for event in heard] == ["reaction_added", "reaction_removed"]
    assert (heard[0]["item"]["ts"], heard[0]["item_user"]) == (ts, "U2")


def test_a_file_from_a_person_is_a_file_share(world: World) -> None:
    hear_events(world, "message")

    file = {"name": "plan.png", "content_base64": "cG5n", "alt_txt": "A plan"}
    world.slack.say("U2", "C1", "look", files=[file])

    event = world.wait_for(1)[0]["event"]
    assert (event["subtype"], event["files"][0]["alt_txt"]) == ("file_share", "A plan")


def test_opening_home_is_announced(world: World) -> None:
    hear_events(world, "app_home_opened")

    world.slack.act("home/open", by="U2", tab="home")

    event = world.wait_for(1)[0]["event"]
    assert (event["user"], event["tab"]) == ("U2", "home")


def test_joining_and_leaving_are_announced(world: World) -> None:
    hear_events(world, "member_joined_channel", "member_left_channel")

    world.slack.act("channels/leave", by="U2", channel="C1")
    world.wait_for(1)
    world.slack.act("channels/join", by="U2", channel="C1")

    assert [body["event"]["type"] for body in world.wait_for(2)] == ["member_left_channel", "member_joined_channel"]


def test_events_need_their_scope() -> None:
    inbox = Inbox()
    with app_server(inbox) as address:
        install = AppInstall(request_url=address, scopes=frozenset({"app_mentions:read"}))
        with running(Workspace.small(lambda: datetime.now(UTC)), install) as url:
            slack = Slack(url, install, None)  # type: ignore[arg-type]  # no Web API calls here
            slack.say("U2", "C1", "<@UBOT> hello")
            eventually(slack.deliveries)

    assert [json.loads(body)["event"]["type"] for _, body in inbox.got] == ["app_mention"]


def test_events_are_signed_with_the_secret(bare: tuple[Slack, Inbox]) -> None:
    slack, inbox = bare
    slack.say("U2", "C1", "hello")

    headers, body = eventually(lambda: inbox.got)[0]
    base = b"v0:" + headers["x-slack-request-timestamp"].encode() + b":" + body
    digest = hmac.new(slack.install.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    assert headers["x-slack-signature"] == f"v0={digest}"
    assert headers["content-type"] == "application/json"


def test_a_refused_event_is_tried_again_at_once_after_one_minute_and_after_five(bare: tuple[Slack, Inbox]) -> None:
    slack, inbox = bare
    inbox.statuses = [500, 500, 500, 500]
    slack.say("U2", "C1", "hello")

    eventually(lambda: len(inbox.got) == 2)
    slack.act("clock", advance=60)
    eventually(lambda: len(inbox.got) == 3)
    slack.act("clock", advance=299)
    assert len(inbox.got) == 3
    slack.act("clock", advance=2)
    eventually(lambda: len(inbox.got) == 4)
    assert [headers.get("x-slack-retry-num") for headers, _ in inbox.got] == [None, "1", "2", "3"]
    assert len({json.loads(body)["event_id"] for _, body in inbox.got}) == 1


def test_an_app_can_ask_for_no_retry(bare: tuple[Slack, Inbox]) -> None:
    slack, inbox = bare
    inbox.statuses, inbox.headers = [500], {"X-Slack-No-Retry": "1"}

    slack.say("U2", "C1", "hello")

    eventually(slack.deliveries)
    slack.act("clock", advance=600)
    slack.say("U2", "C1", "another")
    eventually(lambda: len(inbox.got) == 2)
    assert len({json.loads(body)["event_id"] for _, body in inbox.got}) == 2


def test_a_slow_app_is_tried_again_for_its_timeout(world: World) -> None:
    slow = threading.Event()

    def stall(body: dict[str, Any], next: Callable[[], Any]) -> None:  # noqa: A002 - Bolt's name
        world.hear(body)
        slow.wait(1.5)
        next()

    world.app.use(stall)
    world.slack.say("U2", "C1", "hello")

    retry = eventually(lambda: [d for d in world.slack.deliveries("message") if d["retry_num"] == 1])
    slow.set()
    assert world.slack.deliveries("message")[0]["reason"] == "http_timeout"
    assert retry


def test_a_slow_delivery_does_not_hold_up_the_next(world: World) -> None:
    release = threading.Event()

    def stall(body: dict[str, Any], next: Callable[[], Any]) -> None:  # noqa: A002 - Bolt's name
        if body["event"]["text"] == "slow":
            release.wait(0.8)
        world.hear(body)
        next()

    world.app.use(stall)
    world.slack.say("U2", "C1", "slow")
    world.slack.say("U2", "C1", "fast")

    assert world.wait_for(1)[0]["event"]["text"] == "fast"
    release.set()


def test_doubled_events_have_one_event_id(slack: Slack) -> None:
    slack.act("delivery", duplicate=1, seed=1)

    slack.say("U2", "C1", "hello")

    both = eventually(lambda: len(slack.deliveries("message")) == 2 and slack.deliveries("message"))
    assert both[0]["event_id"] == both[1]["event_id"]


def test_dropped_events_never_arrive(slack: Slack) -> None:
    slack.act("delivery", drop=1)
    slack.say("U2", "C1", "lost")
    slack.act("delivery")
    slack.say("U2", "C1", "found")

    eventually(slack.deliveries)
    assert [d["payload"]["event"]["text"] for d in slack.deliveries()] == ["found"]


def test_held_back_events_come_after_later_ones(slack: Slack) -> None:
    slack.act("delivery", reorder=1)
    slack.say("U2", "C1", "first")
    slack.act("delivery")
    slack.say("U2", "C1", "second")

    both = eventually(lambda: len(slack.deliveries()) == 2 and slack.deliveries())
    assert [d["payload"]["event"]["text"] for d in both] == ["second", "first"]


def test_bolt_accepts_the_signature_after_the_clock_was_advanced(world: World) -> None:
    hear_events(world, "message")
    world.slack.act("clock", advance=3600)

    world.slack.say("U2", "C1", "an hour later")

    assert world.wait_for(1)


def test_the_app_proves_its_address(world: World) -> None:
    assert world.slack.act("verify") == {}


def test_an_app_that_does_not_prove_its_address_is_refused(slack: Slack) -> None:
    assert slack.try_to("verify")[0] == 502
