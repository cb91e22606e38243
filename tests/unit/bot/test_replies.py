"""A thread is read to its end, however few messages Slack gives at once."""

from typing import Any

from slack_sdk import WebClient

from bot import replies


class Threads(WebClient):
    """Gives a thread of seven messages in pages of three, its first message on each."""

    def conversations_replies(self, *, cursor: str | None = None, **_: Any) -> Any:
        """Return a page."""
        start = int(cursor or 1)
        page = [{"ts": f"{one}.0"} for one in (0, *range(start, min(start + 3, 7)))]
        return {"messages": page, "response_metadata": {"next_cursor": str(start + 3) if start + 3 < 7 else ""}}


def test_every_page_is_read_and_the_first_message_stands_there_once() -> None:
    said = replies.read(Threads(), "C1", "0.0")

    assert [one["ts"] for one in said] == [f"{number}.0" for number in range(7)]
