"""An answer that appears while a language model writes it.

    begin     with the first checked text, in the question's thread, unless somebody came who may not read all of it;
              that it begins is noted (`opened`) before and after
    append    what is new, after a thousand characters or a second
    finish    not here: the outbox stops the stream and replaces all of it with the answer as it is kept, so a process
              that ends in the middle leaves the same message to whoever takes the question over

Nothing that goes wrong here stops the answer: what was not shown comes with the end. Surprising: after four minutes the
rest is not appended to a second message but waits for the end, so that an answer is one message; Slack ends a stream
after five (docs.slack.dev, chat.startStream).

A person who stops the bot (`stop`) ends the question: what stands is kept and marked, and no answer is stored, because
what was written so far was never weighed as a whole.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

from bot import opened
from bot.blocks.text import inert
from bot.buckets import APPEND, START
from bot.face import Face
from bot.finishing import end_stream, located
from bot.heard import Heard
from bot.opened import Opened, State
from bot.outbox import Paced, Unclear, translate
from flywheel.errors import FlywheelError, MembersUnknown
from flywheel.knowledge.access import audience_of, covers
from flywheel.model import Audience
from flywheel.store import marks

ENOUGH = 1_000
"""Characters that are worth a call of their own."""

OFTEN = timedelta(seconds=1)
LONGEST = timedelta(seconds=240)
MOST = 11_000
"""Characters that are streamed; Slack takes 12,000 in a message of markdown."""

_NOT_THERE = timedelta(hours=1)
_NEVER_HERE = frozenset({"unknown_method", "method_deprecated", "not_allowed_token_type", "missing_scope"})
_log = logging.getLogger(__name__)


class Stopped(FlywheelError):
    """Somebody pressed the stop button."""


class Stream:
    """The growing message of one question. Used by the one thread that answers it."""

    def __init__(self, face: Face, heard: Heard, question_id: str) -> None:
        """Begin nothing yet."""
        self._face = face
        self._heard = heard
        self._question_id = question_id
        self._opened: Opened | None = None
        self._sent = self._text = ""
        self._ended = False
        self.audience: Audience | None = None  # for whom the answer is made, once that is known
        self._began_at = self._sent_at = heard.at

    @property
    def text(self) -> str:
        """Return the text that people have seen, not gated."""
        return self._text

    def grow(self, text: str) -> None:
        """Show the checked text so far. Raises Stopped when somebody does not want it any more."""
        self.heed()
        shown, now = inert(text)[:MOST], self._face.core.now()
        if self._ended or not shown.startswith(self._sent) or shown == self._sent:
            return
        if self._opened is None:
            self._begin(shown, now)
        elif now - self._began_at > LONGEST:
            self._ended = True
        elif len(shown) - len(self._sent) >= ENOUGH or now - self._sent_at >= OFTEN:
            self._append(self._opened, shown, now)
        if self._sent == shown:
            self._text = text

    def heed(self) -> None:
        """Raise Stopped when somebody has pressed the stop button since the question was asked."""
        if is_stopped(self._face, self._heard):
            raise Stopped

    def _begin(self, shown: str, now: datetime) -> None:
        self._ended = True  # until it is known to have begun
        heard, database, buckets = self._heard, self._face.core.database, self._face.buckets
        if not self._is_for_all() or not buckets.take(now, START):
            return
        begun = Opened(heard.channel, heard.thread, heard.ts, self._face.identity.user)
        with database.begin() as db:
            if not opened.open_for(db, self._question_id, begun):
                return
        ts = self._start(shown, now)
        if ts is None:
            return
        with database.begin() as db:
            kept = opened.place(db, self._question_id, begun, ts)
        if kept:
            self._opened = replace(begun, ts=ts)
            self._sent, self._ended = shown, False
            self._began_at = self._sent_at = now
        else:
            self._withdraw(ts)

    def _is_for_all(self) -> bool:
        """Tell whether those who would read the text now are known to hold all that it is made from."""
        try:
            now = audience_of(self._face.core.directory, self._heard.person, self._heard.channel)
        except MembersUnknown as error:
            _log.info("an answer is not streamed: %s", error)
            return False
        return self.audience is not None and covers(now, self.audience)

    def _start(self, shown: str, now: datetime) -> str | None:
        """Return where the stream stands, or None where it could not begin or nobody knows whether it did."""
        heard = self._heard
        try:
            begun = self._face.client.chat_startStream(
                channel=heard.channel,
                thread_ts=heard.thread,
                markdown_text=shown,
                recipient_team_id=heard.team,
                recipient_user_id=heard.person,
            )
        except SlackApiError as error:
            self._refused(error, START, now)
            if not isinstance(translate(error, now), Unclear):
                self._give_up()
            return None
        except (SlackClientError, OSError, HTTPException) as error:
            _log.info("nobody knows whether a stream began: %s", error)
            return None
        return str(begun["ts"])

    def _append(self, begun: Opened, shown: str, now: datetime) -> None:
        if not self._face.buckets.take(now, APPEND):
            return
        try:
            more = shown[len(self._sent) :]
            self._face.client.chat_appendStream(channel=begun.channel, ts=begun.ts, markdown_text=more)
        except SlackApiError as error:
            if error.response.get("error") == "stopped_by_user":
                raise Stopped from error
            self._ended = not self._refused(error, APPEND, now)
        except (SlackClientError, OSError, HTTPException) as error:
            _log.info("a stream is not continued, the rest comes with the end: %s", error)
            self._ended = True
        else:
            self._sent, self._sent_at = shown, now

    def _refused(self, error: SlackApiError, method: str, now: datetime) -> bool:
        """Take in a refusal; tell whether it is worth trying again later."""
        why, name = translate(error, now), str(error.response.get("error"))
        if isinstance(why, Paced):
            self._face.buckets.hold(now, method, why.run_at)
            return True
        if name in _NEVER_HERE:
            self._face.buckets.hold(now, method, now + _NOT_THERE)
        _log.info("an answer is not streamed: %s", name)
        return False

    def _give_up(self) -> None:
        with self._face.core.database.begin() as db:
            begun = opened.find(db, self._question_id)
            if begun is not None:
                opened.settle(db, self._question_id, begun, State.GONE)

    def _withdraw(self, ts: str) -> None:
        """Take back what was begun too late: somebody else has answered meanwhile."""
        try:
            self._face.client.chat_delete(channel=self._heard.channel, ts=ts)
        except (SlackClientError, OSError, HTTPException) as error:
            _log.warning("a message that came too late could not be taken back: %s", error)


def withdraw(face: Face, question_id: str) -> None:
    """Take back what was written to a question that is gone.

    Raises:
        SlackApiError: Slack does not let it.
    """
    database = face.core.database
    with database.read() as db:
        begun = opened.find(db, question_id)
    if begun is None or begun.state is not State.OPEN:
        return
    begun = located(face.client, begun, database)
    if begun.ts and end_stream(face.client, begun):
        face.client.chat_delete(channel=begun.channel, ts=begun.ts)
    with database.begin() as db:
        opened.settle(db, question_id, begun, State.GONE)


def stop(face: Face, channel: str, thread_ts: str) -> None:
    """Stop what is being written in a thread now; what is asked there later is answered."""
    with face.core.database.begin() as db:
        marks.put(db, _stop_mark(channel, thread_ts), f"{face.core.now().timestamp():.6f}")


def is_stopped(face: Face, heard: Heard) -> bool:
    """Tell whether somebody stopped the thread of a question after it was asked."""
    with face.core.database.read() as db:
        mark = marks.find(db, _stop_mark(heard.channel, heard.thread))
    return mark is not None and float(mark) >= float(heard.ts)


def _stop_mark(channel: str, thread_ts: str) -> str:
    return f"stopped:{channel}:{thread_ts}"
