"""What people are to the company: members, guests and partners, deactivated, or bots.

A few people are asked about one by one, many by one pass over the workspace. Both are remembered for fifteen minutes,
cut short by `user_change`. Guests and deactivated people are also stored, for commands that run without Slack.

A server that is not Slack's may lack these methods: then it knows no guests either, and everybody is a member.

A pass does not list everybody: partners (Slack Connect) may be missing from it. Of many who are missing some stay
unknown, and who is unknown is treated as somebody from outside.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from flywheel.ports import Standing
from flywheel.store import members
from flywheel.store.database import Database

FRESH_FOR = timedelta(minutes=15)
MOST_ASKED_SINGLY = 20

_PAGE = 1_000
_SLACKBOT = "USLACKBOT"
_NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found"})


@dataclass(frozen=True, slots=True)
class Known:
    """What Slack said of somebody, and until when it counts."""

    standing: Standing
    is_bot: bool
    until: datetime


@dataclass(frozen=True, slots=True)
class _Team:
    id: str
    bot: str
    enterprise: str = ""


@dataclass(slots=True)
class _Memory:
    """What is remembered; guarded by the lock of its owner."""

    people: dict[str, Known] = field(default_factory=dict)
    team: _Team | None = None
    changes: int = 0


class Standings:
    """Asks Slack who people are. Failures are Slack's own exceptions."""

    def __init__(self, client: WebClient, database: Database, now: Callable[[], datetime]) -> None:
        """Ask nothing yet."""
        self._client = client
        self._database = database
        self._now = now
        self._lock = threading.Lock()
        self._memory = _Memory()

    def of(self, people: Collection[str]) -> Mapping[str, Known]:
        """Return what each of these people is.

        Raises:
            SlackClientError, OSError, HTTPException: Slack does not say, so nothing is known of some.
        """
        at, found = self._now(), self._remembered(people)
        missing = [one for one in people if one not in found]
        most = MOST_ASKED_SINGLY
        if len(missing) > MOST_ASKED_SINGLY:
            everybody = self._everybody(at)
            most = len(missing) if everybody is None else most
            found |= {one: everybody[one] for one in missing if one in everybody} if everybody else {}
            missing = [one for one in missing if one not in found]
        changes = self._memory.changes
        asked = {one: self._ask(one, at) for one in sorted(missing)[:most]}
        self._remember(asked, changes)
        unknown = Known(Standing.UNKNOWN, is_bot=False, until=at)
        return found | {one: asked.get(one, unknown) for one in missing}

    def forget(self, person: str) -> None:
        """Ask again next time."""
        with self._lock:
            self._memory.changes += 1
            self._memory.people.pop(person, None)

    def own_id(self) -> str:
        """Return the bot's own user id.

        Raises:
            SlackClientError, OSError, HTTPException: Slack does not say.
        """
        return self._own_team().bot

    def _remembered(self, people: Collection[str]) -> dict[str, Known]:
        now = self._now()
        with self._lock:
            known = {one: self._memory.people[one] for one in people if one in self._memory.people}
        return {one: said for one, said in known.items() if said.until > now}

    def _everybody(self, at: datetime) -> Mapping[str, Known] | None:
        """Return what everybody listed is; None of a server that lists nobody."""
        changes = self._memory.changes
        team, found, cursor = self._own_team(), dict[str, Known](), ""
        while True:
            try:
                page: Any = self._client.users_list(limit=_PAGE, cursor=cursor or None)
            except SlackApiError as error:
                if is_lacking(error):
                    return None
                raise
            found |= {str(user["id"]): _known(user, team, at) for user in page["members"]}
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                self._remember(found, changes)
                return found

    def _ask(self, person: str, at: datetime) -> Known:
        team = self._own_team()
        try:
            user: Mapping[str, Any] = self._client.users_info(user=person)["user"]
        except SlackApiError as error:
            if is_lacking(error):
                return Known(Standing.MEMBER, is_bot=False, until=at + FRESH_FOR)
            if error.response.get("error") in _NOBODY:
                return Known(Standing.UNKNOWN, is_bot=False, until=at + FRESH_FOR)
            raise
        return _known(user, team, at)

    def _own_team(self) -> _Team:
        with self._lock:
            team = self._memory.team
        if team is None:
            said: Any = self._client.auth_test()
            team = _Team(str(said["team_id"]), str(said["user_id"]), str(said.get("enterprise_id") or ""))
            with self._lock:
                self._memory.team = team
        return team

    def _remember(self, found: Mapping[str, Known], changes: int) -> None:
        with self._lock:
            if changes != self._memory.changes:  # it may have been said before somebody changed
                return
            self._memory.people |= found
        keep(self._database, ((person, said.standing) for person, said in found.items()))


def is_lacking(error: SlackApiError) -> bool:
    """Tell whether a server said that it has no such method."""
    return bool(error.response.get("error") == "unknown_method")


def keep(database: Database, standings: Iterable[tuple[str, Standing]]) -> None:
    """Store who is a guest or gone, and that others are not any more."""
    with database.read() as db:
        stored = members.standings(db)
    unusual = {Standing.GUEST, Standing.GONE}
    changed = [(one, what) for one, what in standings if stored.get(one) is not (what if what in unusual else None)]
    if not changed:
        return
    with database.begin() as db:
        for person, standing in changed:
            members.put_standing(db, person, standing)


def _known(user: Mapping[str, Any], team: _Team, at: datetime) -> Known:
    is_bot = bool(user.get("is_bot")) or user.get("id") == _SLACKBOT
    return Known(standing_in(team.id, user, team.enterprise), is_bot, at + FRESH_FOR)


def standing_in(team: str, user: Mapping[str, Any], enterprise: str = "") -> Standing:
    """Return what a user object says of somebody's standing in a workspace, which may be part of an enterprise.

    Source: docs.slack.dev, reference/objects/user-object.
    """
    if user.get("deleted"):
        return Standing.GONE
    if any(user.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger")):
        return Standing.GUEST
    theirs = (user.get("enterprise_user") or {}).get("enterprise_id", "")
    is_ours = user.get("team_id", team) == team or (theirs and theirs == enterprise)
    return Standing.MEMBER if is_ours else Standing.GUEST
