"""A bot that a test may kill: `python -m tests.integration.bot.killable DATABASE_URL SLACK_URL PORT [writing]`.

The process imports everything once. Each line on its input forks a child that serves until it is killed, and prints the
child's process id when it is ready; `end` ends it. The use case behind the bot is a fast fake; everything else is real.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from types import SimpleNamespace
from typing import Any

from bot.app import FaceSettings, build
from bot.identity import whoami
from bot.outbox import slack_client
from bot.worker import Pace
from flywheel.answering.ask import Asking
from flywheel.core import Core
from flywheel.model import Answer, Question
from flywheel.store import answers, questions
from flywheel.store.database import Database
from tests.parts import FixedDirectory

SECRET = "simulator-signing-secret"
PACE = Pace(threads=2, lease=timedelta(seconds=1.5), poll_seconds=0.1, unclear_wait=timedelta(seconds=1), attempts=50)


def answer_fast(core: Core, asking: Asking) -> Answer:
    """Store and return an answer that repeats the question."""
    with core.database.begin() as db:
        known = answers.of_question(db, asking.question_id)
        if known is not None:
            return known
        question = Question(
            id=asking.question_id,
            text=asking.text,
            person=asking.person,
            surface=asking.surface,
            asked_at=core.now(),
            audience=asking.audience,
            channel=asking.channel,
            thread_ts=asking.thread_ts,
            message_ts=asking.message_ts,
        )
        questions.put(db, question)
        made = Answer(
            id="a:" + asking.question_id[2:],
            question_id=asking.question_id,
            text=asking.text,
            abstained=False,
            confidence=1.0,
            writer="test",
            answered_at=core.now(),
        )
        answers.put(db, made)
        return made


def answer_in_sight(core: Core, asking: Asking) -> Answer:
    """Let people see the answer grow before it is stored."""
    for end in range(1, 5):
        if asking.progress.text is not None:
            asking.progress.text(asking.text * end)
        time.sleep(0.06)
    return answer_fast(core, asking)


def serve(database_url: str, slack_url: str, port: int, *, writes: bool) -> None:
    """Serve until killed."""
    database = Database(database_url)
    unused: Any = SimpleNamespace()  # the fake answerer touches no encoder and no index
    model = unused if writes else None
    core = Core(database, unused, unused, unused, FixedDirectory(), model, utc_now, Random(1))
    client = slack_client("xoxb-simulator", f"{slack_url}/api/", timeout_seconds=1)
    settings = FaceSettings(
        whoami(client), signing_secret=SECRET, ask=answer_in_sight if writes else answer_fast, pace=PACE
    )
    bot = build(core, client, settings)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            status, _ = bot.ingress.receive(raw, lowered(self.headers))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bot.start()
    print(os.getpid(), flush=True)  # noqa: T201 - the protocol with the test
    signal.pause()


def lowered(headers: Any) -> Mapping[str, str]:
    """Return headers by lower-case name."""
    return {name.lower(): value for name, value in headers.items()}


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def main() -> None:
    """Fork a serving child for each line of input."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if line.strip() == "end":
            return
        if os.fork() == 0:
            sys.stdin.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            serve(sys.argv[1], sys.argv[2], int(sys.argv[3]), writes="writing" in sys.argv)


if __name__ == "__main__":
    main()
