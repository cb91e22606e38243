"""The learning part of a turn: every learner is taught, its challenger tried, and the gate decides.

    taught    every learner that has enough to learn from makes a challenger and scores both sides
    judged    by the gate, at the level that is left after former turns' tries
    examined  what would pass answers the newest live questions in the shadow, and is trained again without each of
              those who judged most; then the gate decides with that
    placed    of several challengers for one place that pass, the one that gains most serves

Nothing is stored here. A model that was rolled back does not come back by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from flywheel.learning import influence
from flywheel.learning.challenge import AGAIN, FEW, QUICK, SEARCHING, Challenge, Learner, challenge, learners
from flywheel.learning.gate import Beside, Decision, Verdict, judge
from flywheel.learning.influence import Influence
from flywheel.learning.lesson import Lesson
from flywheel.learning.router_challenge import RouterLearner
from flywheel.learning.shadow import Shadow, shadow
from flywheel.learning.spending import Try, allowance
from flywheel.measurement import evidence, records, tries
from flywheel.measurement.material import Material
from flywheel.registry import Outcome, Record, Release
from flywheel.routing import champion as router_champion
from flywheel.store import releases
from flywheel.store.arms import Champion


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of a turn's learners: evidence by learner, challengers with what the gate said, and records."""

    evidence: dict[str, object]
    settled: tuple[tuple[Release, Decision], ...]
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class _Examined:
    """What was found about a challenger beside its trial; nothing where it would not have passed anyway."""

    beside: Beside
    shadow: Shadow | None = None
    influences: tuple[Influence, ...] = field(default=())

    def told(self) -> dict[str, object]:
        """Return it as plain JSON for the evidence."""
        found: dict[str, object] = {} if self.shadow is None else {"shadow": self.shadow.told()}
        return found | ({"influence": influence.told(self.influences)} if self.influences else {})


def learn(material: Material) -> Learned:
    """Try every learner that has enough to learn from."""
    lesson = material.lesson
    told: dict[str, object] = {}
    made: list[Challenge] = []
    taught: list[Learner] = []
    for learner in learners(lesson):
        enough, why = learner.enough(lesson)
        if enough:
            made.append(challenge(learner, lesson))
            taught.append(learner)
        elif why:
            reason = f"{why}." if why[0].isupper() else f"Too little data: {why}."
            told[learner.NAME] = evidence.of_untrained(reason, lesson.parts, _version(lesson, learner.SLOT))
    verdicts, examined = _judged(material, taught, made)
    settled, log = [], []
    for one, verdict, found in zip(made, verdicts, examined, strict=True):
        champion = _version(lesson, one.slot)
        told[one.learner] = evidence.of_verdict(verdict, one, lesson.parts, champion) | found.told()
        settled.append((_challenger(material, one, told[one.learner]), verdict.decision))
        log += _records(material, one, verdict, champion)
    return Learned(told, tuple(settled), tuple(log))


def _judged(
    material: Material, taught: Sequence[Learner], made: Sequence[Challenge]
) -> tuple[list[Verdict], list[_Examined]]:
    """Return the verdicts, and what was examined before."""
    lesson = material.lesson
    trials = [one.trial for one in made]
    with lesson.core.database.read() as db:
        past = tries.past(db)
        gone = {one.id for one in made if _was_taken_back(releases.find(db, one.id))}
    examined = [_Examined(_beside(past, one, material.labelling.snapshot)) for one in made]
    first = judge(trials, lesson.seed, {one.learner: found.beside for one, found in zip(made, examined, strict=True)})
    for place, verdict in enumerate(first):
        if verdict.decision is not Decision.HELD and made[place].id not in gone:
            examined[place] = _examine(lesson, taught[place], made[place], examined[place].beside)
    final = judge(trials, lesson.seed, {one.learner: found.beside for one, found in zip(made, examined, strict=True)})
    kept = [
        _held(verdict, "This very model was rolled back before; only a person lets it serve again.")
        if one.id in gone
        else verdict
        for one, verdict in zip(made, final, strict=True)
    ]
    return _one_per_place(made, kept), examined


def _beside(past: Sequence[Try], one: Challenge, snapshot: str) -> Beside:
    return Beside(allowance(past, one.slot, one.id, snapshot))


def _examine(lesson: Lesson, learner: Learner, made: Challenge, beside: Beside) -> _Examined:
    shown = shadow(lesson.core, Champion(made.id, made.slot, made.artefact))
    influences = _influences(lesson, learner, made)
    return _Examined(
        replace(beside, watched=tuple(shown.watched), objection=influence.objection(influences)), shown, influences
    )


def _influences(lesson: Lesson, learner: Learner, made: Challenge) -> tuple[Influence, ...]:
    if isinstance(learner, RouterLearner):
        return influence.measured(made.trial, learner.parts(lesson), lambda person: learner.without(lesson, person))
    if learner.NAME in QUICK:
        return influence.of_persons(learner, lesson, made.trial)
    again = learner.NAME in SEARCHING and len(lesson.parts.train) <= AGAIN
    return influence.of_persons(learner, lesson, made.trial, FEW) if again else ()


def _version(lesson: Lesson, slot: str) -> str:
    """Return the release that serves in a place, or what serves by default."""
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


def _records(material: Material, one: Challenge, verdict: Verdict, champion: str) -> list[Record]:
    now, snapshot = material.lesson.core.now(), material.labelling.snapshot
    versions = {"champion": champion, "challenger": one.id}
    return [
        *records.of_verdict(verdict, snapshot, versions, now),
        *records.of_seconds(one, material.lesson.questions, now),
        *tries.of_verdict(verdict, one, snapshot, now),
    ]


def _challenger(material: Material, made: Challenge, found: object) -> Release:
    told = found if isinstance(found, dict) else {}
    return Release(
        id=made.id,
        learner=made.slot,
        artefact=made.artefact,
        evidence={"origin": "people", "learner": made.learner, **evidence.summary(told)},
        snapshot=material.labelling.snapshot,
        created_at=material.lesson.core.now(),
        outcome=Outcome.HELD,
        serving=False,
    )


def _was_taken_back(stored: Release | None) -> bool:
    """Tell whether somebody rolled this very model back: what was taken away does not come back by itself."""
    return stored is not None and stored.outcome is Outcome.ROLLED_BACK


def _held(verdict: Verdict, reason: str) -> Verdict:
    if verdict.decision is Decision.HELD:
        return verdict
    return replace(verdict, decision=Decision.HELD, reason=f"{reason} {verdict.reason}")
