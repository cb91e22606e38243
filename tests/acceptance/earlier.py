"""Run a flywheel command some days ago: `python -m tests.acceptance.earlier DAYS run`.

The product has one clock outside its tests; this moves it back and leaves everything else alone.
"""

import sys
from datetime import datetime, timedelta, tzinfo

import bot.cli
import flywheel.wiring


def main() -> None:
    """Take the days from the command line, and leave the rest to the command."""
    days = timedelta(days=float(sys.argv.pop(1)))

    class Earlier(datetime):
        """The calendar as it was."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Earlier":
            """Return the time so many days ago."""
            then = datetime.now(tz) - days
            return cls.fromtimestamp(then.timestamp(), tz)

    vars(flywheel.wiring)["datetime"] = Earlier
    bot.cli.main()


if __name__ == "__main__":
    main()
