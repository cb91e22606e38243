"""A person's data: out, or gone.

Forgetting deletes the rows, every release that may have learned from them and every report that may quote them, and
leaves it to the next turn to learn again from what remains.
"""

from collections.abc import Mapping
from typing import Any

from flywheel.core import Core
from flywheel.store import audit, people


def export(core: Core, person: str) -> Mapping[str, list[Mapping[str, Any]]]:
    """Return everything stored about a person, by table."""
    with core.database.read() as db:
        return people.everything_of(db, person)


def forget(core: Core, person: str) -> int:
    """Delete everything stored about a person; return how many rows were theirs."""
    with core.database.begin() as db:
        count = sum(len(rows) for rows in people.everything_of(db, person).values())
        people.forget(db, person)
        people.unlearn(db)
        audit.put(db, "terminal", "forget", "a person", core.now())
    core.database.compact()
    return count
