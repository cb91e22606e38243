"""Report on a week in plain values: what was asked, answered and liked, what was learned, what stays unanswered.

The content is JSON, made for the people of one channel: a question is quoted only where everybody there may read its
reply. `figures`, `verdicts`, `untried` and `notes` are ready to show; `numbers` holds the same as numbers; `days` is
what the chart draws. A verdict says in short what was decided, and as `evidence` the gate's whole reason. A figure of
too little says so: a share comes with its n and its 95 % interval.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flywheel.answering import courtesy
from flywheel.core import Core
from flywheel.measurement import plain_verdicts, records, watch
from flywheel.measurement.chart import alt_text
from flywheel.measurement.week import Day, Figures, Share, Unanswered, bars, figures, unanswered, week_of
from flywheel.model import PUBLIC
from flywheel.registry import Record
from flywheel.store import corrections, ledger, reports, turns
from flywheel.store.ledger import Exchange
from flywheel.store.reports import Report

CHART_WEEKS = 8
"""How far the chart looks back."""
_MOST_UNANSWERED = 5
_QUOTED = 160
_DECISIONS = {"released": "released", "provisional": "serves half of the people", "held": "held"}


@dataclass(frozen=True, slots=True)
class Made:
    """A report and the records of its figures, neither stored yet."""

    report: Report
    records: tuple[Record, ...]


def report(core: Core, channel: str | None = None) -> Report:
    """Make this week's report for a channel (for everybody without one), store it and return it."""
    made = compose(core, channel)
    with core.database.begin() as db:
        reports.put(db, made.report)
    return made.report


def compose(
    core: Core, channel: str | None, evidence: Mapping[str, Any] | None = None, turn_id: str | None = None
) -> Made:
    """Make this week's report. Without `evidence` the verdicts are those of the week's last finished turn."""
    now = core.now()
    period, start, end = week_of(now)
    with core.database.read() as db:
        recent = _asked(ledger.between(db, start - timedelta(weeks=CHART_WEEKS - 1), end))
        about = ledger.signals_about(db, recent)
        suggested = [one for one in corrections.since(db, start) if one.at >= start]
        finished = turns.finished_between(db, start, end)
        watched = watch.sentences(db, start)
    week = [one for one in recent if _answered_since(one, start)]
    counted = figures(week, about, suggested)
    readable = frozenset({PUBLIC} if channel is None else {PUBLIC, f"channel:{channel}"})
    learned: Mapping[str, Any] = evidence if evidence is not None else (finished[-1].evidence if finished else {})
    open_questions = unanswered(week, readable)
    content: dict[str, Any] = {
        "title": f"Flywheel in week {period}",
        "period": period,
        "from": start.isoformat(),
        "to": end.isoformat(),
        "made_at": now.isoformat(),
        "figures": _figures(counted),
        "verdicts": _verdicts(learned),
        "untried": plain_verdicts.untried(learned.get("learners", {})),
        "notes": [*_notes(counted, open_questions, learned), *watched],
        "numbers": _numbers(counted),
        "unanswered": [asdict(one) for one in open_questions[0][:_MOST_UNANSWERED]],
        "days": [_day(one) for one in _bars(recent, about, start)],
        "learners": _learners(learned),
    }
    content["chart_alt"] = alt_text(content)
    report_id = f"{period}:{turn_id}" if turn_id else period
    return Made(Report(report_id, period, now, content, turn_id), tuple(records.of_week(counted, period, now)))


