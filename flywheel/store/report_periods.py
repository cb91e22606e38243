"""Reports beside each other: what is still to be posted, and the newest of every week and month."""

from datetime import datetime

from sqlalchemy import select

from flywheel.store.database import Session
from flywheel.store.learning_tables import ReportRow
from flywheel.store.reports import Report

_LISTED = 200


def of_turn(db: Session, turn_id: str) -> Report | None:
    """Return the report that a turn made, or None."""
    row = db.scalars(select(ReportRow).where(ReportRow.turn_id == turn_id).limit(1)).first()
    return None if row is None else _report(row)


def unposted(db: Session, since: datetime) -> Report | None:
    """Return the newest report that a turn made at or after a moment, unless it was posted; None without one."""
    wanted = select(ReportRow).where(ReportRow.turn_id.is_not(None), ReportRow.made_at >= since)
    row = db.scalars(wanted.order_by(ReportRow.made_at.desc(), ReportRow.id).limit(1)).first()
    return None if row is None or row.posted_ts is not None else _report(row)


def listed(db: Session) -> list[Report]:
    """Return the newest report on each period, newest first; at most 200."""
    rows = db.scalars(select(ReportRow).order_by(ReportRow.made_at.desc(), ReportRow.id).limit(5 * _LISTED))
    newest: dict[str, Report] = {}
    for row in rows:
        newest.setdefault(row.period, _report(row))
    return list(newest.values())[:_LISTED]


def _report(row: ReportRow) -> Report:
    return Report(row.id, row.period, row.made_at, row.content, row.turn_id, row.kind)
