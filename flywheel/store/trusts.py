"""How far each person's votes can be trusted, as the last turn found."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from flywheel.store.curation_tables import TrustRow
from flywheel.store.database import Session
from flywheel.store.standing import Standing


def replace_all(db: Session, standings: Mapping[str, Standing], at: datetime) -> None:
    """Put every person's standing in the place of what stood before."""
    db.execute(delete(TrustRow))
    db.add_all(
        TrustRow(
            person=person,
            value=one.value,
            agreed=one.agreed,
            disagreed=one.disagreed,
            acts=one.acts,
            at=at,
        )
        for person, one in standings.items()
    )
    db.flush()


def of(db: Session, person: str) -> Standing:
    """Return a person's standing; nothing is known of somebody new."""
    row = db.get(TrustRow, person)
    return Standing() if row is None else _standing(row)


def every(db: Session) -> dict[str, Standing]:
    """Return all standings by person, the most trusted first."""
    rows = db.scalars(select(TrustRow).order_by(TrustRow.value.desc(), TrustRow.person))
    return {row.person: _standing(row) for row in rows}


def _standing(row: TrustRow) -> Standing:
    return Standing(row.agreed, row.disagreed, row.acts)
