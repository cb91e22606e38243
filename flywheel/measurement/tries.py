"""The tries of former turns, kept as records: what of the error probability has been spent (`learning/spending.py`)."""

from datetime import datetime

from flywheel.learning.challenge import Challenge
from flywheel.learning.gate import Decision, Verdict
from flywheel.learning.spending import Try
from flywheel.registry import Outcome, Record
from flywheel.store import records, releases
from flywheel.store.database import Session

METRIC = "gate_p"
_ALL = 10_000
_STANDING = frozenset({Outcome.RELEASED, Outcome.CANARY})


def past(db: Session) -> list[Try]:
    """Return what was tested, oldest first; one stands that was let serve and has not been taken back since."""
    standing = {one.id for one in releases.listed(db, _ALL) if one.outcome in _STANDING}
    return [
        Try(
            one.segment,
            one.versions.get("challenger", ""),
            one.dataset_hash,
            stands=one.change != Decision.HELD and one.versions.get("challenger") in standing,
            n=one.n,
        )
        for one in records.since(db, METRIC)
    ]


def of_verdict(verdict: Verdict, made: Challenge, snapshot: str, at: datetime) -> list[Record]:
    """Return the record of a try; a challenger whose p was compared with no level makes none."""
    if not verdict.tested or verdict.p_adjusted is None:
        return []
    return [
        Record(
            at=at,
            metric=METRIC,
            value=verdict.p_adjusted,
            n=verdict.overall.n,
            segment=made.slot,
            dataset="heldout",
            dataset_hash=snapshot,
            versions={"challenger": made.id},
            change=verdict.decision.value,
        )
    ]
