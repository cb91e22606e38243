"""Keep releases: learned models, their evidence, and which one of each learner serves.

A release's id is the hash of its content (`identity`), checked when it is written and each time it is read. At most
one release of a learner serves; none means that the built-in defaults do. `parent` is the champion it replaced, which
is what a roll-back brings back.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, delete, select, update
from sqlalchemy.orm import defer

from flywheel.errors import ArtefactError, NotFound
from flywheel.registry import Outcome, Release
from flywheel.store.database import Session
from flywheel.store.direct import Reader
from flywheel.store.learning_tables import ReleaseRow

LARGE = frozenset({"router"})
"""Learners whose artefacts are megabytes: read once per release (`serving_id`, `find`), not at each question."""


@dataclass(frozen=True, slots=True)
class Champion:
    """What serves for a learner, as far as a question needs it: parameters without their evidence."""

    id: str
    learner: str
    artefact: Mapping[str, object]


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


def serving(db: Session, learner: str) -> Release | None:
    """Return the release of a learner that serves, or None: then its built-in default does.

    Raises:
        ArtefactError: the stored parameters are not those that were released.
    """
    row = db.scalar(select(ReleaseRow).where(ReleaseRow.learner == learner, ReleaseRow.serving))
    return None if row is None else _verified(row)


def champions(db: Reader) -> dict[str, Champion]:
    """Return what serves, by learner, in one statement, but for `LARGE` ones.

    They are unverified, so that one broken release stops no other.
    """
    rows = db.execute(_champions(), {"large": sorted(LARGE)})
    return {learner: Champion(one, learner, artefact) for one, learner, artefact in rows}


def serving_id(db: Reader, learner: str) -> str | None:
    """Return the id of the release of a learner that serves, or None."""
    rows = list(db.execute(_serving_id(), {"learner": learner}))
    return str(rows[0][0]) if rows else None


def find(db: Session, release_id: str) -> Release | None:
    """Return one release.

    Raises:
        ArtefactError: the stored parameters are not those that were released.
    """
    row = db.get(ReleaseRow, release_id)
    return None if row is None else _verified(row)


def history(db: Session, learner: str | None = None, limit: int = 50) -> list[Release]:
    """Return the newest releases first, those held and rolled back included; of all learners without a name.

    The artefacts of `LARGE` learners are left out: a list of them would be a hundred megabytes. `find` has them.
    """
    query = (
        select(ReleaseRow)
        .options(defer(ReleaseRow.artefact))
        .order_by(ReleaseRow.created_at.desc(), ReleaseRow.id)
        .limit(limit)
    )
    if learner is not None:
        query = query.where(ReleaseRow.learner == learner)
    return [_value(row, None if row.learner not in LARGE else {}) for row in db.scalars(query)]


def superseded(db: Session, learner: str, origin: str) -> list[str]:
    """Return the ids of a learner's releases of an origin that served once and that nothing can go back to."""
    kept = {champion.parent for champion in db.scalars(_serving_rows(learner))}
    wanted = select(ReleaseRow.id, ReleaseRow.evidence).where(
        ReleaseRow.learner == learner, ~ReleaseRow.serving, ReleaseRow.outcome == Outcome.RELEASED.value
    )
    return [one for one, evidence in db.execute(wanted) if one not in kept and evidence.get("origin") == origin]


def remove(db: Session, release_ids: Sequence[str]) -> None:
    """Delete releases that do not serve; one that descends from them keeps their id as its parent."""
    db.execute(delete(ReleaseRow).where(ReleaseRow.id.in_(release_ids), ~ReleaseRow.serving))


