"""Reports in SQL: their content as JSON, and where they were posted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from flywheel.errors import NotFound
from flywheel.store.database import Session
from flywheel.store.learning_tables import ReportRow

WEEKLY, MONTHLY = "weekly", "monthly"


@dataclass(frozen=True, slots=True)
class Report:
    """What happened in an ISO week such as 2026-W47, or a month such as 2026-11, as plain JSON values.

    `kind` is weekly or monthly.
    """

    id: str
    period: str
    made_at: datetime
    content: Mapping[str, Any]
    turn_id: str | None = None
    kind: str = "weekly"


def put(db: Session, report: Report) -> None:
    """Store a report; the same id replaces its content and keeps where it was posted."""
    row = db.get(ReportRow, report.id) or ReportRow(id=report.id)
    row.period, row.made_at, row.turn_id = report.period, report.made_at, report.turn_id
    row.kind = report.kind
    row.content = dict(report.content)
    db.add(row)
    db.flush()


def find(db: Session, report_id: str) -> Report | None:
    """Return a report, or None."""
    row = db.get(ReportRow, report_id)
    return None if row is None else _report(row)


def latest(db: Session) -> Mapping[str, Any] | None:
    """Return the content of the newest weekly report, or None before the first."""
    found = newest(db)
    return None if found is None else found.content


def newest(db: Session, kind: str = WEEKLY) -> Report | None:
    """Return the newest report of a kind, or None before the first."""
    wanted = select(ReportRow).where(ReportRow.kind == kind)
    row = db.scalars(wanted.order_by(ReportRow.made_at.desc(), ReportRow.id).limit(1)).first()
    return None if row is None else _report(row)


def of_period(db: Session, period: str) -> Report | None:
    """Return the newest report on a week such as 2026-W47 or a month such as 2026-11, or None."""
    wanted = select(ReportRow).where(ReportRow.period == period)
    row = db.scalars(wanted.order_by(ReportRow.made_at.desc(), ReportRow.id).limit(1)).first()
    return None if row is None else _report(row)


def periods(db: Session) -> list[tuple[str, str]]:
    """Return (kind, period) of everything there is a report on, the newest first."""
    rows = db.execute(select(ReportRow.kind, ReportRow.period).order_by(ReportRow.made_at.desc(), ReportRow.id))
    return list(dict.fromkeys((kind, period) for kind, period in rows))


def mark_posted(db: Session, report_id: str, channel: str, ts: str) -> None:
    """Note which Slack message shows a report.

    Raises:
        NotFound: there is no such report.
    """
    row = db.get(ReportRow, report_id)
    if row is None:
        raise NotFound(f"there is no report {report_id}")
    row.posted_channel, row.posted_ts = channel, ts


def posted_at(db: Session, report_id: str) -> tuple[str, str] | None:
    """Return (channel, ts) of the message that shows a report, or None before it is posted."""
    row = db.get(ReportRow, report_id)
    if row is None or row.posted_channel is None or row.posted_ts is None:
        return None
    return row.posted_channel, row.posted_ts


def _report(row: ReportRow) -> Report:
    return Report(row.id, row.period, row.made_at, row.content, row.turn_id, row.kind)
