"""Calls to Slack that only make things nicer: suggested questions, titles. None of them is ever fatal.

A workspace without agents, a plan without them or an app without the scope refuses them for good. That is said once
in the log; for a day nobody asks again. What is refused to one person, such as a guest, says nothing about the others.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.face import Face
from flywheel.store import marks

ASK_AGAIN_AFTER = timedelta(days=1)

_log = logging.getLogger(__name__)
_UNAVAILABLE = frozenset(
    {
        "unknown_method", "method_deprecated", "missing_scope", "not_allowed_token_type", "feature_not_enabled",
        "team_access_not_granted", "agents_not_enabled", "app_not_agent", "not_supported",
    }
)  # fmt: skip


def attempt(face: Face, what: str, call: Callable[[], object]) -> bool:
    """Make a call that may be refused; return whether Slack took it. `what` is the method's name."""
    now, name = face.core.now(), f"unavailable:{what}"
    with face.core.database.read() as db:
        since = marks.find(db, name)
    if since is not None and now - datetime.fromisoformat(since) < ASK_AGAIN_AFTER:
        return False
    try:
        call()
    except SlackApiError as error:
        _note(face, name, str(error.response.get("error")), is_first=since is None)
        return False
    except (SlackClientError, OSError, HTTPException) as error:
        _log.info("%s did not work this time: %s", what, error)
        return False
    if since is not None:
        with face.core.database.begin() as db:
            marks.remove(db, [name])
    return True


def _note(face: Face, name: str, reason: str, *, is_first: bool) -> None:
    if reason not in _UNAVAILABLE:
        _log.debug("%s: %s", name, reason)
        return
    if is_first:
        _log.info("%s is not available in this workspace (%s); everything else works without it", name, reason)
    with face.core.database.begin() as db:
        marks.put(db, name, face.core.now().isoformat())
