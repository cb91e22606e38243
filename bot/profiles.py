"""Who is in the workspace, as their Slack profiles say, kept so that people can be named; and who asked not to be.

Addresses come only where the app has the scope `users:read.email`; without it people are told apart by name.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.face import Face
from bot.outbox import Paced, translate
from flywheel.store import expertise, profiles
from flywheel.store.database import Database
from flywheel.store.profiles import Profile

_log = logging.getLogger(__name__)
_PAGE = 200
_TIMES_A_PAGE = 5
_SLACKBOT = "USLACKBOT"


def refresh(
    client: WebClient, database: Database, now: Callable[[], datetime], wait: Callable[[float], object] = time.sleep
) -> int:
    """Ask Slack for everybody's profile and for the channels that all can join; return how many people there are.

    Slack lets about 20 pages a minute through; `wait` is called with the seconds that it asks for then.

    Raises:
        SlackClientError, OSError: Slack does not answer, or does not allow it; what was read until then is kept.
    """
    list_public = partial(client.conversations_list, types="public_channel", exclude_archived=False)
    people = sum(_keep(database, members, now()) for members in _pages(client.users_list, "members", now, wait))
    open_to_all = [
        str(channel["id"])
        for channels in _pages(list_public, "channels", now, wait)
        for channel in channels
        if not channel.get("is_private")
    ]
    with database.begin() as db:
        expertise.put_open_channels(db, open_to_all)
    return people


def profile_of(user: Mapping[str, Any]) -> Profile | None:
    """Return what Slack says of a user; None for bots and for those who have left."""
    if user.get("is_bot") or user.get("deleted") or user.get("id") == _SLACKBOT:
        return None
    said = user.get("profile") or {}
    name = said.get("real_name") or user.get("real_name") or user.get("name") or ""
    return Profile(str(user["id"]), str(name), str(said.get("title") or ""), str(said.get("email") or ""))


def name_or_not(face: Face, person: str, *, hidden: bool) -> None:
    """Keep that a person does not want to be named as knowing things, or wants to be again.

    Their profile is kept too, where Slack tells it, so that they are recognised in histories that know names alone.
    """
    profile = None
    try:
        profile = profile_of(face.client.users_info(user=person)["user"])
    except (SlackClientError, OSError, HTTPException) as error:
        _log.info("the profile of %s is not known: %s", person, error)
    with face.core.database.begin() as db:
        if profile is not None:
            profiles.put(db, profile, face.core.now())
        profiles.hide(db, person, face.core.now(), hidden=hidden)


def _keep(database: Database, members: Sequence[Mapping[str, Any]], at: datetime) -> int:
    """Store a page of users and forget those on it who have left; return how many people it has."""
    found = {str(user["id"]): profile_of(user) for user in members}
    known = [profile for profile in found.values() if profile is not None]
    with database.begin() as db:
        for profile in known:
            profiles.put(db, profile, at)
        for person in found.keys() - {profile.id for profile in known}:
            profiles.remove(db, person)
    return len(known)


def _pages(
    method: Callable[..., Any], name: str, now: Callable[[], datetime], wait: Callable[[float], object]
) -> Iterator[list[dict[str, Any]]]:
    cursor = ""
    while True:
        page = _patiently(partial(method, limit=_PAGE, cursor=cursor or None), now, wait)
        yield list(page[name])
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def _patiently(call: Callable[[], Any], now: Callable[[], datetime], wait: Callable[[float], object]) -> Any:
    """Return a page; come again when Slack says so, a few times."""
    for _ in range(_TIMES_A_PAGE - 1):
        try:
            return call()
        except SlackApiError as error:
            later = translate(error, now())
            if not isinstance(later, Paced):
                raise
            wait((later.run_at - now()).total_seconds())
    return call()
