"""What the bot looks after by itself: profiles once a day, and every ten minutes bursts of votes, answers whose source
has changed, suggestions decided elsewhere, models that the watch took back or promoted, and values worse than
acceptable.

Any number of replicas may do this at once: all is harmless to repeat, and everybody is told once.
"""

import logging
import threading
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
    settling,
    suspecting,
    unasked,
    workspace_limits,
)
from bot.face import Face

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
        self._has_joined = False
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being done."""
        self._stopping.set()

    def once(self) -> None:
        """Do what is due now."""
        now = self._face.core.now()
        if not self._has_joined and self._face.report_channel:  # once: whoever takes the bot out means it
            joining.join(self._face.client, self._face.report_channel)
        self._has_joined = True
        alarming.announce(self._face)  # first: nothing may keep it waiting
        breaching.announce(self._face)
        suspecting.announce(self._face)
        if self._refresh_at is None or self._refresh_at <= now:
            face = self._face
            profiles.refresh(face.client, face.core.database, face.core.now, self._stopping.wait)
            self._refresh_at = now + PROFILES_EVERY
        reading.upkeep(self._face)
        expiring.notify(self._face)
        amending.amend(self._face)
        settling.catch_up(self._face)
        unasked.look_after(self._face)
        releasing.announce(self._face)
        workspace_limits.announce(self._face)
        rereading.look_after(self._face.core)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.once()
            except (SlackClientError, OSError, HTTPException) as error:
                _log.warning("profiles or notices have to wait: %s", error)
            except Exception:  # noqa: BLE001 - the last resort of a thread
                _log.exception("the upkeep failed and is tried again")
            self._stopping.wait(EVERY_SECONDS)
