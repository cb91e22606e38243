"""Tell an administrator what people ask about, what to mend first, what changed, and whether the wheel still gains.

Every line is a plain sentence with the answers that it counts. What may not be quoted in the report's channel is
counted and never shown, and nobody is named but the owner of a source that everybody there may read.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flywheel.core import Core
from flywheel.measurement.section import Line, Section
from flywheel.measurement.understanding import figures, moves, study
from flywheel.measurement.understanding.drift import FEWEST, FEWEST_PERSONS
from flywheel.measurement.understanding.levers import Lever
from flywheel.measurement.understanding.matrix import EFFORT, ordered, points
from flywheel.measurement.understanding.moves import Todo
from flywheel.measurement.understanding.segments import Segment
from flywheel.measurement.understanding.stall import Learner, Stall, State
from flywheel.measurement.understanding.study import Study
from flywheel.measurement.understanding.topics import Topic
from flywheel.measurement.week import Share
from flywheel.measurement.window import Window

_MOST_TOPICS = 5
_MOST_POINTS = 5
_WORDS = {
    Lever.INVENTORY: "nothing that is written down answers them",
    Lever.CAPABILITY: "the search missed what is written down",
    Lever.ROUTER: "the search looked in the wrong place",
    Lever.RANKING: "the right passage was found and not shown",
    Lever.WRITING: "something near was found and the answer did not help",
    Lever.UNCLEAR: "nobody said what would have been right",
}


@dataclass(frozen=True, slots=True)
class Understood:
    """The parts of a report that say what people ask about; at most three things to do, most valuable first."""

    topics: Section
    matrix: Section
    drift: Section
    stall: Section
    todo: tuple[Todo, ...]


def told(core: Core, window: Window, before: Window) -> Understood:
    """Study a window and tell what was found; `before` are the weeks that went before it."""
    return of(study.made(core, window, before))


def of(made: Study) -> Understood:
    """Tell what a study found."""
    return Understood(
        topics=_topics(made),
        matrix=_matrix(made),
        drift=_drift(made),
        stall=_stall(made),
        todo=moves.of(made),
    )


def _topics(made: Study) -> Section:
    now = [one for one in made.cases if one.is_now]
    lines = [_summary(made, len(now)), *(_topic(one, made.weeks) for one in _notable(made.asked)[:_MOST_TOPICS])]
    hidden = [one for one in made.asked if not one.label]
    if hidden:
        count = sum(one.size for one in hidden)
        lines.append(
            Line(f"{_n(count, 'question')} in {_n(len(hidden), 'more topic')} cannot be quoted here.", _answers(hidden))
        )
    lines += [_worse(one, made.weeks) for one in made.segments if one.worse]
    if made.left_out:
        lines.append(
            Line(f"Only the newest {len(made.cases):,} questions were looked at, not {made.left_out:,} older ones.")
        )
    return Section("topics", "What people ask about", tuple(lines), figures.of_topics(made))


def _summary(made: Study, now: int) -> Line:
    size = sum(one.size for one in made.asked)
    if not made.asked:
        return Line(f"{_n(now, 'question')}: too few that are alike to tell topics.")
    rest = f"; {now - size} {'belongs' if now - size == 1 else 'belong'} to none" if now > size else ""
    return Line(f"{_n(now, 'question')} in {_n(len(made.asked), 'topic')}{rest}.", _answers(made.asked))


def _notable(asked: Sequence[Topic]) -> list[Topic]:
    """Return topics that can be named: those that grew first, then the largest of the window."""
    named = [one for one in asked if one.label and one.size]
    return sorted(named, key=lambda one: (not one.has_grown, -one.size, one.label))


def _topic(one: Topic, weeks: int) -> Line:
    satisfied = f"satisfied {_share(one.satisfied, 'votes')}" if one.satisfied.total else "nobody voted"
    quoted = f" For example: “{one.examples[0]}”" if one.examples else ""
    return Line(
        f"“{one.label}”: {_n(one.size, 'question')}, {_growth(one)}; {satisfied}, {_percent(one.silent)} without any "
        f"signal in {_n(weeks, 'week')}.{quoted}",
        one.answers,
    )


def _growth(one: Topic) -> str:
    if one.is_new:
        return f"new: {100 * one.shift.now:.0f} % of all, and none before"
    moved = f"{100 * one.shift.now:.0f} % of all, {100 * one.shift.before:.0f} % before"
    return f"{moved} (more than chance would give, p = {one.shift.p:.3f})" if one.has_grown else moved


def _worse(one: Segment, weeks: int) -> Line:
    shares = {
        "satisfied": (one.satisfied, one.satisfied_gap, "votes"),
        "answered": (one.answered, one.answered_gap, "questions"),
    }
    parts = [
        f"{what} {_share(share, of)}, {100 * -(gap or 0.0):.0f} points below the rest"
        for what, (share, gap, of) in shares.items()
        if what in one.worse
    ]
    return Line(f"Served worse in {_n(weeks, 'week')}: {figures.segment(one)}: {'; '.join(parts)}.", one.answers)


def _matrix(made: Study) -> Section:
    counts = Counter(one.lever for one in made.failures.values())
    numbers = {
        "points": points(made.asked),
        "levers": {one.value: counts[one] for one in Lever},
        "effort": {one.value: step for one, step in EFFORT.items()},
        "failed": len(made.failures),
        "weeks": made.weeks,
    }
    if not made.failures:
        text = f"Nothing is known to have gone wrong in {_n(made.weeks, 'week')}."
        return Section("matrix", "What to fix first", (Line(text),), numbers)
    total = f"{_n(len(made.failures), 'question')} of {len(made.cases)} went wrong in {_n(made.weeks, 'week')}: "
    why = "; ".join(f"{count} because {_WORDS[lever]}" for lever, count in counts.most_common())
    lines = [_point(one) for one in ordered(made.asked)[:_MOST_POINTS] if one.label]
    return Section("matrix", "What to fix first", (Line(f"{total}{why}.", _failed(made)), *lines), numbers)


def _point(one: Topic) -> Line:
    lever = one.lever or Lever.UNCLEAR
    return Line(
        f"“{one.label}”: {one.failing.count} of {one.volume} went wrong, mostly because {_WORDS[lever]}.", one.failed
    )


def _drift(made: Study) -> Section:
    one = made.drift
    lines = [Line(_drift_words(made), tuple(case.id for case in reversed(made.cases) if case.is_now))]
    grown = [topic for topic in made.asked if topic.has_grown and topic.label]
    if one.is_found and grown:
        names = ", ".join(f"“{topic.label}” ({_growth(topic)})" for topic in grown[:3])
        lines.append(Line(f"What grew: {names}.", _answers(grown)))
    lines += [
        Line(f"More questions went to {name}: {100 * shift.now:.0f} %, {100 * shift.before:.0f} % before.")
        for name, shift in made.routes.items()
        if shift.p is not None and shift.p <= figures.ROUTES_LEVEL and shift.change > 0
    ]
    return Section("drift", "Whether people ask otherwise", tuple(lines), figures.of_drift(made))


def _drift_words(made: Study) -> str:
    one = made.drift
    if one.auc is None or one.p is None:
        return (
            f"Too few to tell whether people ask otherwise: {one.now} and {one.before} questions of {one.persons} "
            f"people, where {FEWEST} each of {FEWEST_PERSONS} people are needed."
        )
    against = f"{one.now} questions against {one.before} of the weeks before"
    if one.is_found:
        smaller = min(p for p in (one.p, one.growth_p) if p is not None)
        return f"People ask about other things than before ({against}, p = {smaller:.3f})."
    return f"People ask about the same things as before ({against}, p = {one.p:.2f})."


def _stall(made: Study) -> Section:
    lines = [Line(_stall_words(made.stall))]
    if made.stall.turns and made.stall.state is not State.WINNING and made.failures:
        counts = Counter(one.lever for one in made.failures.values())
        rest = "; ".join(f"{count} because {_WORDS[lever]}" for lever, count in counts.most_common(3))
        lines.append(Line(f"What still goes wrong: {rest}.", _failed(made)))
    nearest = made.stall.nearest
    if nearest is not None and made.stall.state is not State.WINNING:
        lines.append(Line(_missing(nearest)))
    return Section("stall", "Whether the bot still learns", tuple(lines), figures.of_stall(made.stall))


def _stall_words(one: Stall) -> str:
    if one.turns == 0:
        return "No turn of the wheel had ended before this report."
    last = f"the last {_n(one.turns, 'turn')}"
    if one.state is State.WINNING:
        return f"It does: something was released in {last}."
    if one.state is State.STALLED:
        return f"It has stalled: {last} all had enough to test, and nothing was better."
    if one.state is State.STARVING:
        return f"It lacks votes: {one.tested} of {last} had enough judged questions to test anything."
    return f"Too early to tell: nothing was released in {last}."


def _missing(one: Learner) -> str:
    return (
        f"Nearest to a gain is {one.name}: {one.gain:+.3f} {one.metric} on {one.heldout} held-out questions, where "
        f"less than {one.smallest:.3f} may be chance. About {one.missing:,} more held-out questions would show it."
    )


def _answers(topics: Sequence[Topic]) -> tuple[str, ...]:
    return tuple(answer for one in topics for answer in one.answers)


def _failed(made: Study) -> tuple[str, ...]:
    return tuple(one.id for one in reversed(made.cases) if one.id in made.failures)


def _n(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _percent(one: Share) -> str:
    return "no data" if one.value is None else f"{100 * one.value:.0f} %"


def _share(one: Share, of: str) -> str:
    ends = (
        "" if one.low is None or one.high is None else f", 95 % interval {100 * one.low:.0f} to {100 * one.high:.0f} %"
    )
    return f"{_percent(one)} of {one.total} {of}{ends}"
