"""The figures of a report: each with its value in words, its uncertainty, its answers and how it changed.

    questions, answered, satisfied, probably, by_person, no_signal, feedback, corrections, time, cost

A share comes with its count, its total and its 95 % interval. *Satisfied* is of votes, all other shares are of
answers; *no signal* are those about which nobody did anything. The change is against the mean of the single weeks (or
the month) before; counts are compared only once the week is over. The answers of a figure are those that it counts,
the ones worth a look first; of `answered` those that are not, of `time` the slowest twentieth.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from flywheel.measurement import money, people
from flywheel.measurement.experiments.feedback import Rate, rate
from flywheel.measurement.people import Outcome
from flywheel.measurement.report.reading import Reading
from flywheel.measurement.report.usage import Usage, used
from flywheel.measurement.week import Figures, Share, figures, latency_ms
from flywheel.measurement.window import Window
from flywheel.store.ledger import Exchange


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, ready to show. `change` says how it differs from the weeks before, or is empty."""

    key: str
    name: str
    value: str
    note: str
    answers: tuple[str, ...]
    change: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """One week or month, counted."""

    window: Window
    figures: Figures
    people: Mapping[Outcome, Share]
    feedback: Rate
    usage: Usage


def counted(window: Window) -> Counted:
    """Count a window."""
    return Counted(
        window,
        figures(window.exchanges, window.about, window.suggested),
        people.shares(window),
        rate(window),
        used(window.exchanges),
    )


def told(reading: Reading) -> list[Figure]:
    """Return the figures in reading order."""
    now = counted(reading.window)
    earlier = [counted(one) for one in reading.compared if one.exchanges]
    before = reading.edition.before
    made = [maker(now) for maker in _MAKERS.values()]
    return [_with_change(one, change(one.key, now, earlier, is_over=reading.edition.is_over), before) for one in made]


def numbers(reading: Reading) -> dict[str, object]:
    """Return the same as numbers, unrounded."""
    now = counted(reading.window)
    earlier = [counted(one) for one in reading.compared if one.exchanges]
    of = now.figures
    shares = {"answered": of.answered, "satisfied": of.satisfied, "no_signal": of.silent}
    return {
        "questions": of.questions,
        **{name: _numbers(one) for name, one in shares.items()},
        "people": {outcome.value: _numbers(one) for outcome, one in now.people.items()},
        "feedback": {name: value for name, value in asdict(now.feedback).items() if name != "answers"},
        "corrections": {"suggested": of.suggested, "approved": of.approved},
        "latency_ms": {"median": of.median_ms, "p95": of.p95_ms},
        "cost": asdict(now.usage),
        "changes": {key: change(key, now, earlier, is_over=reading.edition.is_over) for key in _MAKERS},
    }


def change(key: str, now: Counted, earlier: Sequence[Counted], *, is_over: bool) -> dict[str, float] | None:
    """Return a figure's change: the mean of the weeks before that have it, how many those are, and now minus mean.

    None where there is nothing to compare with, and for a count of a week that is not over.
    """
    if key in _COUNTS and not is_over:
        return None
    value = _MEASURES[key](now)
    past = [one for one in map(_MEASURES[key], earlier) if one is not None]
    if value is None or not past:
        return None
    mean = sum(past) / len(past)
    return {"mean_before": mean, "periods": len(past), "change": value - mean}


_COUNTS = frozenset({"questions", "corrections", "cost"})
_MEASURES: Mapping[str, Callable[[Counted], float | None]] = {
    "questions": lambda one: float(one.figures.questions),
    "answered": lambda one: one.figures.answered.value,
    "satisfied": lambda one: one.figures.satisfied.value,
    "probably": lambda one: one.people[Outcome.PROBABLY].value,
    "by_person": lambda one: one.people[Outcome.ANSWERED].value,
    "no_signal": lambda one: one.figures.silent.value,
    "feedback": lambda one: one.feedback.per_1000,
    "corrections": lambda one: float(one.figures.suggested),
    "time": lambda one: one.figures.median_ms,
    "cost": lambda one: one.usage.cost,
}


def _with_change(figure: Figure, changed: Mapping[str, float] | None, before: str) -> Figure:
    if changed is None:
        return figure
    scale, digits, unit, shown = _SHOWN.get(figure.key, (1.0, 0, "", ""))
    if figure.key == "cost":
        digits = money.decimals(max(changed["mean_before"], changed["mean_before"] + changed["change"]))
    mean = round(changed["mean_before"] * scale, digits)
    by = round(round((changed["mean_before"] + changed["change"]) * scale, digits) - mean, digits)
    unit = "point" if unit == "points" and abs(by) == 1 else unit
    amount = " ".join(filter(None, [f"{abs(by):,.{digits}f}", unit, "above" if by > 0 else "below"]))
    said = f"{amount if by else 'as much as'} {mean:,.{digits}f}{shown}, the mean of {before}"
    return replace(figure, change=said)


_OF_SHARE = (100.0, 0, "points", " %")
_SHOWN: Mapping[str, tuple[float, int, str, str]] = {
    "answered": _OF_SHARE,
    "satisfied": _OF_SHARE,
    "probably": _OF_SHARE,
    "by_person": _OF_SHARE,
    "no_signal": _OF_SHARE,
    "feedback": (1.0, 0, "", ""),
    "time": (0.001, 2, "s", " s"),
    "cost": (1.0, 2, "dollars", " dollars"),
}
"""How a change is shown: the scale, the digits, and the unit of the difference and of the mean. The difference is that
of the numbers as shown, so that a reader can check it."""


