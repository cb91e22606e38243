"""What listeners are given: the core, Slack, and a way to say things."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from bot import outbox
from bot.blocks.message import Message, note
from bot.buckets import Buckets
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


def nothing(_order: str) -> None:
    """Make no report."""


def no_page(_path: str) -> str:
    """Know no address."""
    return ""


@dataclass(frozen=True, slots=True)
class Face:
    """The bot as its listeners see it.

    `ask` answers a question, `left_or_joined` is told whose channels changed, `name_of` says what a person is called.
    `report_channel` is where reports go, if anywhere; `make_report` has the report made that an order names, and
    `page_link` makes an address under which an administrator opens a page of reports. `health` says how each part is;
    `read_again` has the source read that an order names;
    `zone` is the team's, by which its days are counted.
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
    make_report: Callable[[str], None] = nothing
    page_link: Callable[[str], str] = no_page
    health: Callable[[], Mapping[str, str]] = dict
    read_again: Callable[[str], None] = nothing
    buckets: Buckets = field(default_factory=Buckets)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))


def say(face: Face, outgoing: Outgoing) -> None:
    """Store a message; it is sent once, soon."""
    said = replace(outgoing, traceparent=face.core.tracer.current())
    with face.core.database.begin() as db:
        outbox.put(db, said, face.core.now())
    face.wake()


def tell(face: Face, person: str, message: Message | str, key: str) -> None:
    """Say something to one person in their direct messages."""
    message = note(message) if isinstance(message, str) else message
    say(face, Outgoing(key=key, message=message, person=person))
