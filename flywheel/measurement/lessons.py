"""The learning part of a turn: every learner is taught, its challenger tried, and the gate decides.

Nothing is stored here. Of several challengers for one place that pass, the one that gains most serves. A model that a
person rolled back does not come back by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flywheel.core import Core
from flywheel.learning.challenge import Challenge, Learner, challenge, learners
from flywheel.learning.gate import Decision, Verdict, judge
from flywheel.learning.lesson import Lesson
from flywheel.measurement import evidence, records
from flywheel.measurement.material import Material
from flywheel.registry import Outcome, Record, Release
from flywheel.routing import champion as router_champion
from flywheel.store import releases


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of a turn's learners: evidence by learner, challengers with what the gate decided, and records."""

    evidence: dict[str, object]
    settled: tuple[tuple[Release, Decision], ...]
    records: tuple[Record, ...]


def learn(material: Material) -> Learned:
    """Try every learner that has enough to learn from."""
    lesson = material.lesson
    told: dict[str, object] = {}
    made: list[Challenge] = []
    for learner in learners(lesson):
        enough, why = learner.enough(lesson)
        if enough:
            made.append(challenge(learner, lesson))
        elif why:
            told[learner.NAME] = evidence.of_untrained(
                f"Too little data: {why}.", lesson.parts, _version(lesson, learner)
            )
    verdicts = judge([one.trial for one in made], lesson.seed)
    kept = [_unless_taken_back(lesson.core, one.id, verdict) for one, verdict in zip(made, verdicts, strict=True)]
    settled, log = [], []
    for one, verdict in zip(made, _one_per_place(made, kept), strict=True):
        champion = _version(lesson, one)
        found = evidence.of_verdict(verdict, one, lesson.parts, champion)
        told[one.learner] = found
        settled.append((_challenger(material, one, found), verdict.decision))
        versions = {"champion": champion, "challenger": one.id}
        log += records.of_verdict(verdict, material.labelling.snapshot, versions, lesson.core.now())
        log += records.of_seconds(one, lesson.questions, lesson.core.now())
    return Learned(told, tuple(settled), tuple(log))


def _version(lesson: Lesson, one: Learner | Challenge) -> str:
    """Return the release that serves in a learner's place, or what serves by default."""
    slot = one.slot if isinstance(one, Challenge) else one.SLOT
    if slot == router_champion.NAME:
        return router_champion.read(lesson.core.database, lesson.core.encoder.name)[1]
    return lesson.champions.versions.get(slot, "default")


def _one_per_place(made: Sequence[Challenge], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Hold all challengers for a place that passed but the one that gains most."""
    best: dict[str, tuple[float, str]] = {}
    for one, verdict in zip(made, verdicts, strict=True):
        if verdict.decision is not Decision.HELD:
            best[one.slot] = max(best.get(one.slot, (-1.0, "")), (verdict.overall.difference, one.learner))
    return [
        verdict
        if verdict.decision is Decision.HELD or best[one.slot][1] == one.learner
        else _held(verdict, f"{best[one.slot][1]} gains more in the same place.")
        for one, verdict in zip(made, verdicts, strict=True)
    ]


def _challenger(material: Material, made: Challenge, found: dict[str, object]) -> Release:
    return Release(
        id=made.id,
        learner=made.slot,
        artefact=made.artefact,
        evidence={"origin": "people", "learner": made.learner, **evidence.summary(found)},
        snapshot=material.labelling.snapshot,
        created_at=material.lesson.core.now(),
        outcome=Outcome.HELD,
        serving=False,
    )


def _unless_taken_back(core: Core, release_id: str, verdict: Verdict) -> Verdict:
    """Hold a model that somebody rolled back: what a person took away does not come back by itself."""
    with core.database.read() as db:
        stored = releases.find(db, release_id)
    if stored is None or stored.outcome is not Outcome.ROLLED_BACK:
        return verdict
    return _held(verdict, "This very model was rolled back before; only a person lets it serve again.")


def _held(verdict: Verdict, reason: str) -> Verdict:
    if verdict.decision is Decision.HELD:
        return verdict
    return replace(verdict, decision=Decision.HELD, reason=f"{reason} {verdict.reason}")
