"""Turn the wheel once: snapshot → labels → data set → challengers → gate → release or hold → records → report.

A turn is a row: queued, running, finished or failed. Whoever marks it as running runs it, and nobody else does; one
turn runs at a time. It belongs in a process of its own, because training has no place beside serving.

The snapshot's hash starts every random draw, so the same ledger and champions give the same artefacts and verdicts.
What fails is written into the row with its reason, and raised.
"""

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, tzinfo

from flywheel.core import Core
from flywheel.curation import review_queue
from flywheel.errors import NotFound
from flywheel.learning import release
from flywheel.learning.challenge import big_ones
from flywheel.measurement import (
    baseline,
    bookkeeping,
    evidence,
    guarding,
    judging,
    records,
    report,
    system,
    window_metrics,
)
from flywheel.measurement.edition import weekly
from flywheel.measurement.lessons import learn
from flywheel.measurement.material import gather
from flywheel.measurement.watch import watch
from flywheel.store import reports, turns
from flywheel.store.turns import Turn


def queue(core: Core, requested_by: str) -> str:
    """Ask for a turn and return its id; while one is waiting, that one's."""
    with core.database.begin() as db:
        return turns.queue(db, f"turn_{uuid.uuid4().hex[:16]}", requested_by, core.now()).id


def run_queued(core: Core, channel: str | None = None) -> Turn | None:
    """Run the turn that has waited longest; return None when none waits or another one runs."""
    with core.database.read() as db:
        waiting = turns.next_queued(db)
    if waiting is None:
        return None
    ran = turn(core, waiting.id, channel)
    return None if ran.state is turns.TurnState.QUEUED else ran


def turn(core: Core, turn_id: str, channel: str | None = None, zone: tzinfo = UTC) -> Turn:
    """Run a queued turn and return it; one that runs elsewhere, or has run, is returned as it stands.

    The report is made for `channel`: it quotes only what everybody there may read. Its week begins in `zone`.

    Raises:
        NotFound: there is no such turn.
    """
    with core.database.begin() as db:
        mine = turns.claim(db, turn_id, core.now())
    if mine:
        with _failure_recorded(core, turn_id):
            _revolve(core, turn_id, channel, zone)
        baseline.keep_up(core)  # what the turn let serve
    with core.database.read() as db:
        found = turns.find(db, turn_id)
    if found is None:
        raise NotFound(f"there is no turn {turn_id}")
    return found


@contextmanager
def _failure_recorded(core: Core, turn_id: str) -> Iterator[None]:
    completed = False
    try:
        yield
        completed = True
    finally:
        if not completed:
            error = sys.exc_info()[1]
            with core.database.begin() as db:
                turns.fail(db, turn_id, f"{type(error).__name__}: {error}", core.now())


def _revolve(core: Core, turn_id: str, channel: str | None, zone: tzinfo) -> None:
    watch(core)
    began = core.now()
    material = gather(core)
    lesson = material.lesson
    learned = learn(material)
    found = evidence.of_data(material.labelling, lesson.examples, lesson.parts, lesson.seed)
    found |= bookkeeping.told(material)
    found["learners"] = learned.evidence
    found["trainings"] = {one.NAME: one.due(lesson) for one in big_ones()}
    baseline.renew(lesson.core, lesson.parts)
    judged = judging.in_turn(core)
    found["judging"] = judged.evidence
    guarding.mind(core)
    now, snapshot = core.now(), lesson.snapshot
    with core.database.begin() as db:  # before the report, which tells what waits for people
        bookkeeping.keep(db, material, began, core.now())
        review_queue.fill(db, material.ledger, material.labelled, found, core.now())
    made = report.compose(core, channel, found, turn_id, weekly(now.astimezone(zone)))
    shortlists = records.of_shortlists(lesson.examples.listed, lesson.examples.positives, snapshot, now)
    week = window_metrics.of_report(lesson.core, made.report, material.ledger, material.labelling.labels)
    state = system.versions(core)
    with core.database.begin() as db:
        for challenger, decision in learned.settled:
            release.settle(db, challenger, turn_id, now, decision)
        records.keep(db, [*learned.records, *shortlists, *made.records, *week, *judged.records], state)
        reports.put(db, made.report)
        turns.finish(db, turn_id, snapshot, found, now)
