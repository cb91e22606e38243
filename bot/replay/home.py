"""A data folder of a replay's own: made of a data set, or of a copy of what is indexed; the real one is only read."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

from bot.indexing import take_in
from bot.settings import Settings
from flywheel.core import Core
from flywheel.errors import ConfigurationError, InvalidInput
from flywheel.learning import first_router
from flywheel.learning.remembering import RememberingEncoder
from flywheel.measurement.replay import material
from flywheel.measurement.replay.acting import ADMINISTRATOR
from flywheel.measurement.replay.clock import Clock
from flywheel.measurement.replay.weeks import Script
from flywheel.wiring import close_core, open_core, reindex

_CORPUS = "replay-corpus.jsonl"


@contextmanager
def opened(script: Script, clock: Clock, keep: Path | None, *, here: bool) -> Iterator[Core]:
    """Open a core that knows the script's material and reads its clock; `here` copies what FLYWHEEL_HOME holds.

    Raises:
        InvalidInput: the folder to keep it in is not empty.
        ConfigurationError: what is indexed cannot be copied.
    """
    with _folder(keep) as home:
        yield from _core(script, clock, home, here=here)


def _core(script: Script, clock: Clock, home: Path, *, here: bool) -> Iterator[Core]:
    settings = Settings.read()
    if here:
        _copy(settings, home)
    apart = {"flywheel_home": home, "database_url": None, "chroma_url": None, "flywheel_admins": ADMINISTRATOR}
    plan = replace(settings.model_copy(update=apart).plan(), model_server=None)
    core = open_core(plan, now=clock, rng=Random(script.seed))  # noqa: S311 - a simulation, no secret
    core = replace(core, encoder=RememberingEncoder(core.encoder, {}))
    try:
        if here:
            reindex(core, plan)
        else:
            material.write(script.material.documents, home / _CORPUS)
            take_in(core, plan, [home / _CORPUS], None)
        first_router.train(core)
        yield core
    finally:
        close_core(core)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="flywheel-replay-") as folder:
            yield Path(folder).resolve()
        return
    if keep.exists() and any(keep.iterdir()):
        raise InvalidInput(f"{keep} is not empty; name a new folder to keep the replay in")
    keep.mkdir(parents=True, exist_ok=True)
    yield keep.resolve()


def _copy(settings: Settings, home: Path) -> None:
    """Copy the database as it stands, also while a bot is writing there."""
    source = settings.home / "flywheel.db"
    if settings.database_url is not None or not source.exists():
        raise ConfigurationError("--here copies the SQLite database in FLYWHEEL_HOME, and there is none")
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(home / source.name)) as copy:
        original.backup(copy)
