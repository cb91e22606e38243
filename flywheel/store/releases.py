"""Keep releases: learned models, their evidence, and which one of each learner serves.

A release's id is the hash of its content (`identity`), checked when it is written and each time it is read. At most
one release of a learner serves; none means that the built-in defaults do. `parent` is the champion it replaced, which
is what a roll-back brings back, and what serves everybody else while a release is a canary (`arms.py`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, Text, cast, delete, func, select, update
from sqlalchemy.orm import defer

from flywheel.errors import ArtefactError, NotFound
from flywheel.registry import Outcome, Release
from flywheel.store.arms import Champion, bucket, champions, identity, sees, serving_id
from flywheel.store.database import Session
from flywheel.store.learning_tables import ReleaseRow

__all__ = [
    "Champion", "bucket", "canary_over", "champions", "find", "history", "identity", "listed", "note", "promote", "put",
    "remove", "roll_back", "sees", "serving", "serving_id", "since", "superseded", "verify", "withdraw_control",
]  # fmt: skip

LISTED = 20_000
"""Characters of JSON that an artefact in a list may have."""


def serving(db: Session, learner: str, person: str | None = None) -> Release | None:
    """Return the release of a learner that serves a person, or None: then its built-in default does.

    Raises:
        ArtefactError: the stored parameters are not those that were released.
    """
    release_id = serving_id(db, learner, person)
    return None if release_id is None else find(db, release_id)


def find(db: Session, release_id: str) -> Release | None:
    """Return one release.

    Raises:
        ArtefactError: the stored parameters are not those that were released.
    """
    row = db.get(ReleaseRow, release_id)
    return None if row is None else _verified(row)


def history(db: Session, learner: str | None = None, limit: int = 50) -> list[Release]:
    """Return the newest releases first, those held and rolled back included; of all learners without a name.

    Artefacts of more than `LISTED` characters are left out: a list of them would be a hundred megabytes. `find` has
    them.
    """
    query = (
        select(ReleaseRow)
        .options(defer(ReleaseRow.artefact))
        .order_by(ReleaseRow.created_at.desc(), ReleaseRow.id)
        .limit(limit)
    )
    if learner is not None:
        query = query.where(ReleaseRow.learner == learner)
    rows = db.scalars(query).all()
    is_small = func.length(cast(ReleaseRow.artefact, Text)) <= LISTED
    small = select(ReleaseRow.id, ReleaseRow.artefact).where(ReleaseRow.id.in_([row.id for row in rows]), is_small)
    artefacts: dict[str, Mapping[str, object]] = dict(db.execute(small).all())
    return [_value(row, artefacts.get(row.id, {})) for row in rows]


def listed(db: Session, limit: int = 200) -> list[Release]:
    """Return releases without their artefacts, those that serve first, then the newest first."""
    query = select(ReleaseRow).options(defer(ReleaseRow.artefact))
    query = query.order_by(ReleaseRow.serving.desc(), ReleaseRow.created_at.desc(), ReleaseRow.id)
    return [_value(row, {}) for row in db.scalars(query.limit(limit))]


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


def promote(db: Session, release_id: str, share: float = 1.0, at: datetime | None = None) -> Release:
    """Make a release serve this share of persons, in (0, 1]; the champion before it becomes its parent.

    A canary that is replaced has never served everybody, so its own parent is inherited. Going back to a release that
    the champion descends from leaves its parent as it was, so that parents never form a ring. What serves everybody
    already goes on doing so; `at` is kept as the beginning of what changes.

    Raises:
        NotFound: there is no such release.
        ArtefactError: the stored parameters are not those that were released.
    """
    row = db.get(ReleaseRow, release_id)
    if row is None:
        raise NotFound(f"there is no release {release_id}")
    _verified(row)
    champion = _lock_serving(db, row.learner)
    if champion is row and (row.share >= 1 or share < 1):
        return _value(row)
    if champion is None:
        row.parent = None
    elif champion is not row:
        _succeed(db, row, champion, share)
    _serve(db, row.learner, row)
    row.share, row.served_since = share, at or row.created_at
    row.outcome = (Outcome.RELEASED if share >= 1 else Outcome.CANARY).value
    db.flush()
    return _value(row)


def roll_back(db: Session, learner: str, outcome: Outcome = Outcome.ROLLED_BACK) -> Release | None:
    """Take what serves out of service and return what serves everybody now, or None for the defaults.

    That is its parent, or the nearest it descends from that was not taken back itself.

    Raises:
        NotFound: no release of this learner serves.
        ArtefactError: the parent's stored parameters are not those that were released.
    """
    champion = _lock_serving(db, learner)
    if champion is None:
        raise NotFound(f"no release of {learner} serves, so there is nothing to roll back")
    before = [one for one in _line(db, champion)[1:] if one.outcome != Outcome.ROLLED_BACK]
    parent = before[0] if before else None
    champion.outcome, champion.share = outcome.value, 1.0
    _serve(db, learner, parent)
    return None if parent is None else _verified(parent)


def canary_over(db: Session, release_id: str) -> Release | None:
    """Return the canary whose control a release serves, or None."""
    row = db.scalar(select(ReleaseRow).where(ReleaseRow.parent == release_id, ReleaseRow.serving, ReleaseRow.share < 1))
    return None if row is None else _value(row)


def withdraw_control(db: Session, canary: Release) -> Release | None:
    """Take a canary's parent out of service, and return its own parent, which serves the control now."""
    row, control = db.get(ReleaseRow, canary.id), db.get(ReleaseRow, canary.parent)
    if row is None or control is None:
        raise NotFound(f"release {canary.id} is no canary with a parent")
    control.outcome, row.parent = Outcome.ROLLED_BACK.value, control.parent
    db.flush()
    return find(db, row.parent) if row.parent else None


def since(db: Session, release_id: str) -> datetime | None:
    """Return from when on a release has served with its present share; None where it never has."""
    return db.scalar(select(ReleaseRow.served_since).where(ReleaseRow.id == release_id))


def note(db: Session, release_id: str, **told: object) -> None:
    """Add to a release's evidence."""
    row = db.get(ReleaseRow, release_id)
    if row is not None:
        row.evidence = {**row.evidence, **told}
        db.flush()


def _lock_serving(db: Session, learner: str) -> ReleaseRow | None:
    rows = db.scalars(select(ReleaseRow).where(ReleaseRow.learner == learner).with_for_update()).all()
    return next((row for row in rows if row.serving), None)


def _succeed(db: Session, row: ReleaseRow, champion: ReleaseRow, share: float) -> None:
    """Set what a release comes after; see `promote`."""
    before = champion.parent if champion.share < 1 else champion.id
    line = _line(db, champion)
    if share < 1 and row.id in {one.id for one in line}:  # its control must be its parent: take it out of the line
        for one in line:
            one.parent = row.parent if one.parent == row.id else one.parent
    if row.id != before and (share < 1 or row.id not in {one.id for one in line}):
        row.parent = before
    if champion.share < 1:
        champion.outcome, champion.share = Outcome.HELD.value, 1.0


def _serve(db: Session, learner: str, row: ReleaseRow | None) -> None:
    db.flush()
    db.execute(update(ReleaseRow).where(ReleaseRow.learner == learner, ReleaseRow.serving).values(serving=False))
    if row is not None:
        row.serving = True
    db.flush()


def _line(db: Session, row: ReleaseRow) -> list[ReleaseRow]:
    """Return a release and those it descends from, the newest first."""
    line: list[ReleaseRow] = []
    current: ReleaseRow | None = row
    while current is not None and current not in line:
        line.append(current)
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
        share=row.share,
    )