def put(db: Session, release: Release, turn_id: str | None = None) -> Release:
    """Store a release that does not serve yet, and return what is stored.

    The same content is stored once. One that was held before gets the newer evidence; one that has served keeps the
    evidence it was released with. `promote` makes it serve.

    Raises:
        ArtefactError: the id is not the content's hash (see `identity`).
    """
    verify(release)
    row = db.get(ReleaseRow, release.id) or ReleaseRow(id=release.id, outcome=Outcome.HELD.value, serving=False)
    if row.outcome == Outcome.HELD:
        row.learner, row.artefact, row.evidence = release.learner, dict(release.artefact), dict(release.evidence)
        row.snapshot, row.parent, row.created_at = release.snapshot, release.parent, release.created_at
        row.outcome, row.turn_id = release.outcome.value, turn_id
    db.add(row)
    db.flush()
    return _verified(row)


def promote(db: Session, release_id: str) -> Release:
    """Make a release the champion of its learner; the one that served becomes its parent.

    Going back to a release that the champion descends from leaves its parent as it was, so that parents never form
    a ring.

    Raises:
        NotFound: there is no such release.
        ArtefactError: the stored parameters are not those that were released.
    """
    row = db.get(ReleaseRow, release_id)
    if row is None:
        raise NotFound(f"there is no release {release_id}")
    _verified(row)
    champion = _lock_serving(db, row.learner)
    if champion is not None and release_id not in _line(db, champion):
        row.parent = champion.id
    _serve(db, row.learner, row)
    row.outcome = Outcome.RELEASED.value
    db.flush()
    return _value(row)


def roll_back(db: Session, learner: str) -> Release | None:
    """Take the champion out of service and return the one that serves now: its parent, or None for the defaults.

    Raises:
        NotFound: no release of this learner serves.
    """
    champion = _lock_serving(db, learner)
    if champion is None:
        raise NotFound(f"no release of {learner} serves, so there is nothing to roll back")
    parent = db.get(ReleaseRow, champion.parent) if champion.parent else None
    champion.outcome = Outcome.ROLLED_BACK.value
    _serve(db, learner, parent)
    return None if parent is None else _verified(parent)


@cache
def _champions() -> Select[str, str, dict[str, object]]:
    release = ReleaseRow.__table__.c
    small = release.learner.not_in(bindparam("large", expanding=True))
    return select(release.id, release.learner, release.artefact).where(release.serving, small)


@cache
def _serving_id() -> Select[str]:
    release = ReleaseRow.__table__.c
    return select(release.id).where(release.serving, release.learner == bindparam("learner"))


def _lock_serving(db: Session, learner: str) -> ReleaseRow | None:
    rows = db.scalars(select(ReleaseRow).where(ReleaseRow.learner == learner).with_for_update()).all()
    return next((row for row in rows if row.serving), None)


def _serve(db: Session, learner: str, row: ReleaseRow | None) -> None:
    db.flush()
    db.execute(update(ReleaseRow).where(ReleaseRow.learner == learner, ReleaseRow.serving).values(serving=False))
    if row is not None:
        row.serving = True
    db.flush()


def _line(db: Session, row: ReleaseRow) -> set[str]:
    line: set[str] = set()
    current: ReleaseRow | None = row
    while current is not None and current.id not in line:
        line.add(current.id)
        current = db.get(ReleaseRow, current.parent) if current.parent else None
    return line


def _verified(row: ReleaseRow) -> Release:
    release = _value(row)
    verify(release)
    return release


def verify(release: Release | Champion) -> None:
    """Compare a release with its id.

    Raises:
        ArtefactError: the parameters are not those that were released.
    """
    expected = identity(release.learner, release.artefact)
    if release.id != expected:
        raise ArtefactError(f"release {release.id} of {release.learner} has the content of {expected}")


def _serving_rows(learner: str) -> Select[ReleaseRow]:
    return (
        select(ReleaseRow).options(defer(ReleaseRow.artefact)).where(ReleaseRow.learner == learner, ReleaseRow.serving)
    )


def _value(row: ReleaseRow, artefact: Mapping[str, object] | None = None) -> Release:
    return Release(
        id=row.id,
        learner=row.learner,
        artefact=row.artefact if artefact is None else artefact,
        evidence=row.evidence,
        snapshot=row.snapshot,
        created_at=row.created_at,
        outcome=Outcome(row.outcome),
        serving=row.serving,
        parent=row.parent,
    )
