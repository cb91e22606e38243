"""A language model that writes what it is told to, piece by piece, and a workplace whose answers it writes."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk import WebClient

from bot.app import Bot
from bot.face import Face
from bot.identity import Identity
from flywheel.answering.ask import ask
from flywheel.core import Core
from flywheel.ports import ChatMessage
from flywheel.store import jobs
from flywheel.store.jobs import JobState
from tests.integration.bot.world import People, workplace

VPN = "<@UBOT> how do I get on the VPN?"
SENTENCE = "To get on the VPN, install the Office-2 profile from the self service portal [1]. "


class AheadClock:
    """The time of day, which may be set ahead."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        """Return the time."""
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._ahead += timedelta(seconds=seconds)


@dataclass
class Writer:
    """A `LanguageModel` that yields pieces; before piece n it calls `before(n)`, which may wait or raise."""

    pieces: Sequence[str] = (SENTENCE,)
    before: Callable[[int], None] = lambda _: None
    name: str = "writer"
    replies: list[int] = field(default_factory=list)

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int) -> Iterator[str]:
        """Yield the pieces."""
        self.replies.append(1)
        for number, piece in enumerate(self.pieces):
            self.before(number)
            yield piece


class Gate:
    """Lets a writer wait at a piece until the test lets it go on."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.reached = threading.Event()
        self.open = threading.Event()

    def __call__(self, number: int) -> None:
        """Wait at the piece."""
        if number == self._at:
            self.reached.set()
            self.open.wait(15)


@contextmanager
def writing(core: Core, writer: Writer, **parts: Any) -> Iterator[tuple[People, Bot]]:
    """Run a workspace with a bot whose answers a model writes."""
    with workplace(replace(core, language_model=writer, **parts)) as place:
        yield place


def face_of(core: Core, **parts: Any) -> Face:
    """Return a bot's face towards a workspace that nobody reaches."""
    return Face(core, WebClient(), Identity("T1", "UBOT", "B1"), ask, lambda: None, print, **parts)


def settled(core: Core) -> bool:
    """Tell whether everything that was said is handled and everything there was to say is sent."""
    with core.database.read() as db:
        waiting = [*jobs.beginning(db, "answer:"), *jobs.beginning(db, "post:"), *jobs.beginning(db, "event:")]
    return bool(waiting) and all(job.state is JobState.DONE for job in waiting)
