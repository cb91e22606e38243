"""What the page relies on: what people see, the news, and that nobody else gets in."""

import http.client
import json
import threading
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.simulator.company_workspace import load
from bot.simulator.server import listen
from bot.simulator.text import compose, rich_text
from tests.integration.simulator.world import Slack, eventually

COMPANY = """
name: North Wind
team_id: T7
admins: [U1]
people: [{id: U1, name: ana, real_name: Ana A}, {id: U2, name: ben, real_name: Ben B}]
channels:
  - {id: C1, name: general, members: [U1, U2], bot: true}
  - {id: C2, name: board, private: true, members: [U1]}
"""


def names(slack: Slack, person: str) -> list[str]:
    return [channel["name"] for channel in slack.look(f"state?as={person}")["channels"]]


def test_people_see_public_channels_and_their_own(slack: Slack) -> None:
    assert names(slack, "U1") == ["general", "random", "finance"]
    assert names(slack, "U2") == ["general", "random"]


def test_a_guest_sees_only_where_they_are(slack: Slack) -> None:
    assert names(slack, "U4") == []


def test_a_private_channel_is_not_readable_from_outside(slack: Slack) -> None:
    assert slack.fetch("/sim/channels/C3/messages?as=U2")[0] == 404


def test_a_stranger_sees_nothing(slack: Slack) -> None:
    assert slack.fetch("/sim/state?as=U99")[0] == 404


def test_looking_at_a_channel_reads_it(slack: Slack) -> None:
    slack.say("U2", "C1", "hello")
    assert slack.look("state?as=U1")["channels"][0]["unread"] == 1

    slack.messages("U1", "C1")

    assert slack.look("state?as=U1")["channels"][0]["unread"] == 0


def test_a_thread_is_shown_root_first(slack: Slack) -> None:
    root = slack.say("U2", "C1", "root")
    reply = slack.say("U3", "C1", "reply", thread_ts=root)

    thread = slack.look(f"channels/C1/threads/{root}?as=U1")["messages"]
    assert [m["ts"] for m in thread] == [root, reply]
    assert [m["ts"] for m in slack.messages("U1", "C1")] == [root]


def test_only_members_can_post(slack: Slack) -> None:
    assert slack.try_to("messages", by="U3", channel="C2", text="x")[0] == 403


def test_only_the_author_edits(slack: Slack) -> None:
    ts = slack.say("U2", "C1", "mine")

    assert slack.try_to("messages/edit", by="U3", channel="C1", ts=ts, text="yours")[0] == 403


def test_an_administrator_deletes_anything(slack: Slack) -> None:
    ts = slack.say("U2", "C1", "mine")

    slack.act("messages/delete", by="U1", channel="C1", ts=ts)

    assert slack.messages("U2", "C1") == []


@pytest.mark.parametrize("body", [b"[]", b"nonsense", b'{"as": 7}', b'{"as": "U2", "channel": "C1"}'])
def test_bad_input_is_a_4xx_with_a_sentence(slack: Slack, body: bytes) -> None:
    status, answer = slack.fetch("/sim/messages", body, {"Content-Type": "application/json"})

    assert status in (400, 404)
    assert answer["error"]


def test_news_arrive_for_those_who_may_hear_them(slack: Slack) -> None:
    news: list[dict[str, str]] = []

    def read() -> None:
        with urllib.request.urlopen(f"{slack.url}/sim/events?as=U2", timeout=5) as stream:
            ready.set()
            while len(news) < 1:
                line = stream.readline().decode()
                if line.startswith("data: "):
                    news.append(json.loads(line[6:]))

    ready = threading.Event()
    threading.Thread(target=read, daemon=True).start()
    ready.wait(2)
    slack.say("U1", "C3", "secret")
    slack.say("U1", "C1", "hello")

    assert eventually(lambda: news)[0] == {"type": "message", "channel": "C1"}


@pytest.mark.parametrize("header", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_other_sites_are_kept_out(slack: Slack, header: dict[str, str]) -> None:
    connection = http.client.HTTPConnection(urlsplit(slack.url).netloc)
    connection.request("GET", "/sim/state?as=U1", headers=header)

    assert connection.getresponse().status == 403
    connection.close()


def test_an_address_others_could_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="this machine only"):
        listen("0.0.0.0", 0)


def test_a_reset_forgets_everything(slack: Slack) -> None:
    slack.say("U2", "C1", "hello")

    slack.act("reset")

    assert slack.messages("U1", "C1") == []


def test_a_company_is_read_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_text(COMPANY, encoding="utf-8")

    workspace = load(tmp_path, lambda: datetime.now(UTC))

    assert (workspace.team.id, workspace.person("U1").is_admin) == ("T7", True)
    assert workspace.channel("C1").members == ["U1", "U2", "UBOT"]
    assert workspace.channel("C2").is_private


def test_a_company_with_unknown_members_is_refused(tmp_path: Path) -> None:
    (tmp_path / "company.yaml").write_text(COMPANY.replace("[U1]}", "[U9]}"), encoding="utf-8")

    with pytest.raises(ValueError, match="U9"):
        load(tmp_path, lambda: datetime.now(UTC))


def test_composed_text_leaves_tokens_and_escapes_the_rest() -> None:
    said = compose("@ana see <https://x.example|this> & <b>", {"ana": "U1"}, {})

    assert said == "<@U1> see <https://x.example|this> &amp; &lt;b&gt;"


def test_code_becomes_preformatted_rich_text() -> None:
    (block,) = rich_text("run\n```make &amp;```", "b")

    assert [part["type"] for part in block["elements"]] == ["rich_text_section", "rich_text_preformatted"]
    assert block["elements"][1]["elements"][0]["text"] == "make &"
