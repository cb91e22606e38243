"""One conversation and its messages.

A *root* is a message of the channel itself, a *reply* has a `thread_ts` that is not its own `ts`. Slack keeps the
figures of a thread (`reply_count`, `reply_users`, `latest_reply`) on its root, so replying changes two messages.
"""

from dataclasses import dataclass
from typing import Any

from bot.simulator.errors import SlackError
from bot.simulator.people import Kind

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """What a channel is when the workspace starts."""

    id: str
    name: str
    kind: Kind = Kind.CHANNEL
    members: tuple[str, ...] = ()
    topic: str = ""


class Channel:
    """A conversation; callers hold the workspace's lock while they use it."""

    def __init__(self, spec: ChannelSpec, *, created: int) -> None:
        self.id = spec.id
        self.name = spec.name
        self.kind = spec.kind
        self.topic = spec.topic
        self.created = created
        self.members = list(spec.members)
        self.archived = False
        self.shared_with: list[str] = []
        self.messages: dict[str, Message] = {}
        self.ephemerals: list[tuple[str, Message]] = []
        self.read: dict[str, str] = {}

    @property
    def is_private(self) -> bool:
        """Whether only members know of it."""
        return self.kind != Kind.CHANNEL

    def message(self, ts: str) -> Message:
        """Return the message with this timestamp; raises SlackError message_not_found."""
        found = self.messages.get(ts)
        if found is None:
            raise SlackError("message_not_found")
        return found

    def roots(self) -> list[Message]:
        """Return what the channel itself shows, oldest first: roots and replies sent to the channel as well."""
        return [m for m in self.messages.values() if not is_reply(m) or m.get("subtype") == "thread_broadcast"]

    def thread(self, ts: str) -> list[Message]:
        """Return the root and its replies, oldest first; raises SlackError thread_not_found."""
        if ts not in self.messages:
            raise SlackError("thread_not_found")
        root = self.messages[ts].get("thread_ts", ts)
        return [m for m in self.messages.values() if m["ts"] == root or m.get("thread_ts") == root]

    def add(self, message: Message) -> None:
        """Append a message and bring its thread's figures up to date."""
        self.messages[message["ts"]] = message
        if is_reply(message):
            self._count_replies(message["thread_ts"])

    def remove(self, ts: str) -> None:
        """Delete a message; a root with replies leaves a tombstone, as in Slack."""
        message = self.message(ts)
        if message.get("reply_count"):
            kept = {k: v for k, v in message.items() if k == "thread_ts" or k.startswith(("reply_", "latest_"))}
            gone = "This message was deleted."
            stone = {
                "type": "message",
                "subtype": "tombstone",
                "user": "USLACKBOT",
                "text": gone,
                "hidden": True,
                "ts": ts,
            }
            self.messages[ts] = stone | kept
            return
        del self.messages[ts]
        if is_reply(message):
            self._count_replies(message["thread_ts"])

    def unread(self, person: str) -> int:
        """Return how many roots by others `person` has not read."""
        since = self.read.get(person, "")
        return sum(1 for m in self.roots() if m["ts"] > since and m.get("user") != person)

    def _count_replies(self, root_ts: str) -> None:
        root = self.messages[root_ts]
        replies = [m for m in self.messages.values() if m.get("thread_ts") == root_ts and m["ts"] != root_ts]
        for key in (
            "reply_count",
            "reply_users",
            "reply_users_count",
            "latest_reply",
            "thread_ts",
            "is_locked",
            "subscribed",
        ):
            root.pop(key, None)
        if not replies:
            return
        users = list(dict.fromkeys(m.get("user", "") for m in replies))
        root |= {
            "thread_ts": root_ts,
            "reply_count": len(replies),
            "reply_users": users,
            "reply_users_count": len(users),
            "latest_reply": replies[-1]["ts"],
            "is_locked": False,
            "subscribed": False,
        }


def is_reply(message: Message) -> bool:
    """Whether a message lives in a thread under another one."""
    return bool(message.get("thread_ts", message["ts"]) != message["ts"])
