"""A language model as judge, measured against people: what a turn does with it, and what the report says of it.

    choose a sample → judge it, three runs a metric → marks (medians) → compare with people → records, queue, report

Nobody is judged by a model inside a request. Scores are shown only where the judge was shown to agree with people;
without a judge there are none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from flywheel.answering import budget
from flywheel.core import Core
from flywheel.measurement.judge import queueing, running, sampling
from flywheel.measurement.judge.calibration import Calibration, calibrated, labelled
from flywheel.measurement.judge.marks import OVERALL, Marks, given, steady
from flywheel.measurement.judge.people import Words, words
from flywheel.measurement.judge.running import Budget, Ran
from flywheel.measurement.judge.scores import Score, score
from flywheel.measurement.judge.telling import Told, section
from flywheel.measurement.section import Section
from flywheel.measurement.week import week_of
from flywheel.measurement.window import Window, read
from flywheel.registry import Record
from flywheel.store import judgements, reviews
from flywheel.store.database import Session

COMPARED = timedelta(weeks=12)
"""How far back a judge is compared with people."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a judge stands at a moment: its marks of the last weeks, what people said, and the comparison, by metric."""

    marks: Marks
    words: Words
    calibrations: Mapping[str, Calibration]


@dataclass(frozen=True, slots=True)
class InTurn:
    """What a turn stores: what judging came to, as plain JSON, and the records of the week's scores."""

    evidence: Mapping[str, object]
    records: tuple[Record, ...]


def judge(core: Core, per_week: int = sampling.PER_WEEK, calls: int | None = None) -> Ran:
    """Judge what is chosen of this week and the last, as far as the budget goes, and put up what people should see."""
    now, panel = core.now(), core.panel
    if not panel.judges:
        return Ran()
    period, start, end = week_of(now)
    with core.database.read() as db:
        week = read(db, period, (start, end), now, None)
        last = read(db, week_of(start - timedelta(days=1))[0], (start - timedelta(days=7), start), now, None)
    chosen = [*sampling.chosen(last, per_week), *sampling.chosen(week, per_week)]
    allowed = budget.calls_left(core, panel.calls if calls is None else calls)
    ran = running.run(core, chosen, Budget(allowed, panel.tokens))
    with core.database.begin() as db:
        for one in _standing(db, week, [OVERALL]):
            reviews.put(db, queueing.items(one.marks, one.words, one.calibrations[OVERALL], now))
    return ran


def in_turn(core: Core) -> InTurn:
    """Judge as far as a turn's budget goes; return what is to be stored of it."""
    ran = judge(core)
    with core.database.read() as db:
        made = records(db, core.now())
    return InTurn({name: value for name, value in asdict(ran).items() if name != "refused"}, tuple(made))


def records(db: Session, at: datetime) -> list[Record]:
    """Return the records of a moment's week: each judge's scores, and how it agrees with people."""
    period, start, end = week_of(at)
    window = read(db, period, (start, end), at, None)
    strata = sampling.strata(window)
    found: list[Record] = []
    for one in _standing(db, window, [OVERALL]):
        versions = {"judge": one.marks.judge}
        for metric, rubric in sorted(one.marks.rubrics.items()):
            made = score(strata, one.marks.of.get(metric, {}))
            if made is not None:
                found.append(_score_record(f"judged_{metric}", made, (at, period), {**versions, "rubric": rubric}))
        found += _agreement_records(one.calibrations[OVERALL], (at, period), versions)
    return found


def told(db: Session, window: Window) -> Section:
    """Return the report's section on the judge, as of the moment when the window was read."""
    strata = sampling.strata(window)
    chosen = [one.answer.id for one in sampling.chosen(window)]
    has_model = any("model" in one.answer.versions for one in window.exchanges)
    until = min(window.end, window.seen + timedelta(microseconds=1))
    spent = [dict(one.usage) for one in judgements.between(db, window.start, until)] if until > window.start else []
    parts = [_told(one, window, strata, chosen) for one in _standing(db, window)]
    return section([one for one in parts if one.judged], spent, has_model=has_model)


def _told(one: Standing, window: Window, strata: Sequence[sampling.Stratum], chosen: Sequence[str]) -> Told:
    here = {exchange.answer.id for exchange in window.exchanges}
    scores = {metric: score(strata, marks) for metric, marks in one.marks.of.items()}
    apart = queueing.disagreeing(one.marks, one.words, one.calibrations[OVERALL])
    compared = labelled(one.marks, OVERALL, one.words)
    return Told(
        judge=one.marks.judge,
        judged=tuple(name for name in one.marks.answers if name in here),
        waiting=tuple(name for name in chosen if name not in one.marks.answers),
        scores={metric: made for metric, made in sorted(scores.items()) if made is not None},
        calibrations=one.calibrations,
        compared=tuple(label.answer_id for label in compared),
        disagreed=tuple(name for name in apart if name in here),
        unread=one.marks.unread,
        steady=steady(one.marks),
    )


def _standing(db: Session, window: Window, metrics: Sequence[str] = ()) -> list[Standing]:
    """Return how each judge stands as of a window's moment, by what it said of the last twelve weeks' answers.

    Only some `metrics` are compared with people, or all without any: kappa's interval takes its time.
    """
    if not judgements.is_any(db, window.seen):
        return []
    span = (window.end - COMPARED, window.end)
    wide = read(db, f"12 weeks to {window.period}", span, window.seen, None)
    said = words(db, wide)
    return [
        Standing(marks, said, {one: _calibrated(marks, one, said) for one in metrics or sorted(marks.of)})
        for marks in given(db, _ids(wide), window.seen)
    ]


def _calibrated(marks: Marks, metric: str, said: Words) -> Calibration:
    return calibrated(labelled(marks, metric, said), f"{marks.judge} {metric}")


def _ids(window: Window) -> Iterable[str]:
    return [one.answer.id for one in sampling.judgeable(window)]


def _score_record(metric: str, made: Score, when: tuple[datetime, str], versions: Mapping[str, str]) -> Record:
    at, period = when
    return Record(at, metric, made.value, len(made.answers), made.low, made.high, dataset=period, versions=versions)


def _agreement_records(one: Calibration, when: tuple[datetime, str], versions: Mapping[str, str]) -> list[Record]:
    if one.agreement is None or one.agreement.equal.value is None:
        return []
    at, period = when
    equal, found = one.agreement.equal, one.agreement
    rows = [
        ("judged_agreement", equal.value, equal.low, equal.high),
        ("judged_kappa", found.kappa, found.low, found.high),
    ]
    return [
        Record(at, metric, value, equal.total, low, high, dataset=period, versions=versions)
        for metric, value, low, high in rows
        if value is not None
    ]
