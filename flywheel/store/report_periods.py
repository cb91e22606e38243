"""Reports beside each other: what is still to be posted, and the newest of every week and month."""

from collections.abc import Mapping
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


def listed(db: Session) -> list[Mapping[str, str | None]]:
    """Return `period`, `title`, `verdict` and `made_at` of the newest report on each period, newest first; at most 200.

    A busy company's reports are megabytes each, so these words alone are read.
    """
    order = (ReportRow.made_at.desc(), ReportRow.id)
    newest: dict[str, str] = {}
    for report_id, period in db.execute(select(ReportRow.id, ReportRow.period).order_by(*order)):
        newest.setdefault(period, report_id)
    words = [ReportRow.content[name].as_string().label(name) for name in ("title", "verdict", "made_at")]
    wanted = select(ReportRow.period, *words).where(ReportRow.id.in_(list(newest.values())[:_LISTED]))
    return [dict(row) for row in db.execute(wanted.order_by(*order)).mappings()]


def _report(row: ReportRow) -> Report:
    return Report(row.id, row.period, row.made_at, row.content, row.turn_id, row.kind)
