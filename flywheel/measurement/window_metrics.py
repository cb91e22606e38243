"""Everything the log is told about a window of answers: what people did, what answers are worth, what they took.

What the report shows in a headline (answered, satisfaction, no signal, times) comes from the report itself
(`records.of_week`), so that both say the same. All of this is measured on the answers that people really got; how the
same questions would fare from one change to the next is `baseline.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from flywheel.core import Core
from flywheel.curation.labels import Label
from flywheel.measurement import answer_metrics, baselines, bias, freshness, gaming, people, spent
from flywheel.measurement import window as windows
from flywheel.measurement.averages import ALL, LEAST, Ground, Ratio, recorded
from flywheel.measurement.experiments import feedback
from flywheel.measurement.week import Share, share_by_person
from flywheel.measurement.window import Window
from flywheel.registry import Record
from flywheel.store.ledger import Exchange, Ledger
from flywheel.store.reports import Report


def of_report(core: Core, report: Report, ledger: Ledger, labels: Iterable[Label]) -> list[Record]:
    """Return the records of the answers that a report is about; see `measured`."""
    span = (datetime.fromisoformat(report.content["from"]), datetime.fromisoformat(report.content["to"]))
    with core.database.read() as db:
        window = windows.read(db, report.period, span, report.made_at, report.content.get("channel"))
    return measured(core, window, ledger, labels)


def measured(core: Core, window: Window, ledger: Ledger, labels: Iterable[Label]) -> list[Record]:
    """Return the records of a window; `ledger` holds the shortlists of its answers that anybody reacted to.

    `labels` are what those reactions came to mean.
    """
    ground = Ground(window.seen, window.period, "")
    exchanges = window.exchanges
    sample = answer_metrics.sampled(exchanges)
    with core.database.read() as db:
        support = answer_metrics.faithfulness(db, sample)
        fresh = freshness.recorded(db, exchanges, ground)
    relevance = answer_metrics.relevance(core, sample)
    ratios = answer_metrics.means(exchanges, {"faithfulness_lexical": support, "answer_relevance_cosine": relevance})
    within = {one.answer.id for one in exchanges}
    listed = [one for one in ledger.exchanges if one.answer.id in within]
    judged = answer_metrics.judged(listed, labels)
    return [
        *_shares(window, ground),
        *_segments(window, ground),
        *_clustered([*ratios, *spent.usage(exchanges)], exchanges, ground),
        *_clustered(answer_metrics.of_judged(judged), [one.exchange for one in judged], ground),
        *spent.stages(exchanges, ground),
        *bias.records_of(window, ground.at),
        *gaming.records_of(window, ground.at),
        *fresh,
    ]


def _clustered(ratios: Sequence[Ratio], exchanges: Sequence[Exchange], ground: Ground) -> list[Record]:
    """Record ratios without their values per answer: next week's answers are others, and nothing could be paired."""
    if not exchanges:
        return []
    made = recorded(ratios, answer_metrics.askers(exchanges), ground)
    return [replace(one, scores=(), persons=()) for one in made]


def _shares(window: Window, ground: Ground) -> list[Record]:
    told = {f"people_{outcome.value}": one for outcome, one in people.shares(window).items()}
    told["abstained_share"] = share_by_person((one.question.person, one.answer.abstained) for one in window.exchanges)
    records = [_of_share(ground, metric, one) for metric, one in told.items() if one.value is not None]
    return [*records, *feedback.record(feedback.rate(window), window.period, ground.at)]


def _segments(window: Window, ground: Ground) -> list[Record]:
    """Return the headline figures of each route and surface with enough answers."""
    enough = [one for one in baselines.counted(window) if one.segment != ALL and one.estimate.n >= LEAST]
    return [
        Record(
            ground.at,
            one.metric,
            one.estimate.value,
            one.estimate.n,
            one.estimate.low,
            one.estimate.high,
            one.segment,
            ground.dataset,
        )
        for one in enough
    ]


def _of_share(ground: Ground, metric: str, one: Share) -> Record:
    assert one.value is not None
    return Record(ground.at, metric, one.value, one.total, one.low, one.high, dataset=ground.dataset)
