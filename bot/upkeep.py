"""What the bot looks after by itself: profiles once a day, and every ten minutes bursts of votes, answers whose source
has changed, suggestions decided elsewhere, models that the watch took back or promoted, and values worse than
acceptable.

Any number of replicas may do this at once: all is harmless to repeat, and everybody is told once. What fails is logged
and keeps nothing else waiting; it comes again in the next round.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from http.client import HTTPException

from slack_sdk.errors import SlackClientError

from bot import (
    alarming,
    amending,
    breaching,
    expiring,
    joining,
    profiles,
    reading,
    releasing,
    rereading,
    scheduling,
    settling,
    suspecting,
    unasked,
    workspace_limits,
)
from bot.face import Face
from flywheel.errors import FlywheelError

EVERY_SECONDS = 600.0
PROFILES_EVERY = timedelta(days=1)

_log = logging.getLogger(__name__)


class Upkeep:
    """Looks after things at start and every ten minutes, until `stop`."""

    def __init__(self, face: Face) -> None:
        """Do nothing yet."""
        self._face = face
        self._stopping = threading.Event()
        self._refresh_at: datetime | None = None
        self._joined: str | None = None
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being done."""
        self._stopping.set()

    def once(self) -> None:
        """Do what is due now, each part on its own."""
        for part in (self._join, *_FIRST, self._refresh_profiles, *_THEN):
            if self._stopping.is_set():
                return
            self._attempt(part)

    def _attempt(self, part: Callable[[Face], object]) -> None:
        name = f"{part.__module__}.{part.__name__}"
        try:
            part(self._face)
        except (FlywheelError, SlackClientError, OSError, HTTPException) as error:
            _log.warning("%s has to wait for the next round: %s", name, error)
        except Exception:  # noqa: BLE001 - the last resort of a thread
            _log.exception("%s failed and is tried again", name)

    def _join(self, face: Face) -> None:
        """Join the channel of reports once: whoever takes the bot out means it."""
        channel = scheduling.channel(face.core.database, face.report_channel)
        if channel and channel != self._joined:
            self._joined = channel
            joining.join(face.client, channel)

    def _refresh_profiles(self, face: Face) -> None:
        now = face.core.now()
        if self._refresh_at is None or self._refresh_at <= now:
            profiles.refresh(face.client, face.core.database, face.core.now, self._stopping.wait)
            self._refresh_at = now + PROFILES_EVERY

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.once()
            self._stopping.wait(EVERY_SECONDS)


def _reread(face: Face) -> None:
    rereading.look_after(face.core)


_FIRST: tuple[Callable[[Face], object], ...] = (alarming.announce, breaching.announce, suspecting.announce)
"""Nothing may keep these waiting."""
_THEN: tuple[Callable[[Face], object], ...] = (
    reading.upkeep,
    expiring.notify,
    amending.amend,
    settling.catch_up,
    unasked.look_after,
    releasing.announce,
    workspace_limits.announce,
    _reread,
)
