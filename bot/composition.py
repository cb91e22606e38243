"""Where settings become a core: what every command that opens the store starts with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.settings import Settings
from flywheel.core import Core
from flywheel.ports import Directory
from flywheel.store.database import Database
from flywheel.wiring import StoredDirectory, close_core, open_core


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
