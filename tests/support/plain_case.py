"""What every section of a report is computed from; see `recompute_report`."""

from dataclasses import dataclass
from datetime import datetime

from tests.support.raw_ledger import Ledger, Row, Span, Tables


@dataclass(frozen=True)
class Case:
    """A stored report with the tables, its window and what it is compared with."""

    tables: Tables
    report: Row
    ledger: Ledger
    window: Span
    before: Span

    @property
    def seen(self) -> datetime:
        """Return the moment as of which the report was made."""
        return self.ledger.seen
