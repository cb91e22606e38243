"""Where settings become a core: what every command that opens the store starts with."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.settings import Settings
from flywheel.core import Core
from flywheel.ports import Directory
from flywheel.store.database import Database
from flywheel.wiring import StoredDirectory, close_core, open_core

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@contextmanager
def opened(
    settings: Settings, directory: Callable[[Database], Directory] = StoredDirectory, *, warm: bool = False
) -> Iterator[Core]:
    """Open the core of these settings and close it at the end. Without a directory, stored memberships count."""
    core = open_core(settings.plan(), directory, warm=warm)
    try:
        yield core
    finally:
        close_core(core)


def log_to_terminal() -> None:
    """Log our own lines from INFO up and everybody else's from WARNING up; no library may log a request."""
    logging.basicConfig(level=logging.WARNING, format=_FORMAT)
    for name in ("flywheel", "bot"):
        logging.getLogger(name).setLevel(logging.INFO)
