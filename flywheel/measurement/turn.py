"""Turn the wheel once: snapshot → labels → data set → challengers → gate → release or hold → records → report.

A turn is a row: queued, running, finished or failed. Whoever marks it as running runs it, and nobody else does; one
turn runs at a time. It belongs in a process of its own, because training has no place beside serving.

The snapshot's hash starts every random draw, so the same ledger and champions give the same artefacts and verdicts.
What fails is written into the row with its reason, and raised.
"""

import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np

from flywheel.core import Core
from flywheel.curation import dataset, labels
from flywheel.curation.split import Split, split
from flywheel.errors import NotFound
from flywheel.learning import release
from flywheel.learning.challenge import Challenge, challenge, guarded, learners, required_features, trial
from flywheel.learning.gate import Decision, Verdict, judge
from flywheel.learning.ranking import Pipeline
from flywheel.measurement import evidence, records, report, route_turn
from flywheel.registry import Outcome, Record, Release
from flywheel.retrieval import champions
from flywheel.retrieval.champions import Champions
from flywheel.store import ledger, releases, reports, turns
from flywheel.store import records as record_store
from flywheel.store.turns import Turn


@dataclass(frozen=True, slots=True)
class _Material:
    labelling: labels.Labelling
    examples: dataset.Dataset
    parts: Split
    champions: Champions
    routing: route_turn.Attempt

    @property
    def seed(self) -> int:
        return int(self.labelling.snapshot[:12], 16)

    @property
    def pipeline(self) -> Pipeline:
        return Pipeline(self.champions.alpha, self.champions.reranker)


@dataclass(frozen=True, slots=True)
class _Learned:
    evidence: dict[str, object]
    settled: tuple[tuple[Release, bool], ...]
    records: tuple[Record, ...]


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


def turn(core: Core, turn_id: str, channel: str | None = None) -> Turn:
    """Run a queued turn and return it; one that runs elsewhere, or has run, is returned as it stands.

    The report is made for `channel`: it quotes only what everybody there may read.

    Raises:
        NotFound: there is no such turn.
    """
    with core.database.begin() as db:
        mine = turns.claim(db, turn_id, core.now())
    if mine:
        with _failure_recorded(core, turn_id):
            _revolve(core, turn_id, channel)
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


def _revolve(core: Core, turn_id: str, channel: str | None) -> None:
    material = _gather(core)
    learned = _learn(core, material)
    found = evidence.of_data(material.labelling, material.examples, material.parts, material.seed)
    found["learners"] = learned.evidence
    now, snapshot = core.now(), material.labelling.snapshot
    made = report.compose(core, channel, found, turn_id)
    shortlists = records.of_shortlists(material.examples.listed, material.examples.positives, snapshot, now)
    with core.database.begin() as db:
        for challenger, passed in learned.settled:
            release.settle(db, challenger, turn_id, now, passed=passed)
        record_store.put(db, [*learned.records, *shortlists, *made.records])
        reports.put(db, made.report)
        turns.finish(db, turn_id, snapshot, found, now)


def _gather(core: Core) -> _Material:
    """Read the ledger and the champions in one unit of work, then make the data set of it."""
    with core.database.read() as db:
        everything = ledger.read(db)
        serving = champions.read(db)
    labelling = labels.curate(everything)
    examples = dataset.build(everything, labelling, required_features())
    texts = [one.text for one in examples.groups]
    vectors = core.encoder.encode(texts) if texts else np.zeros((0, core.encoder.dimensions), dtype=np.float32)
    return _Material(
        labelling, examples, split(examples.groups, vectors), serving, route_turn.attempt(core, everything)
    )


def _learn(core: Core, material: _Material) -> _Learned:
    """Try every learner that has enough to learn from; nothing is stored yet."""
    told: dict[str, object] = {}
    made: list[Challenge] = []
    for learner in learners(core, material.champions):
        enough, why = learner.enough(len(material.examples.groups))
        if enough:
            made.append(challenge(learner, material.parts, material.pipeline))
        else:
            serving = material.champions.versions[learner.NAME]
            told[learner.NAME] = evidence.of_untrained(f"Too little data: {why}.", material.parts, serving)
    settled, log = [], []
    ranking = [trial(one, material.parts) for one in made]
    verdicts = judge([*ranking, *material.routing.trial], material.seed)
    for one, judged in zip(made, verdicts[: len(made)], strict=True):
        champion = material.champions.versions[one.learner]
        verdict = _unless_taken_back(core, one.id, guarded(one, judged))
        told[one.learner] = evidence.of_verdict(verdict, one, material.parts, champion)
        settled.append((_challenger(core, material, one, verdict), verdict.decision is not Decision.HELD))
        versions = {"champion": champion, "challenger": one.id}
        log += records.of_verdict(verdict, material.labelling.snapshot, versions, core.now())
    routing = _routing(core, material, verdicts[len(made) :])
    return _Learned(told | routing.evidence, (*settled, *routing.settled), (*log, *routing.records))


def _routing(core: Core, material: _Material, verdicts: Sequence[Verdict]) -> _Learned:
    """Return what became of the router: nothing to tell where nobody said anything about routes."""
    tried, snapshot = material.routing, material.labelling.snapshot
    if tried.made is None:
        return _Learned({"router": route_turn.untrained(tried)} if tried.reason else {}, (), ())
    verdict = _unless_taken_back(core, tried.made.id, verdicts[0])
    told = route_turn.told(tried, tried.made, verdict)
    challenger = route_turn.release(tried.made, told, snapshot, core.now())
    versions = {"champion": tried.version, "challenger": tried.made.id}
    log = tuple(records.of_verdict(verdict, snapshot, versions, core.now()))
    return _Learned({"router": told}, ((challenger, verdict.decision is not Decision.HELD),), log)


def _challenger(core: Core, material: _Material, made: Challenge, verdict: Verdict) -> Release:
    champion = material.champions.versions[made.learner]
    return Release(
        id=made.id,
        learner=made.learner,
        artefact=made.artefact,
        evidence=evidence.summary(evidence.of_verdict(verdict, made, material.parts, champion)),
        snapshot=material.labelling.snapshot,
        created_at=core.now(),
        outcome=Outcome.HELD,
        serving=False,
    )


def _unless_taken_back(core: Core, release_id: str, verdict: Verdict) -> Verdict:
    """Hold a model that somebody rolled back: what a person took away does not come back by itself."""
    with core.database.read() as db:
        stored = releases.find(db, release_id)
    if stored is None or stored.outcome is not Outcome.ROLLED_BACK or verdict.decision is Decision.HELD:
        return verdict
    reason = f"This very model was rolled back before; only a person lets it serve again. {verdict.reason}"
    return replace(verdict, decision=Decision.HELD, reason=reason)
