"""Choose which answers of a week are judged: a random sample of every route, and those that people voted on.

Each answer has a number drawn from the week and its id; of every stratum (the route that was likeliest) those with the
smallest numbers are sampled. So the sample is the same whenever it is drawn, and grows with the week. A stratum gets
its share of the sample, and at least `LEAST` answers: figures weigh strata back by their size. Abstentions are not
judged: whether it was right to abstain is not in the text.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flywheel.measurement.window import Window
from flywheel.store.ledger import Exchange

PER_WEEK = 40
LEAST = 3
MOST_VOTED = 100
"""Answers with votes that are judged besides, for comparing the judge with people."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """The answers of one route in a window: how many there are, and the ids of the sampled ones, as drawn."""

    route: str
    size: int
    sampled: tuple[str, ...]


def strata(window: Window, per_week: int = PER_WEEK) -> tuple[Stratum, ...]:
    """Return the sample of a window, by route."""
    by_route: dict[str, list[str]] = defaultdict(list)
    for one in judgeable(window):
        by_route[route_of(one)].append(one.answer.id)
    total = sum(map(len, by_route.values()))
    return tuple(
        Stratum(route, len(ids), _first(window.period, ids, _share_of(per_week, len(ids), total)))
        for route, ids in sorted(by_route.items())
    )


def judgeable(window: Window) -> list[Exchange]:
    """Return the exchanges whose answers can be judged, oldest first."""
    return [one for one in window.exchanges if not one.answer.abstained]


def chosen(window: Window, per_week: int = PER_WEEK) -> list[Exchange]:
    """Return the exchanges to judge: the sample first, each route in turn, then what people voted on, as drawn."""
    by_id = {one.answer.id: one for one in judgeable(window)}
    parts = strata(window, per_week)
    longest = max((len(one.sampled) for one in parts), default=0)
    ordered = [one.sampled[n] for n in range(longest) for one in parts if n < len(one.sampled)]
    voted = _first(window.period, [one for one in by_id if window.votes(by_id[one])], MOST_VOTED)
    return [by_id[one] for one in dict.fromkeys([*ordered, *voted])]


def route_of(exchange: Exchange) -> str:
    """Return the likeliest retriever of a question, `none` where none was weighed."""
    route = exchange.answer.route
    return min(route, key=lambda one: (-route[one], one)) if route else "none"


def _share_of(per_week: int, size: int, total: int) -> int:
    return min(size, max(LEAST, round(per_week * size / total)))


def _first(period: str, ids: Sequence[str], count: int) -> tuple[str, ...]:
    return tuple(sorted(ids, key=lambda one: _drawn(period, one))[:count])


def _drawn(period: str, answer_id: str) -> str:
    return hashlib.sha256(f"{period} {answer_id}".encode()).hexdigest()
