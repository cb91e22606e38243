"""What the report's charts draw: satisfaction week after week and by route, and a fortnight's answers day by day."""

from collections import defaultdict
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flywheel.measurement.baselines import likeliest
from flywheel.measurement.report.reading import Reading, answered
from flywheel.measurement.week import Share, bars, share_by_person
from flywheel.measurement.window import Window

NO_ROUTE = "none"
"""The route of answers for which no retriever was weighed."""


def trend(reading: Reading) -> list[dict[str, Any]]:
    """Return the share of yes among the votes of each week or month, oldest first, with its 95 % interval."""
    return [
        {"period": one.period, "from": one.start.isoformat(), "to": one.end.isoformat(), **_of_votes(_votes(one))}
        for one in reading.steps
    ]


def by_route(window: Window) -> list[dict[str, Any]]:
    """Return the same by route, the busiest first; answers without a vote count in `answers` alone."""
    votes: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    answers: dict[str, list[str]] = defaultdict(list)
    for one in window.exchanges:
        route = likeliest(one) or NO_ROUTE
        votes[route].extend(window.votes(one).items())
        answers[route].append(one.answer.id)
    busiest = sorted(answers, key=lambda route: (-len(answers[route]), route))
    return [{"route": route, "answers": answers[route], **_of_votes(votes[route])} for route in busiest]


def days(reading: Reading) -> list[dict[str, Any]]:
    """Return a bar per day of the last fortnight, or per week where more than a fortnight has something to show."""
    recent = [one for step in reading.steps for one in step.exchanges]
    about = {name: done for step in reading.steps for name, done in step.about.items()}
    fortnight = reading.window.start - timedelta(weeks=1)
    young = all(answered(one) >= fortnight for one in recent)
    drawn = bars(recent, about, timedelta(days=1) if young else timedelta(days=7))
    return [{**asdict(one), "first": one.first.isoformat()} for one in drawn]


def _votes(window: Window) -> list[tuple[str, bool]]:
    return [cast for one in window.exchanges for cast in window.votes(one).items()]


def _of_votes(votes: list[tuple[str, bool]]) -> dict[str, Any]:
    counted: Share = share_by_person(votes)
    return {**asdict(counted), "value": counted.value}
