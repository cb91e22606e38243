"""Put a report together: plain values for every face that shows it.

The content is JSON, made for the people of one channel: a question is quoted only where everybody there can see where
it was asked. `figures`, `verdict`, `verdicts`, `untried`, `notes`, `todo` and `sections` are ready to show; `numbers`
holds the figures as numbers; `charts` and `days` are what `chart.py` draws; `threads` says where each answer that is
named anywhere can be read. From `kind`, `period`, `channel`, `zone`, `made_at` and `last_signal` the same report can be
computed `again`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from flywheel.core import Core
from flywheel.measurement import chart, records
from flywheel.measurement.edition import CAUGHT_UP, Edition, Kind, of_period, week_before, weekly
from flywheel.measurement.report import figures, headline, learned, series, sources
from flywheel.measurement.report.headline import Reasons
from flywheel.measurement.report.learned import Learned
from flywheel.measurement.report.reading import Reading, read
from flywheel.measurement.report.sections import Parts, parts, plain
from flywheel.measurement.report.sources import Sources
from flywheel.measurement.report.threads import named_in, threads
from flywheel.measurement.week import unanswered
from flywheel.registry import Record
from flywheel.store import lateness, releases, reports, turns
from flywheel.store.database import Session
from flywheel.store.reports import Report

SCHEMA = 2
"""The version of the content: 2 has a verdict, sections, charts and things to do."""
_MOST_UNANSWERED = 5
_QUOTED = 160


@dataclass(frozen=True, slots=True)
class Made:
    """A report and the records of its figures, neither stored yet."""

    report: Report
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """Everything that a report is written from."""

    reading: Reading
    learned: Learned
    watched: list[str]
    reasons: Reasons
    sources: Sources
    parts: Parts


def report(core: Core, channel: str | None = None, edition: Edition | None = None) -> Report:
    """Make a report for a channel (for everybody without one), store it and return it; this week's by default."""
    made = compose(core, channel, edition=edition)
    with core.database.begin() as db:
        reports.put(db, made.report)
    return made.report


def compose(
    core: Core,
    channel: str | None,
    evidence: Learned | None = None,
    turn_id: str | None = None,
    edition: Edition | None = None,
) -> Made:
    """Make a report. Without `evidence` the verdicts are those of the time's last finished turn.

    Without an edition it is about this week; a turn early in a week, which is late for the last one, tells of that.
    """
    with core.database.read() as db:
        reading = _read(db, edition or weekly(core.now()), channel, is_turn=turn_id is not None)
        draft = _drafted(core, db, reading, evidence)
    content = _content(draft, channel)
    about = reading.edition
    name = f"{about.span.period}:{turn_id}" if turn_id else about.span.period
    counted = figures.counted(reading.window).figures
    made = Report(name, about.span.period, about.seen, content, turn_id, about.kind.value)
    return Made(made, tuple(records.of_week(counted, about.span.period, about.seen)))


def again(core: Core, made: Report) -> Report:
    """Compute a stored report once more from what the ledger says of its time; nothing is stored."""
    content = made.content
    edition = of_period(Kind(content["kind"]), made.period, made.made_at, ZoneInfo(content["zone"]))
    edition = edition.as_of(edition.seen, content["last_signal"])
    evidence: Learned | None = None
    if made.turn_id is not None:
        with core.database.read() as db:
            turn = turns.find(db, made.turn_id)
        evidence = turn.evidence if turn is not None else None
    composed = compose(core, content["channel"], evidence, edition=edition).report
    return replace(composed, id=made.id, turn_id=made.turn_id)


def _read(db: Session, edition: Edition, channel: str | None, *, is_turn: bool) -> Reading:
    if edition.last_signal is None:
        edition = edition.as_of(edition.seen, lateness.last_signal(db))
    reading = read(db, edition, channel)
    if is_turn and edition.seen - edition.span.start < CAUGHT_UP and reading.steps[-2].exchanges:
        last = week_before(edition.seen).as_of(edition.seen, edition.last_signal)
        return read(db, last, channel)
    return reading


def _drafted(core: Core, db: Session, reading: Reading, evidence: Learned | None) -> _Draft:
    start, seen = reading.window.start, reading.window.seen
    if evidence is None:
        finished = turns.finished_between(db, start, min(reading.window.end, seen))
        evidence = learned.merged([one.evidence for one in finished])
    models = releases.listed(db)
    made = parts(core, db, reading)
    trends = next((one.numbers for one in made.sections if one.key == "trends"), {})
    reasons = Reasons(
        headline.causes_of(models, start, seen), learned.coincidences(evidence), headline.of_frozen(trends)
    )
    watched = learned.watched(models, start, seen)
    return _Draft(reading, evidence, watched, reasons, sources.told(db, reading), made)


def _content(draft: _Draft, channel: str | None) -> dict[str, Any]:
    reading, about = draft.reading, draft.reading.edition
    verdict, verdict_numbers = headline.told(reading, draft.reasons)
    told = figures.told(reading)
    open_questions = unanswered(reading.window.exchanges, reading.window.quotable)
    sections = [learned.section(draft.learned, draft.watched), *draft.parts.sections, draft.sources.section]
    content: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": about.kind.value,
        "channel": channel,
        "title": about.title,
        "period": about.span.period,
        "from": about.span.start.isoformat(),
        "to": about.span.end.isoformat(),
        "made_at": about.seen.isoformat(),
        "zone": str(about.seen.tzinfo),
        "last_signal": about.last_signal,
        "verdict": verdict,
        "figures": [{**asdict(one), "answers": list(one.answers)} for one in told],
        "verdicts": learned.verdicts(draft.learned),
        "untried": learned.untried(draft.learned),
        "notes": [*_notes(reading, open_questions, draft.learned), *draft.watched],
        "todo": list(draft.parts.todo),
        "sections": [plain(one) for one in sections],
        "sources": draft.sources.content,
        "numbers": {
            **figures.numbers(reading),
            "verdict": verdict_numbers,
            "trend": series.trend(reading),
            "routes": series.by_route(reading.window),
        },
        "unanswered": [asdict(one) for one in open_questions[0][:_MOST_UNANSWERED]],
        "days": series.days(reading),
        "learners": learned.challenges(draft.learned),
    }
    content["charts"] = chart.told(content)
    content["chart_alt"] = chart.alt_text(content)
    content["threads"] = threads(reading.steps, named_in(content))
    return content


def _notes(reading: Reading, open_questions: tuple[Any, int], evidence: Mapping[str, Any]) -> list[str]:
    public, private = open_questions
    notes = [f"Not answered: “{one.text[:_QUOTED]}”{_times(one.times)}" for one in public[:_MOST_UNANSWERED]]
    if private:
        more = " more" if public else ""
        notes.append(f"{private}{more} without an answer cannot be quoted here: not everybody may read them.")
    if not any(reading.window.votes(one) for one in reading.window.exchanges):
        notes.append("Nobody voted, so nothing can be said about satisfaction.")
    notes.append(learned.source(evidence))
    return notes


def _times(times: int) -> str:
    return f" ({times} times)" if times > 1 else ""