def _questions(now: Counted) -> Figure:
    answered = now.figures.answered
    note = "1 answer" if answered.total == 1 else f"{answered.total} answers"
    return Figure("questions", "Questions", str(now.figures.questions), note, _named(now.window.exchanges))


def _answered(now: Counted) -> Figure:
    of = now.figures.answered
    note = f"{of.total - of.count} not answered{_interval(of)}"
    silent = _named(one for one in now.window.exchanges if one.answer.abstained)
    return Figure("answered", "Answered", percent(of), note, silent)


def _satisfied(now: Counted) -> Figure:
    votes = {one.answer.id: list(now.window.votes(one).values()) for one in now.window.exchanges}
    voted = sorted((name for name, said in votes.items() if said), key=lambda name: sum(votes[name]) / len(votes[name]))
    of = now.figures.satisfied
    return Figure("satisfied", "Satisfied", percent(of), _of(of, "votes"), tuple(voted))


def _probably(now: Counted) -> Figure:
    note = _of(now.people[Outcome.PROBABLY], "answers used, copied or shared without a vote")
    return _of_outcome(now, Outcome.PROBABLY, Figure("probably", "Probably satisfied", "", note, ()))


def _by_person(now: Counted) -> Figure:
    note = _of(now.people[Outcome.ANSWERED], "answers")
    return _of_outcome(now, Outcome.ANSWERED, Figure("by_person", "Answered by a person instead", "", note, ()))


def _of_outcome(now: Counted, outcome: Outcome, figure: Figure) -> Figure:
    about = now.window.about
    theirs = [one for one in now.window.exchanges if people.outcome(one, about[one.answer.id]) is outcome]
    return replace(figure, value=percent(now.people[outcome]), answers=_named(theirs))


def _no_signal(now: Counted) -> Figure:
    silent = [one.answer.id for one in now.window.exchanges if not now.window.about[one.answer.id]]
    of = now.figures.silent
    return Figure("no_signal", "No signal", percent(of), _of(of, "answers"), tuple(silent))


def _feedback(now: Counted) -> Figure:
    of = now.feedback
    value = "no data" if of.per_1000 is None else f"{of.per_1000:.0f}"
    ends = "" if of.low is None or of.high is None else f"; 95 % interval {of.low:.0f} to {of.high:.0f}"
    note = f"{of.given} on {of.n} answers where people were asked{ends}"
    return Figure("feedback", "Feedback per 1,000 answers", value, note, of.answers)


def _corrections(now: Counted) -> Figure:
    named = tuple(dict.fromkeys(one.answer_id for one in now.window.suggested))
    of = now.figures
    return Figure("corrections", "Corrections", str(of.suggested), f"{of.approved} approved", named)


def _time(now: Counted) -> Figure:
    took = sorted(((latency_ms(one) or 0.0, one.answer.id) for one in now.window.exchanges), reverse=True)
    of = now.figures
    slowest = "nothing was answered" if of.p95_ms is None else f"median; 95 % within {seconds(of.p95_ms)}"
    beyond = tuple(name for ms, name in took if of.p95_ms is not None and ms >= of.p95_ms)
    return Figure("time", "Time to answer", seconds(of.median_ms), slowest, beyond)


def _cost(now: Counted) -> Figure:
    of = now.usage
    written = tuple(one.answer.id for one in now.window.exchanges if one.answer.usage)
    if not of.answers:
        return Figure("cost", "Cost", "none", "no answer used a language model", ())
    tokens = f"{of.prompt_tokens + of.completion_tokens:,} tokens for {of.answers} answers"
    missing = f"; {of.unreported} calls were not counted by their server" if of.unreported else ""
    value = "not priced" if of.cost is None else money.written(of.cost)
    return Figure("cost", "Cost", value, tokens + missing, written)


_MAKERS: Mapping[str, Callable[[Counted], Figure]] = {
    "questions": _questions,
    "answered": _answered,
    "satisfied": _satisfied,
    "probably": _probably,
    "by_person": _by_person,
    "no_signal": _no_signal,
    "feedback": _feedback,
    "corrections": _corrections,
    "time": _time,
    "cost": _cost,
}


def percent(one: Share) -> str:
    """Return a share in percent, or that there is none."""
    return "no data" if one.value is None else f"{100 * one.value:.0f} %"


def seconds(ms: float | None) -> str:
    """Return milliseconds as seconds, or that there are none."""
    return "no data" if ms is None else f"{ms / 1000:.2f} s"


def _named(exchanges: Iterable[Exchange]) -> tuple[str, ...]:
    return tuple(one.answer.id for one in exchanges)


def _numbers(one: Share) -> dict[str, float | int | None]:
    return {**asdict(one), "value": one.value}


def _of(one: Share, what: str) -> str:
    return f"{one.count} of {one.total} {what}{_interval(one)}"


def _interval(one: Share) -> str:
    if one.low is None or one.high is None:
        return ""
    return f"; 95 % interval {100 * one.low:.0f} to {100 * one.high:.0f} %"
