"""Channels whose talk is knowledge, as Slack last described them, and how far their history has been read.

Whether a channel is read at all is its setting (`ChannelSettings.read_since`); this is what reading it takes.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flywheel.model import PUBLIC
from flywheel.store import marks
from flywheel.store.database import Session

_MARK = "reading:"


@dataclass(frozen=True, slots=True)
class Followed:
    """A channel that is read. `address` is the workspace's, with a slash at its end; empty where it is not known.

    `is_open` says that every member of the company may look in. `run` names the pass over its history that is under
    way or was the last. Up to `reached`, and as a whole at `whole`, it agreed with Slack; both are Unix seconds.
    """

    channel: str
    name: str
    is_open: bool
    address: str = ""
    run: str = ""
    reached: float = 0.0
    whole: float = 0.0

    @property
    def access(self) -> frozenset[str]:
        """Return who may read what is said there: everybody, or the members of the channel."""
        return frozenset({PUBLIC if self.is_open else f"channel:{self.channel}"})

    @property
    def source(self) -> str:
        """Return the name of the source that its documents come from."""
        return f"slack:{self.channel}"


def find(db: Session, channel: str) -> Followed | None:
    """Return what is known of a channel that is read, or None."""
    said = marks.find(db, f"{_MARK}{channel}")
    return Followed(**json.loads(said)) if said else None


def every(db: Session) -> frozenset[str]:
    """Return the channels that are read."""
    return frozenset(name.removeprefix(_MARK) for name in marks.beginning(db, _MARK))


def put(db: Session, one: Followed) -> None:
    """Keep what is known of a channel."""
    marks.put(db, f"{_MARK}{one.channel}", json.dumps(asdict(one)))


def remove(db: Session, channels: Sequence[str]) -> None:
    """Forget what was known of channels."""
    marks.remove(db, [f"{_MARK}{one}" for one in channels])
