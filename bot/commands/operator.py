"""Who acts from the terminal, and on what: the store alone, without an encoder or an index."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.commands.demo import chosen_settings

if TYPE_CHECKING:
    from flywheel.learning.release import Bare


def operator() -> str:
    """Return who acts, as the audit log names them."""
    return f"terminal:{getpass.getuser()}"


@contextmanager
def store_alone(*, demo: bool) -> "Iterator[Bare]":
    """Open the store as a `release.Registry`."""
    from flywheel.learning.release import Bare
    from flywheel.wiring import open_database, utc_now

    database = open_database(chosen_settings(demo=demo).plan())
    try:
        yield Bare(database, utc_now)
    finally:
        database.close()
