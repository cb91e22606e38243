"""What the bot is doing, shown under a question while its answer is not there: "is searching…".

All of it is cosmetic: a status that cannot be shown is only logged. Slack takes one away by itself after two minutes,
and when the bot posts in the thread. In a direct message the conversation is also said to be at work, which is what
gives people the stop button.
"""

import logging
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackClientError

from bot.face import Face
from bot.heard import Heard
from bot.streaming import Stopped

READING = "is reading the thread…"
TROUBLE = "is having trouble, and tries again…"
WORDS: Mapping[str, str] = {"retrieve": "is searching…", "write": "is writing…"}
"""What is shown while a stage of `ask` runs; the stages in between are too short to be told."""

_log = logging.getLogger(__name__)


class Status:
    """The line under one question."""

    def __init__(self, face: Face, heard: Heard, *, quiet: bool = False) -> None:
        """Show nothing yet; never anything when it is `quiet`."""
        self._face = face
        self._heard = heard
        self._quiet = quiet
        self._shown = ""

    def __enter__(self) -> "Status":
        """Show nothing before `begin`."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Show nothing more, or, where an attempt failed that is made again, that there is trouble."""
        if kind is None or issubclass(kind, Stopped):
            self.clear()
        else:
            self.show(TROUBLE)

    def begin(self) -> None:
        """Say that the bot is at work on it."""
        if self._heard.channel.startswith("D"):
            self._session("processing")
        self.show(READING if self._heard.thread_ts else WORDS["retrieve"])

    def show(self, words: str) -> None:
        """Show what the bot is doing, once."""
        if words and words != self._shown and not self._quiet:
            self._say(words)

    def clear(self) -> None:
        """Show nothing more; the conversation is anybody's turn again."""
        if self._shown:
            self._say("")
            if self._heard.channel.startswith("D"):
                self._session("active")

    def _say(self, words: str) -> None:
        self._shown = words
        setter = self._face.client.assistant_threads_setStatus
        _try(lambda: setter(channel_id=self._heard.channel, thread_ts=self._heard.thread, status=words))

    def _session(self, state: str) -> None:
        setter = self._face.client.agents_sessions_setStatus
        _try(lambda: setter(channel_id=self._heard.channel, thread_ts=self._heard.thread, status=state))


def _try(call: Callable[[], Any]) -> None:
    try:
        call()
    except (SlackClientError, OSError, HTTPException) as error:
        _log.info("the status could not be shown: %s", error)
