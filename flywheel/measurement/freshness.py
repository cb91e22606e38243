"""How fresh the knowledge is, and what was cited of it.

A source is old when its own date lay a year or more before the answer that cites it; one without a date is not counted.
"""

from collections.abc import Sequence
from datetime import timedelta

from flywheel.measurement.averages import Ground
from flywheel.measurement.week import share
from flywheel.registry import Record
from flywheel.store import freshness
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange

OLD = timedelta(days=365)


def recorded(db: Session, exchanges: Sequence[Exchange], ground: Ground) -> list[Record]:
    """Return the records of the index as it is, and of what these answers cite."""
    documents = freshness.documents(db)
    newest, behind = freshness.newest(db), freshness.since_build(db)
    told: list[tuple[str, float, int]] = [("refused_documents", float(freshness.refused(db)), documents)]
    if newest is not None:
        told.append(("index_age_days", (ground.at - newest) / timedelta(days=1), documents))
    if behind is not None:
        told.append(("documents_since_build", float(behind), documents))
    plain = [_record(ground, metric, value, n) for metric, value, n in told]
    return [*plain, *_old(db, exchanges, ground)]


def _old(db: Session, exchanges: Sequence[Exchange], ground: Ground) -> list[Record]:
    cited = {source.passage_id for one in exchanges for source in one.answer.citations}
    dates = freshness.dated(db, cited)
    ages = [
        (one.answer.answered_at or one.question.asked_at) - dates[source.passage_id]
        for one in exchanges
        for source in one.answer.citations
        if source.passage_id in dates
    ]
    found = share(sum(age >= OLD for age in ages), len(ages))
    if found.value is None:
        return []
    return [_record(ground, "cited_older_than_a_year", found.value, found.total, (found.low, found.high))]


def _record(
    ground: Ground, metric: str, value: float, n: int, ends: tuple[float | None, float | None] = (None, None)
) -> Record:
    low, high = ends
    return Record(ground.at, metric, value, n, low, high, dataset=ground.dataset, dataset_hash=ground.dataset_hash)
