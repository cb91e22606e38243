"""Faults at every stage of a question, by name, and what the asker is told of each.

    Fault("post 500 for ever", slack("chat.postMessage", status=500, times=ALWAYS), told=APOLOGY)

A fault is something done to a workplace before somebody asks. `told` says what the asker must see in the end; anything
else is wrong, and so is anything more.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.ingress import SLACK_JOB
from bot.worker import Pace
from flywheel.core import Core
from flywheel.errors import IndexUnavailable
from flywheel.ports import Vectors
from tests.integration.bot.world import People
from tests.parts import HashingEncoder

ANSWER, APOLOGY, EITHER = "answer", "apology", "either"
ALWAYS = 200
SHORT = Pace(
    threads=2,
    lease=timedelta(seconds=4),
    poll_seconds=0.05,
    attempts=3,
    unclear_attempts=4,
    unclear_wait=timedelta(seconds=1),  # longer than a slow call may still take effect
    backoff=(timedelta(seconds=0.1), timedelta(seconds=0.2)),
)


@dataclass(frozen=True)
class Scene:
    """A workplace, and somebody who is about to ask in a thread of it."""

    core: Core
    people: People


Arrange = Callable[[Scene], None]
Change = Callable[[Core], Core]


def as_it_is(core: Core) -> Core:
    """Change nothing."""
    return core


def nothing(_scene: Scene) -> None:
    """Arrange nothing."""


@dataclass(frozen=True)
class Fault:
    """Something that goes wrong; `change` is done to the core before, `arrange` to the workplace."""

    name: str
    arrange: Arrange = nothing
    change: Change = as_it_is
    told: str = ANSWER


def slack(method: str, **fault: Any) -> Arrange:
    """Have Slack fail at a method."""

    def arrange(scene: Scene) -> None:
        scene.people.act("faults", method=method, **{"times": 1, **fault})

    return arrange


def both(*steps: Arrange) -> Arrange:
    """Arrange several things."""

    def arrange(scene: Scene) -> None:
        for step in steps:
            step(scene)

    return arrange


def store(statement: str, why: str, times: int = 1) -> Arrange:
    """Have the database refuse statements that hold these words, as SQLite does."""
    left = [times]

    def arrange(scene: Scene) -> None:
        @event.listens_for(scene.core.database.engine, "before_cursor_execute")
        def refuse(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
            if statement in sql and left[0] > 0:
                left[0] -= 1
                raise OperationalError(sql, None, sqlite3.OperationalError(why))

    return arrange


def attempts_that_ended(times: int) -> Arrange:
    """Have the workers of the next question end in so many attempts before one lives."""

    def arrange(scene: Scene) -> None:
        @event.listens_for(scene.core.database.engine, "before_cursor_execute", retval=True)
        def older(_connection: Any, _cursor: Any, sql: str, given: Any, *_: Any) -> tuple[str, Any]:
            if sql.startswith("INSERT INTO job") and SLACK_JOB in given:
                given = tuple(times if one == 0 and at == _ATTEMPTS else one for at, one in enumerate(given))
            return sql, given

    return arrange


_ATTEMPTS = 5
"""Where the statement that stores a job has its attempts."""


class BrokenEncoder(HashingEncoder):
    """An encoder that fails the first times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        object.__setattr__(self, "_left", [times])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Fail, or encode."""
        left: list[int] = object.__getattribute__(self, "_left")
        if left[0] > 0:
            left[0] -= 1
            raise RuntimeError("the encoder is broken")
        return np.asarray(super().encode(texts))


class BrokenIndex:
    """An index that cannot be searched."""

    def __init__(self, index: Any, error: Exception) -> None:
        self._index, self._error = index, error

    def nearest(self, *_: Any, **__: Any) -> Any:
        """Fail."""
        raise self._error

    def match(self, *_: Any, **__: Any) -> Any:
        """Fail."""
        raise self._error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)


def encoder(times: int) -> Change:
    """Return a change to an encoder that fails so often."""
    return lambda core: replace(core, encoder=BrokenEncoder(times))


def index(part: str, error: Exception) -> Change:
    """Return a change to an index that fails."""

    def change(core: Core) -> Core:
        broken: Any = {part: BrokenIndex(getattr(core, part), error)}
        return replace(core, **broken)

    return change


POST, MEMBERS, URL = "chat.postMessage", "conversations.members", "response_url"
START, APPEND, STOP, UPDATE = "chat.startStream", "chat.appendStream", "chat.stopStream", "chat.update"
BUSY: Mapping[str, Any] = {"status": 429, "error": "ratelimited", "retry_after": 1}

WITHOUT_MODEL = (
    Fault("post answers 500 once", slack(POST, status=500)),
    Fault("post answers 500 a few times", slack(POST, status=500, times=2)),
    Fault("post answers 429", slack(POST, status=429, error="ratelimited", retry_after=1)),
    Fault("post is too slow", slack(POST, delay=2.5)),
    Fault("post takes effect and its reply is lost", slack(POST, lose_reply=True)),
    Fault("post is refused: channel_not_found", slack(POST, error="channel_not_found"), told=APOLOGY),
    Fault("post is refused: not_in_channel", slack(POST, error="not_in_channel"), told=APOLOGY),
    Fault("post is refused: is_archived", slack(POST, error="is_archived"), told=APOLOGY),
    Fault("post is refused: msg_too_long", slack(POST, error="msg_too_long"), told=APOLOGY),
    Fault("post is refused: invalid_blocks", slack(POST, error="invalid_blocks")),
    Fault("post is refused: invalid_blocks, as text too", slack(POST, error="invalid_blocks", times=2), told=APOLOGY),
    Fault("post is refused: restricted_action", slack(POST, error="restricted_action"), told=APOLOGY),
    Fault("a permission is lost", slack(POST, error="missing_scope"), told=APOLOGY),
    Fault("the token is revoked for a moment", slack(POST, error="token_revoked")),
    Fault("the thread cannot be read: 500 once", slack("conversations.replies", status=500)),
    Fault("the thread cannot be read: 500", slack("conversations.replies", status=500, times=5), told=APOLOGY),
    Fault("the thread cannot be read: 429", slack("conversations.replies", status=429, error="ratelimited")),
    Fault("the thread cannot be read: no reply", slack("conversations.replies", lose_reply=True)),
    Fault("the thread is gone", slack("conversations.replies", error="thread_not_found")),
    Fault("the members are not told: 500 once", slack(MEMBERS, status=500)),
    Fault("the members are not told: 500", slack(MEMBERS, status=500, times=ALWAYS), told=APOLOGY),
    Fault("the members are not told: 429", slack(MEMBERS, status=429, error="ratelimited")),
    Fault("the members are not told: no reply", slack(MEMBERS, lose_reply=True)),
    Fault("the channel is not described: 500", slack("conversations.info", status=500, times=2)),
    Fault("people have no names: 500", slack("users.info", status=500, times=2)),
    Fault("the encoder fails once", change=encoder(1)),
    Fault("the encoder is broken", change=encoder(ALWAYS), told=APOLOGY),
    Fault("the vectors are being rebuilt", change=index("vectors", IndexUnavailable()), told=EITHER),
    Fault("the words are being rebuilt", change=index("words", IndexUnavailable()), told=EITHER),
    Fault("the words raise what nobody expects", change=index("words", RuntimeError("broken")), told=EITHER),
    Fault("the store is locked when a delivery comes", store("INSERT INTO inbox", "database is locked")),
    Fault("the store is locked when the answer is kept", store("INSERT INTO answer", "database is locked")),
    Fault("the disk is full when the answer is kept", store("INSERT INTO answer", "database or disk is full", ALWAYS),
          told=APOLOGY),
    Fault("the store is gone for a while", store("FROM job", "unable to open database file", 30)),
    Fault("a job cannot be claimed for a while", store("SET state=?, attempts=?", "database is locked", 3)),
    Fault("a job cannot be finished", store("finished_at=?", "database is locked", 2)),
    Fault("the workers of the question end in every attempt", attempts_that_ended(9), told=APOLOGY),
    Fault("nobody is told of the apology's first try",
          both(slack(MEMBERS, status=500, times=ALWAYS), slack(POST, status=500)), told=APOLOGY),
    Fault("the apology may not be posted there either",
          both(slack(MEMBERS, status=500, times=ALWAYS), slack(POST, error="is_archived")), told=APOLOGY),
)  # fmt: skip

WHILE_WRITING = (
    Fault("no stream may begin", slack(START, error="channel_type_not_supported")),
    Fault("the server knows no streams", slack(START, error="unknown_method")),
    Fault("a stream begins and its reply is lost", slack(START, lose_reply=True)),
    Fault("nobody knows whether a stream began", slack(START, status=500)),
    Fault("nobody may look whether a stream began",
          both(slack(START, status=500), slack("conversations.replies", error="missing_scope"))),
    Fault("streams begin too often", slack(START, **BUSY)),
    Fault("what is appended is refused", slack(APPEND, error="message_not_in_streaming_state")),
    Fault("what is appended comes too often", slack(APPEND, **BUSY)),
    Fault("the reply to an append is lost", slack(APPEND, lose_reply=True)),
    Fault("the stream does not end: 500 once", slack(STOP, status=500)),
    Fault("the stream ends and the reply is lost", slack(STOP, lose_reply=True)),
    Fault("the streamed message is gone", slack(STOP, error="message_not_found")),
    Fault("the end may not be shown: 429", slack(UPDATE, **BUSY)),
    Fault("the end may not be shown: reply lost", slack(UPDATE, lose_reply=True)),
    Fault("the end may not be shown: invalid_blocks", slack(UPDATE, error="invalid_blocks", times=3), told=APOLOGY),
    Fault("the end may not be shown: is_archived", slack(UPDATE, error="is_archived", times=ALWAYS), told=APOLOGY),
    Fault("the status may not be shown", slack("assistant.threads.setStatus", status=500, times=ALWAYS)),
    Fault("the answer that is being written cannot be kept",
          store("INSERT INTO answer", "database or disk is full", ALWAYS), told=APOLOGY),
)  # fmt: skip

BY_COMMAND = (
    Fault("the response_url has expired", slack(URL, status=404, error="expired_url"), told=APOLOGY),
    Fault("the response_url is used up", slack(URL, status=404, error="used_url"), told=APOLOGY),
    Fault("the response_url answers 500", slack(URL, status=500)),
    Fault("the response_url answers 429", slack(URL, **BUSY)),
    Fault("the encoder is broken", change=encoder(ALWAYS), told=APOLOGY),
    Fault("the encoder is broken and the response_url has expired",
          slack(URL, status=404, error="expired_url"), encoder(ALWAYS), APOLOGY),
)  # fmt: skip
