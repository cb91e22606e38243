"""Who is where, asked of Slack and remembered; member events cut that short.

    a person's channels    five minutes
    a channel's members    not at all where one page holds them: somebody may join between a question and its answer;
                           five minutes where they take several pages
    a channel's reach      five minutes
    what people are        `bot/standings.py`

Deny by default: somebody Slack does not know, and everybody while Slack does not answer, is in no channel; a channel
that Slack does not show has nobody of the company in it. Whoever asks for the members of a channel while Slack does not
answer hears so: they are tried again, not told less. A failure is not remembered.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.standings import Standings, is_lacking
from flywheel.errors import MembersUnknown
from flywheel.ports import Reach, Standing
from flywheel.store import members
from flywheel.store.database import Database

FRESH_FOR = timedelta(minutes=5)

_log = logging.getLogger(__name__)
_TYPES = "public_channel,private_channel"
_PAGE = 200
_PAGE_OF_MEMBERS = 1_000
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Said:
    """What Slack said about an id, and until when it counts."""

    until: datetime
    what: Any


class SlackDirectory:
    """The `Directory` of a real workspace; what it learns is also stored, for questions from outside Slack."""

    def __init__(self, client: WebClient, database: Database, now: Callable[[], datetime]) -> None:
        """Ask nothing yet."""
        self._client = client
        self._database = database
        self._now = now
        self._standings = Standings(client, database, now)
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], _Said] = {}
        self._changes = 0

    def channels_of(self, person: str) -> frozenset[str]:
        """Return the ids of the channels whose members include this person."""
        try:
            return self._remembered("channels", person, self._ask_channels)
        except (SlackClientError, OSError, HTTPException) as error:
            _log.warning("the channels of %s are not known, so none count: %s", person, error)
            return frozenset()

    def members_of(self, channel: str) -> frozenset[str] | None:
        """Return the people in a channel, bots left out; None of a server that keeps no lists of members.

        Raises:
            MembersUnknown: Slack does not say now.
        """
        with _translated(channel):
            everybody = self._remembered("members", channel, self._ask_members)
            if everybody is None:
                return None
            known = self._standings.of(everybody - {self._standings.own_id()})
        return frozenset(one for one, said in known.items() if not said.is_bot)

    def standing_of(self, person: str) -> Standing:
        """Return what a person is to the company.

        Raises:
            MembersUnknown: Slack does not say now.
        """
        with _translated(person):
            return self._standings.of([person])[person].standing

    def reach_of(self, channel: str) -> Reach:
        """Return who may read a channel besides its members.

        Raises:
            MembersUnknown: Slack does not say now.
        """
        with _translated(channel):
            return self._remembered("reach", channel, self._ask_reach)

    def forget(self, changed: str) -> None:
        """Ask again next time: a person has joined, left or changed, or a channel has."""
        with self._lock:
            self._changes += 1
            for what in ("channels", "members", "reach"):
                self._known.pop((what, changed), None)
        self._standings.forget(changed)

    def _remembered(self, what: str, of: str, ask: Callable[[str], tuple[T, timedelta]]) -> T:
        with self._lock:
            known, changes = self._known.get((what, of)), self._changes
        asked_at = self._now()
        if known is not None and known.until > asked_at:
            remembered: T = known.what
            return remembered
        said, fresh_for = ask(of)
        with self._lock:
            if changes == self._changes:  # else it may have been answered before somebody left
                self._known[what, of] = _Said(asked_at + fresh_for, said)
        return said

    def _ask_channels(self, person: str) -> tuple[frozenset[str], timedelta]:
        at = self._now()
        found: set[str] = set()
        for page in _pages(self._client.users_conversations, user=person, types=_TYPES, exclude_archived=True):
            found.update(str(channel["id"]) for channel in page["channels"])
        with self._database.begin() as db:
            members.replace(db, person, found, at)
        return frozenset(found), FRESH_FOR

    def _ask_members(self, channel: str) -> tuple[frozenset[str] | None, timedelta]:
        try:
            pages = list(_pages(self._client.conversations_members, channel=channel, limit=_PAGE_OF_MEMBERS))
        except SlackApiError as error:
            return (None, FRESH_FOR) if is_lacking(error) else _nowhere(error, frozenset())
        found = frozenset(str(person) for page in pages for person in page["members"])
        return found, FRESH_FOR if len(pages) > 1 else timedelta()

    def _ask_reach(self, channel: str) -> tuple[Reach, timedelta]:
        try:
            said: Any = self._client.conversations_info(channel=channel)["channel"]
        except SlackApiError as error:
            return (Reach.COMPANY, FRESH_FOR) if is_lacking(error) else _nowhere(error, Reach.OUTSIDE)
        if said.get("is_ext_shared"):
            return Reach.OUTSIDE, FRESH_FOR
        is_closed = said.get("is_private") or said.get("is_mpim") or said.get("is_im")
        return Reach.NOBODY if is_closed else Reach.COMPANY, FRESH_FOR


def _nowhere(error: SlackApiError, denied: T) -> tuple[T, timedelta]:
    """Return what counts for a channel that Slack does not show; raise what else went wrong."""
    if error.response.get("error") != "channel_not_found":
        raise error
    return denied, timedelta()


@contextmanager
def _translated(about: str) -> Iterator[None]:
    try:
        yield
    except (SlackClientError, OSError, HTTPException) as error:
        raise MembersUnknown(f"Slack does not say now who is who in {about}: {error}") from error


def _pages(method: Callable[..., Any], limit: int = _PAGE, **asked: Any) -> Iterator[Any]:
    cursor = ""
    while True:
        page = method(**asked, limit=limit, cursor=cursor or None)
        yield page
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return