def _asked(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """Leave greetings and thanks out: answering them says nothing about the answers."""
    return [one for one in exchanges if one.answer.writer != courtesy.WRITER]


def _answered_since(exchange: Exchange, start: datetime) -> bool:
    return exchange.answer.answered_at is not None and exchange.answer.answered_at >= start


def _bars(recent: Sequence[Exchange], about: Mapping[str, Any], start: datetime) -> list[Day]:
    """Return a bar per day of the last fortnight, or per week where more than a fortnight has something to show."""
    fortnight = start - timedelta(weeks=1)
    young = all(_answered_since(one, fortnight) for one in recent)
    return bars(recent, about, timedelta(days=1) if young else timedelta(days=7))


def _figures(counted: Figures) -> list[dict[str, str]]:
    answered = counted.answered
    rows = [
        ("Questions", str(counted.questions), "1 answer" if answered.total == 1 else f"{answered.total} answers"),
        ("Answered", _percent(answered), f"{answered.total - answered.count} not answered{_interval(answered)}"),
        ("Satisfied", _percent(counted.satisfied), _of(counted.satisfied, "votes")),
        ("No signal", _percent(counted.silent), _of(counted.silent, "answers")),
        ("Corrections", str(counted.suggested), f"{counted.approved} approved"),
        ("Time to answer", _seconds(counted.median_ms), _slowest(counted.p95_ms)),
    ]
    return [{"name": name, "value": value, "note": note} for name, value, note in rows]


def _verdicts(learned: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return a verdict on each learner that was tried."""
    return [
        {
            "learner": name,
            "outcome": _DECISIONS[told["decision"]],
            "short": plain_verdicts.short(told),
            "evidence": " ".join([told["reason"], *told["notes"]]),
            "release": told["challenger"]["id"],
        }
        for name, told in sorted(learned.get("learners", {}).items())
        if plain_verdicts.was_tried(told)
    ]


def _notes(counted: Figures, open_questions: tuple[list[Unanswered], int], learned: Mapping[str, Any]) -> list[str]:
    public, private = open_questions
    notes = [f"Not answered: “{one.text[:_QUOTED]}”{_times(one.times)}" for one in public[:_MOST_UNANSWERED]]
    if private:
        more = " more" if public else ""
        notes.append(f"{private}{more} without an answer cannot be quoted here: not everybody may read them.")
    if counted.satisfied.total == 0:
        notes.append("Nobody voted, so nothing can be said about satisfaction.")
    notes.append(_learned_from(learned))
    return notes


def _learned_from(learned: Mapping[str, Any]) -> str:
    if not learned:
        return "The wheel has not turned this week."
    if not learned["questions"]:
        return "There is nothing to learn from yet: votes on answers and their sources teach the wheel."
    recall = learned["shortlist_recall"]
    found = "" if recall["value"] is None else (
        f" Of {recall['wanted']} passages that people wanted, the shortlists held {recall['listed']}."
    )  # fmt: skip
    return (
        f"{learned['questions']} questions had a trusted judgement: {learned['n_train']} to learn from, "
        f"{learned['n_heldout']} newer ones held out.{found}"
    )


def _numbers(counted: Figures) -> dict[str, Any]:
    shares = {"answered": counted.answered, "satisfied": counted.satisfied, "no_signal": counted.silent}
    return {
        "questions": counted.questions,
        **{name: {**asdict(one), "value": one.value} for name, one in shares.items()},
        "corrections": {"suggested": counted.suggested, "approved": counted.approved},
        "latency_ms": {"median": counted.median_ms, "p95": counted.p95_ms},
    }


def _learners(learned: Mapping[str, Any]) -> dict[str, Any]:
    """Return both sides' nDCG@10 of each learner of rankings that was tried, for the chart."""
    return {
        name: {side: told[side]["ndcg_at_10"] for side in ("champion", "challenger")}
        | {"low": told["low"], "high": told["high"], "n": told["n_heldout"]}
        for name, told in sorted(learned.get("learners", {}).items())
        if told["challenger"] is not None and told["n_heldout"] and "ndcg_at_10" in told["challenger"]
    }


def _day(one: Day) -> dict[str, Any]:
    return {**asdict(one), "first": one.first.isoformat()}


def _slowest(p95_ms: float | None) -> str:
    return "nothing was answered" if p95_ms is None else f"median; 95 % within {_seconds(p95_ms)}"


def _percent(one: Share) -> str:
    return "no data" if one.value is None else f"{100 * one.value:.0f} %"


def _of(one: Share, what: str) -> str:
    return f"{one.count} of {one.total} {what}{_interval(one)}"


def _interval(one: Share) -> str:
    if one.low is None or one.high is None:
        return ""
    return f"; 95 % interval {100 * one.low:.0f} to {100 * one.high:.0f} %"


def _seconds(ms: float | None) -> str:
    return "no data" if ms is None else f"{ms / 1000:.2f} s"


def _times(times: int) -> str:
    return f" ({times} times)" if times > 1 else ""
