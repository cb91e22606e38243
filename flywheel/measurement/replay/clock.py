"""A clock that the replay moves. It never goes back."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Clock:
    """The time of a replay, timezone-aware UTC; what `Core.now` is."""

    at: datetime

    def __call__(self) -> datetime:
        """Return the time."""
        return self.at

    def wait_until(self, moment: datetime) -> None:
        """Let time pass; a moment that is past changes nothing."""
        self.at = max(self.at, moment)
