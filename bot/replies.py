"""A thread as Slack has it: its first message and its replies, oldest first.

Surprising: Slack gives threads from their beginning, and may give fewer messages at once than it was asked for. So the
newest replies of a long thread stand on the last of several pages.
"""

from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient

_PAGE = 200
_MOST_PAGES = 10


def read(client: WebClient, channel: str, ts: str, *, before: str | None = None) -> list[Mapping[str, Any]]:
    """Return the messages of the thread that begins at `ts`, of a very long one the first two thousand.

    `before` leaves out what is not older than this timestamp.

    Raises:
        SlackClientError, OSError: Slack does not let it be read.
    """
    window: dict[str, Any] = {"latest": before, "inclusive": False} if before else {}
    found: dict[str, Mapping[str, Any]] = {}
    cursor = None
    for _ in range(_MOST_PAGES):
        page: Any = client.conversations_replies(channel=channel, ts=ts, limit=_PAGE, cursor=cursor, **window)
        found |= {str(message["ts"]): message for message in page["messages"]}
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            break
    return [found[one] for one in sorted(found, key=float)]
