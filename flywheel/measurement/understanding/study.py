"""A study: the questions of a window and the weeks before it, looked at from every side, once.

Everything is computed from the two windows and from rows that only grow, cut at the moment the window was read, so that
the same study can be made again later. What may differ then is where documents stand in the index.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from flywheel.core import Core
from flywheel.measurement.understanding import cases as asked_cases
from flywheel.measurement.understanding import drift, levers, matrix, record, segments, shifts, stall, topics
from flywheel.measurement.understanding.cases import Case
from flywheel.measurement.understanding.drift import Drift
from flywheel.measurement.understanding.levers import Failure
from flywheel.measurement.understanding.matrix import Matter
from flywheel.measurement.understanding.segments import Segment
from flywheel.measurement.understanding.shifts import Shift
from flywheel.measurement.understanding.stall import Stall
from flywheel.measurement.understanding.topics import Topic
from flywheel.measurement.window import Window
from flywheel.store import expertise, owners


@dataclass(frozen=True, slots=True)
class Study:
    """What was found. `asked` are the topics of all cases, `troubles` those of the failed ones alone.

    `routes` tells how the share of each route changed; `owned` names the owner of a passage; `weeks` is how many weeks
    the window and those before it are, `left_out` how many of their oldest cases were too many to look at.
    """

    cases: tuple[Case, ...]
    failures: Mapping[str, Failure]
    asked: tuple[Topic, ...]
    troubles: tuple[Topic, ...]
    matters: tuple[Matter, ...]
    segments: tuple[Segment, ...]
    drift: Drift
    routes: Mapping[str, Shift]
    stall: Stall
    owned: Mapping[str, str]
    weeks: int
    left_out: int


def made(core: Core, window: Window, before: Window) -> Study:
    """Study a window; `before` are the weeks that went before it."""
    every = asked_cases.collect(window, before)
    found = every[-asked_cases.MOST :]
    vectors = asked_cases.encoded(core, found)
    failures = levers.failures(core, found, vectors, window, before)
    asked = topics.of(core, found, vectors, failures)
    failed = np.array([one.id in failures for one in found], dtype=np.bool_)
    troubles = topics.of(core, [one for one in found if one.id in failures], vectors[failed], failures)
    matters = matrix.matters(troubles or asked, failures)
    with core.database.read() as db:
        named = expertise.open_channels(db) | {one.removeprefix("channel:") for one in window.readable}
        parts = segments.of(found, frozenset(named), owners.persons(db))
        first = {passage for one in matters for failure in one.failures for passage in failure.nearest}
        owned = record.owners(db, first, window.readable)
        wheel = stall.read(db, window.seen)
    return Study(
        cases=tuple(found),
        failures=failures,
        asked=tuple(asked),
        troubles=tuple(troubles),
        matters=tuple(matters),
        segments=tuple(parts),
        drift=drift.measured(vectors, topics.asked(found), [one.shift for one in asked]),
        routes=_routes(found),
        stall=wheel,
        owned=owned,
        weeks=round((window.end - before.start).days / 7),
        left_out=len(every) - len(found),
    )


def _routes(cases: list[Case]) -> dict[str, Shift]:
    routes = [segments.route(one) for one in cases]
    names = sorted(set(routes) - {""})
    if not names:
        return {}
    when = topics.asked(cases)
    hits = (np.array(routes)[:, None] == np.array(names)[None, :]).astype(np.float64)
    return dict(zip(names, shifts.shifted(hits, when.is_now, when.blocks), strict=True))
