"""kill -9 at any moment loses no question and answers none twice."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.simulator.server import running
from bot.simulator.workspace import Workspace
from tests.integration.bot.world import People, eventually, install_at, utc_now, words
from tests.parts import migrated_sqlite


class Killable:
    """The bot's process, to be started and killed again and again."""

    def __init__(self, database_url: str, slack_url: str, port: int, *options: str) -> None:
        command = [sys.executable, "-m", "tests.integration.bot.killable", database_url, slack_url, str(port), *options]
        self._mother = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._child = 0

    def start(self) -> None:
        """Start, and return when the bot is ready."""
        assert self._mother.stdin is not None
        assert self._mother.stdout is not None
        self._mother.stdin.write("go\n")
        self._mother.stdin.flush()
        self._child = int(self._mother.stdout.readline())

    def kill(self) -> None:
        """Kill the bot where it stands."""
        os.kill(self._child, signal.SIGKILL)

    def end(self) -> None:
        """End everything."""
        self.kill()
        self._mother.communicate("end\n", timeout=10)


def free_port() -> int:
    """Return a port nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def killable(database_url: str, *options: str) -> Iterator[tuple[People, Killable]]:
    """Run a workspace, and a bot that may be killed."""
    port = free_port()
    with running(Workspace.small(utc_now), install_at(f"http://127.0.0.1:{port}/slack/events")) as url:
        bot = Killable(database_url, url, port, *options)
        try:
            yield People(url), bot
        finally:
            bot.end()


Asked = tuple[str, str]
"""A channel and a timestamp."""


def torment(people: People, bot: Killable, kills: int, rng: Random) -> list[Asked]:
    """Ask and kill, at random moments; return the questions. The bot runs at the end."""
    asked: list[Asked] = []
    people.act("delivery", duplicate=0.2, reorder=0.2, seed=7)
    bot.start()
    for number in range(kills):
        for _ in range(rng.randint(1, 2)):
            channel = rng.choice(("C1", "C3"))
            asked.append((channel, people.say("U1", channel, f"<@UBOT> question {number}?")))
        if rng.random() < 0.2:
            people.act("faults", method="chat.postMessage", times=1, lose_reply=True)
        time.sleep(rng.uniform(0.0, 0.35))
        bot.kill()
        bot.start()
    return asked


def answers_per_question(people: People, asked: list[Asked]) -> Counter[int]:
    """Return how many questions have how many answers."""
    return Counter(len(people.replies("U1", channel, ts)) for channel, ts in asked)


def unfinished(people: People, asked: list[Asked]) -> list[dict[str, Any]]:
    """Return the answers that are still being written."""
    shown = [people.replies("U1", channel, ts)[0] for channel, ts in asked]
    return [one for one in shown if "vote_yes" not in words(one)]


def assert_each_is_answered_once(people: People, asked: list[Asked], patience_seconds: float) -> None:
    """Wait until every question has an answer, then a little longer for second ones."""
    deadline = time.monotonic() + patience_seconds
    while answers_per_question(people, asked)[0] and time.monotonic() < deadline:
        time.sleep(0.5)
    time.sleep(2)
    assert answers_per_question(people, asked) == Counter({1: len(asked)})


@pytest.mark.timeout(170)
def test_thirty_kills_lose_and_double_no_answer_on_sqlite(tmp_path: Path) -> None:
    database = migrated_sqlite(tmp_path)
    database.close()
    with killable(database.url) as (people, bot):
        asked = torment(people, bot, 30, Random(20261121))

        assert_each_is_answered_once(people, asked, 100)


@pytest.mark.timeout(170)
def test_twelve_kills_while_answers_are_written_leave_one_finished_answer_each(tmp_path: Path) -> None:
    database = migrated_sqlite(tmp_path)
    database.close()
    with killable(database.url, "writing") as (people, bot):
        asked = torment(people, bot, 12, Random(8))

        assert_each_is_answered_once(people, asked, 100)
        assert eventually(lambda: not unfinished(people, asked))


@pytest.mark.timeout(120)
def test_five_kills_lose_and_double_no_answer_on_postgres(postgres_url: str) -> None:
    with killable(postgres_url) as (people, bot):
        asked = torment(people, bot, 5, Random(5))

        assert_each_is_answered_once(people, asked, 60)
