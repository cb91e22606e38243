"""A person's data: out, or gone.

Forgetting deletes the rows, what was made of them, and every release, report and training that may hold something of
them. Whoever forgets turns the wheel afterwards, so that what remains is learned again: measuring and learning stand
after this station of the loop. A turn or training that runs meanwhile loses its row, and stores nothing.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flywheel.core import Core
from flywheel.knowledge.slack_days import bring_up_to_date
from flywheel.store import audit, people, talk, unlearning
from flywheel.store.unlearning import Taken


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows were a person's, and what was taken back: None where nothing can have been learned from them."""

    rows: int
    taken: Taken | None


def export(core: Core, person: str) -> Mapping[str, list[Mapping[str, Any]]]:
    """Return everything stored about a person, by table."""
    with core.database.read() as db:
        return people.everything_of(db, person)


def forget(core: Core, person: str, folders: Iterable[Path] = ()) -> Forgotten:
    """Delete everything stored about a person and everything learned from them.

    `folders` hold the files of trainings, each in a folder or file named after the training or the release; those of
    what is taken back go, and what nothing refers to.
    """
    with core.database.begin() as db:
        count = sum(len(rows) for rows in people.everything_of(db, person).values())
        days = talk.days_of(db, person, people.mention(db, person))
        since = unlearning.first_act(db, person)
        people.forget(db, person)
        taken = None if since is None else unlearning.take_back(db, since)
        kept = unlearning.referred_to(db)
        audit.put(db, "terminal", "forget", "a person", core.now())
    for channel, day in sorted(days):  # what others said in talk that this person took part in
        bring_up_to_date(core, channel, day)
    if taken is not None:
        _remove_files(folders, kept)
    core.database.compact()
    return Forgotten(count, taken)


def _remove_files(folders: Iterable[Path], kept: str) -> None:
    """Delete what lies in these folders under a name that nothing kept refers to."""
    for folder in folders:
        for found in sorted(folder.iterdir()) if folder.is_dir() else ():
            if found.name not in kept:
                _remove(found)


def _remove(found: Path) -> None:
    """Delete a file or folder, out of the way first: a training that still runs in it finds it gone and stops."""
    aside = found.rename(found.with_name(f".gone-{found.name}"))
    if aside.is_dir() and not aside.is_symlink():
        shutil.rmtree(aside)
    else:
        aside.unlink()
