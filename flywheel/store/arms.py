"""Which release of each learner serves a question, read in one small statement.

A *canary* serves a share of the persons; all others, its *control*, are served by its parent. A person's arm is the
hash of the person and the release, so it stays the same at each question and is drawn anew for each canary. A question
that belongs to nobody sees the canary.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select, type_coerce
from sqlalchemy.types import NullType

from flywheel.errors import ArtefactError
from flywheel.store.direct import Reader
from flywheel.store.learning_tables import ReleaseRow
from flywheel.store.shelf import shelf

LARGE = frozenset({"router"})
"""Learners whose artefacts are megabytes: read once per release (`serving_id`, `find`), not at each question."""


@dataclass(frozen=True, slots=True)
class Champion:
    """What serves for a learner, as far as a question needs it: parameters without their evidence.

    Two with the same id are equal, since the id is the hash of everything else.
    """

    id: str
    learner: str = field(compare=False)
    artefact: Mapping[str, object] = field(compare=False)


def bucket(person: str, release_id: str) -> float:
    """Return where a person falls for a release: uniform in [0, 1), always the same."""
    digest = hashlib.sha256(f"{release_id}:{person}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def sees(person: str | None, release_id: str, share: float) -> bool:
    """Tell whether a person is served by a release that serves this share of all persons."""
    return share >= 1 or person is None or bucket(person, release_id) < share


def identity(learner: str, artefact: Mapping[str, object]) -> str:
    """Return the content hash (64 hexadecimal digits) that is the id of this artefact's release.

    Raises:
        ArtefactError: the artefact is not plain JSON, or holds a number that is not finite.
    """
    try:
        content = json.dumps({"artefact": dict(artefact), "learner": learner}, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ArtefactError(f"the artefact of {learner} is not plain, finite JSON: {error}") from error
    return hashlib.sha256(content.encode()).hexdigest()


def champions(db: Reader, person: str | None = None) -> dict[str, Champion]:
    """Return what serves a person, by learner, but for `LARGE` learners; in one statement once they are in memory.

    One that was changed behind the registry's back comes as it is stored, so that it stops no other: see `verify`.
    """
    served = {learner: _arm(person, *arms) for learner, *arms in db.execute(_arms(), {"large": sorted(LARGE)})}
    wanted = {learner: one for learner, one in served.items() if one is not None}
    missing = [one for one in wanted.values() if shelf().find(one) is None]
    read = _read(db, missing) if missing else {}
    kept = {learner: shelf().find(one) or read.get(one) for learner, one in wanted.items()}
    return {learner: Champion(wanted[learner], learner, found) for learner, found in kept.items() if found is not None}


def serving_id(db: Reader, learner: str, person: str | None = None) -> str | None:
    """Return the id of the release of a learner that serves a person, or None."""
    rows = list(db.execute(_arms_of(), {"learner": learner}))
    return _arm(person, *rows[0]) if rows else None


def _arm(person: str | None, release_id: str, share: float, parent: str | None) -> str | None:
    return release_id if sees(person, release_id, share) else parent


def _read(db: Reader, release_ids: Sequence[str]) -> dict[str, Mapping[str, object]]:
    """Read artefacts, and keep in memory those that are what their ids say."""
    found: dict[str, Mapping[str, object]] = {}
    for one, learner, artefact in db.execute(_artefacts(), {"ids": list(release_ids)}):
        found[one] = artefact
        if identity(learner, artefact) == one:
            shelf().put(one, artefact)
    return found


@cache
def _arms() -> Select[str, str, float, str | None]:
    release, parent = ReleaseRow.__table__.alias(), ReleaseRow.__table__.alias()
    small = release.c.learner.not_in(bindparam("large", expanding=True))
    joined = release.outerjoin(parent, parent.c.id == release.c.parent)
    columns = (release.c.learner, release.c.id, _bare(release.c.share), parent.c.id)
    return select(*columns).select_from(joined).where(release.c.serving, small)


@cache
def _arms_of() -> Select[str, float, str | None]:
    release, parent = ReleaseRow.__table__.alias(), ReleaseRow.__table__.alias()
    joined = release.outerjoin(parent, parent.c.id == release.c.parent)
    columns = (release.c.id, _bare(release.c.share), parent.c.id)
    return select(*columns).select_from(joined).where(release.c.serving, release.c.learner == bindparam("learner"))


def _bare(number: ColumnElement[float]) -> ColumnElement[Any]:
    """Return a number as the driver gives it; SQLAlchemy would look at each row of Postgres for how to decode it."""
    return type_coerce(number, NullType())


@cache
def _artefacts() -> Select[str, str, dict[str, object]]:
    release = ReleaseRow.__table__.c
    return select(release.id, release.learner, release.artefact).where(release.id.in_(bindparam("ids", expanding=True)))
