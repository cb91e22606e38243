"""Keep the record of index generations: which were built, which one of each kind serves.

A generation is built aside, checked, and switched by `switch`, one row update; it is never written afterwards.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from flywheel.store.database import Session
from flywheel.store.knowledge_tables import GenerationRow


class IndexKind(StrEnum):
    """The two indexes."""

    VECTORS = "vectors"
    WORDS = "words"


class GenerationState(StrEnum):
    """Where a generation stands. Broken ones were quarantined by a reader and are never opened again."""

    BUILDING = "building"
    SERVING = "serving"
    RETIRED = "retired"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Generation:
    """A built index that holds corpus version `version`; `path` is relative to the data folder, or a collection."""

    id: str
    kind: IndexKind
    encoder: str
    path: str
    version: int
    passages: int
    built_at: datetime


def put(db: Session, generation: Generation) -> None:
    """Record a generation that is being built."""
    db.add(
        GenerationRow(
            id=generation.id,
            kind=generation.kind.value,
            encoder=generation.encoder,
            path=generation.path,
            version=generation.version,
            passages=generation.passages,
            state=GenerationState.BUILDING.value,
            built_at=generation.built_at,
        )
    )
    db.flush()


def serving(db: Session, kind: IndexKind, encoder: str) -> Generation | None:
    """Return the generation that serves this kind under this encoder, or None."""
    row = db.scalars(
        select(GenerationRow)
        .where(GenerationRow.kind == kind, GenerationRow.encoder == encoder)
        .where(GenerationRow.state == GenerationState.SERVING.value)
        .order_by(GenerationRow.built_at.desc())
    ).first()
    return None if row is None else _value(row)


def switch(db: Session, generation: Generation) -> None:
    """Make a checked generation the one that serves its kind; the others of that kind retire."""
    others = update(GenerationRow).where(
        GenerationRow.kind == generation.kind.value, GenerationRow.state == GenerationState.SERVING.value
    )
    db.execute(others.values(state=GenerationState.RETIRED.value))
    this = update(GenerationRow).where(GenerationRow.id == generation.id)
    db.execute(
        this.values(state=GenerationState.SERVING.value, passages=generation.passages, version=generation.version)
    )


def broken(db: Session) -> list[str]:
    """Return the ids of quarantined generations."""
    return list(db.scalars(select(GenerationRow.id).where(GenerationRow.state == GenerationState.BROKEN.value)))


def quarantine(db: Session, generation_id: str) -> None:
    """Mark a generation as broken, so that no process opens it again."""
    this = update(GenerationRow).where(GenerationRow.id == generation_id)
    db.execute(this.values(state=GenerationState.BROKEN.value))


def superseded(db: Session, kind: IndexKind, keep: int) -> list[Generation]:
    """Return generations of a kind that no longer serve, but for the newest `keep` of them, oldest last."""
    rows = db.scalars(
        select(GenerationRow)
        .where(GenerationRow.kind == kind.value, GenerationRow.state != GenerationState.SERVING.value)
        .order_by(GenerationRow.built_at.desc())
        .offset(keep)
    )
    return [_value(row) for row in rows]


def forget(db: Session, generation_id: str) -> None:
    """Delete the record of a generation whose files are gone."""
    row = db.get(GenerationRow, generation_id)
    if row is not None:
        db.delete(row)


def _value(row: GenerationRow) -> Generation:
    return Generation(row.id, IndexKind(row.kind), row.encoder, row.path, row.version, row.passages, row.built_at)
