"""A week in a busy channel in auto mode: the real encoder, a real index, at default settings.

Messages come in as Slack delivers them, and jobs run one after another in this thread, so that the whole week of 2,000
messages takes a minute. FLYWHEEL_WEEK_MESSAGES sets how many there are (800, all 150 questions among them).
What the bot posts is read from its outgoing messages; that they arrive is tested in `test_unasked.py`.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest

from bot.app import Bot, FaceSettings, build
from bot.identity import Identity
from bot.outbox import slack_client
from bot.unasked import learn
from flywheel.channels import DAILY_ANSWERS, ChannelSettings, Mode
from flywheel.core import Core
from flywheel.gateways.encoder import open_encoder
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.model import Signal, SignalKind, Surface
from flywheel.signals.record import record
from flywheel.store import answers, channels, questions, unasked
from tests.parts import StoppedClock, make_core
from tests.support import busy_week
from tests.support.busy_week import Said

pytestmark = pytest.mark.timeout(900)
"""The whole week takes about a minute of one core."""

MESSAGES = int(os.environ.get("FLYWHEEL_WEEK_MESSAGES", "800"))

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
FOLDERS = ("handbook", "it", "engineering", "offices", "operations", "support", "product")


@dataclass(frozen=True)
class Week:
    """What was said, and which of it was answered, by ts."""

    core: Core
    bot: Bot
    clock: StoppedClock
    said: Mapping[str, Said]
    answered: Mapping[str, str]

    @property
    def to_questions(self) -> list[Said]:
        return [self.said[ts] for ts in self.answered if self.said[ts].asks]

    @property
    def to_talk(self) -> list[Said]:
        return [self.said[ts] for ts in self.answered if not self.said[ts].asks]


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Week]:
    folder = tmp_path_factory.mktemp("week")
    for name in FOLDERS:
        shutil.copytree(busy_week.COMPANY / name, folder / "documents" / name, ignore=_only_text)
    clock = StoppedClock(MONDAY)
    core = make_core(folder, now=clock, encoder=open_encoder())
    ingest(core, [folder / "documents"], None, Silence())
    with core.database.begin() as db:
        channels.put(db, ChannelSettings("C1", mode=Mode.AUTO), "U1", clock())
    slack = ThreadingHTTPServer(("127.0.0.1", 0), QuietSlack)
    Thread(target=slack.serve_forever, args=(0.02,), daemon=True).start()
    client = slack_client("xoxb-1", f"http://127.0.0.1:{slack.server_port}/api/")
    bot = build(core, client, FaceSettings(Identity("T1", "UBOT", "B1"), signing_secret="s"))
    messages = busy_week.week(MONDAY, [f"U{n}" for n in range(1, 31)], Random(5), MESSAGES)
    said = {f"{one.at.timestamp():.6f}": one for one in messages}
    for ts, one in said.items():
        clock.at = max(clock.at, one.at)
        bot.ingress.accept(_event(ts, one))
        while bot.worker.step():
            pass
    with core.database.read() as db:
        asked = {ts: questions.by_message(db, "C1", ts) for ts in said}
        found = {ts: answers.of_question(db, one.id) for ts, one in asked.items() if one}
    yield Week(core, bot, clock, said, {ts: one.id for ts, one in found.items() if one})
    slack.shutdown()
    slack.server_close()
    core.database.close()


class QuietSlack(BaseHTTPRequestHandler):
    """A Slack in which nobody else ever replies."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"ok": true, "messages": [], "ts": "1.000001", "channel": {"id": "C1"}, "members": ["U1"]}')

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        pass


def test_nearly_all_of_its_answers_are_to_questions(week: Week) -> None:
    assert len(week.to_questions) >= 30
    assert len(week.to_questions) / len(week.answered) >= 0.95, week.to_talk


def test_talk_is_hardly_ever_answered(week: Week) -> None:
    talk = sum(not one.asks for one in week.said.values())

    assert len(week.to_talk) / talk <= 0.01


def test_the_day_s_cap_holds_all_week(week: Week) -> None:
    days = [week.said[ts].at.date() for ts in week.answered]

    assert max(days.count(day) for day in set(days)) <= DAILY_ANSWERS


def test_of_everything_else_only_counts_are_left(week: Week) -> None:
    with week.core.database.read() as db:
        counts = unasked.counts(db)
        auto = [one for one in (questions.by_message(db, "C1", ts) for ts in week.said) if one]

    assert sum(counts.values()) == len(week.said)
    assert len(auto) == counts["answered"] == len(week.answered)
    assert {one.surface for one in auto} == {Surface.AUTO}


def test_votes_move_the_threshold_the_right_way(week: Week) -> None:

    chosen = list(week.answered.values())[:12]
    moved = [_threshold(week)]
    for number, answer_id in enumerate(chosen):
        kind = SignalKind.THUMBS_UP if number < 8 else SignalKind.THUMBS_DOWN
        record(week.core, Signal(f"vote-{number}", answer_id, kind, "U9", week.clock()))
        learn(week.bot.upkeep._face, answer_id)
        moved.append(_threshold(week))
        week.clock.advance(timedelta(minutes=1))

    ups, downs = moved[:9], moved[8:]
    assert ups == sorted(ups, reverse=True)
    assert ups[-1] < ups[0]
    assert downs == sorted(downs)
    assert downs[-1] > downs[0]


def _threshold(week: Week) -> float:
    with week.core.database.read() as db:
        return channels.find(db, "C1").threshold or 0.6


def _event(ts: str, said: Said) -> dict[str, Any]:
    event = {
        "type": "message", "channel": "C1", "channel_type": "channel", "user": said.person, "text": said.text, "ts": ts,
    }  # fmt: skip
    return {"type": "event_callback", "team_id": "T1", "event_id": f"E{ts}", "event": event}


def _only_text(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if Path(name).suffix in {".png", ".xlsx", ".pdf", ".ipynb", ".docx", ".pptx"}]
