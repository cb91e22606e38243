"""Keep what the language model called topics, by a hash of the questions that it was shown.

The newest 300 names are kept, as one mark. A name is made of what people asked, so all go when somebody is forgotten.
"""

import json
from collections.abc import Mapping

from flywheel.store import marks
from flywheel.store.database import Session

_MARK = "topic-labels"
_KEPT = 300


def read(db: Session) -> dict[str, str]:
    """Return the names by hash, oldest first."""
    kept: dict[str, str] = json.loads(marks.find(db, _MARK) or "{}")
    return kept


def add(db: Session, names: Mapping[str, str]) -> None:
    """Keep these names too, in place of the oldest."""
    together = list({**read(db), **names}.items())
    marks.put(db, _MARK, json.dumps(dict(together[-_KEPT:]), ensure_ascii=False))


def forget(db: Session) -> None:
    """Delete all names."""
    marks.remove(db, [_MARK])
