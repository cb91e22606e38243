"""The numbers of a study as plain JSON, unrounded: what the sections of a report and `GET /v1/topics` hold."""

from dataclasses import asdict

from flywheel.measurement.understanding.segments import Segment
from flywheel.measurement.understanding.shifts import Shift
from flywheel.measurement.understanding.stall import Stall
from flywheel.measurement.understanding.study import Study
from flywheel.measurement.understanding.topics import Topic
from flywheel.measurement.week import Share

ROUTES_LEVEL = 0.01
"""The level at which the share of a route has changed, all routes considered."""
_NEWEST = 20
_NAMES = {
    ("asker", "new"): "people who asked nothing before",
    ("asker", "heavy"): "the people who ask most",
    ("asker", "regular"): "people who ask now and then",
    ("owner", "owner"): "people who own a document",
    ("owner", "no owner"): "people who own no document",
}


def of_topics(made: Study) -> dict[str, object]:
    """Return topics, failures' topics and segments."""
    return {
        "questions": sum(one.is_now for one in made.cases),
        "questions_before": sum(not one.is_now for one in made.cases),
        "weeks": made.weeks,
        "left_out": made.left_out,
        "in_no_topic": sum(one.is_now for one in made.cases) - sum(one.size for one in made.asked),
        "topics": [topic(one) for one in made.asked],
        "failures": [topic(one) for one in made.troubles],
        "segments": [_segment(one) for one in made.segments],
    }


def topic(one: Topic) -> dict[str, object]:
    """Return a topic with its newest answers and all its `members`; `label` is null where it cannot be quoted."""
    return {
        "label": one.label or None,
        "questions": one.size,
        "questions_before": one.earlier,
        "persons": one.persons,
        "unquotable": one.unquotable,
        "share": one.shift.now,
        "share_before": one.shift.before,
        "growth": _shift(one.shift),
        "has_grown": one.has_grown,
        "is_new": one.is_new,
        "satisfied": share(one.satisfied),
        "no_signal": share(one.silent),
        "failed": share(one.failing),
        "lever": None if one.lever is None else one.lever.value,
        "levers": {lever.value: count for lever, count in sorted(one.levers.items())},
        "examples": list(one.examples),
        "members": list(one.members),
        "answers": list(one.answers[:_NEWEST]),
        "failed_answers": list(one.failed[:_NEWEST]),
    }


def of_drift(made: Study) -> dict[str, object]:
    """Return what the tests of change say."""
    told = asdict(made.drift)
    grown = [one for one in made.asked if one.has_grown]
    return {
        **told,
        "found": made.drift.is_found,
        "grown": [{"label": one.label or None, **_shift(one.shift)} for one in grown],
        "routes": {name: _shift(one) for name, one in made.routes.items()},
        "mix_changed": any(one.p is not None and one.p <= ROUTES_LEVEL for one in made.routes.values()),
    }


def of_stall(one: Stall) -> dict[str, object]:
    """Return how the wheel fares."""
    return {
        "state": one.state.value,
        "turns": one.turns,
        "tested": one.tested,
        "learners": [asdict(learner) for learner in one.learners],
    }


def share(one: Share) -> dict[str, float | int | None]:
    """Return a share with its value."""
    return {**asdict(one), "value": one.value}


def segment(one: Segment) -> str:
    """Return a segment in words."""
    said = {
        "route": f"questions for {one.value}",
        "channel": f"questions in {one.value}",
        "length": f"{one.value} questions",
    }
    return said.get(one.name) or _NAMES.get((one.name, one.value), f"{one.name} {one.value}")


def _segment(one: Segment) -> dict[str, object]:
    told = asdict(one) | {"satisfied": share(one.satisfied), "answered": share(one.answered)}
    return {**told, "answers": list(one.answers[:_NEWEST]), "worse": list(one.worse)}


def _shift(one: Shift) -> dict[str, object]:
    return {**asdict(one), "change": one.change}
