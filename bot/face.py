"""What listeners are given: the core, Slack, and a way to say things."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from slack_sdk import WebClient

from bot import outbox
from bot.blocks.message import Message, note
from bot.identity import Identity
from bot.outbox import Outgoing
from flywheel.answering.ask import Asking
from flywheel.core import Core
from flywheel.model import Answer

DEFAULT_REACTIONS: Mapping[str, str] = {
    "+1": "up",
    "thumbsup": "up",
    "white_check_mark": "up",
    "heavy_check_mark": "up",
    "100": "up",
    "heart": "up",
    "tada": "up",
    "-1": "down",
    "thumbsdown": "down",
    "x": "down",
    "no_entry_sign": "down",
}
"""Reactions that count as a vote; every other one is stored as what it is."""


@dataclass(frozen=True, slots=True)
class Face:
    """The bot as its listeners see it.

    `ask` answers a question, `left_or_joined` is told whose channels changed, `name_of` says what a person is called.
    `report_channel` is where reports go, if anywhere.
    """

    core: Core
    client: WebClient
    identity: Identity
    ask: Callable[[Core, Asking], Answer]
    wake: Callable[[], None]
    left_or_joined: Callable[[str], None]
    name_of: Callable[[str], str] = str
    command: str = "/ask"
    reactions: Mapping[str, str] = field(default_factory=lambda: DEFAULT_REACTIONS)
    report_channel: str | None = None


def say(face: Face, outgoing: Outgoing) -> None:
    """Store a message; it is sent once, soon."""
    with face.core.database.begin() as db:
        outbox.put(db, outgoing, face.core.now())
    face.wake()


def tell(face: Face, person: str, message: Message | str, key: str) -> None:
    """Say something to one person in their direct messages."""
    message = note(message) if isinstance(message, str) else message
    say(face, Outgoing(key=key, message=message, person=person))
