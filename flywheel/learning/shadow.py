"""Let a challenger answer live questions in the shadow: beside the champion, for nobody to see.

The newest questions that people asked are searched and decided on twice, by what serves and by the same with the
challenger in its place, each with its own readers. Nothing is stored but counts. What is told: how often another
passage would come first, or others under the first three; answers gained and lost; routes changed; how much slower.
Latency and abstention are judged by `guardrails.py`: a broken one holds the challenger.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from flywheel.answering.decide import Thresholds, Verdict, decide, remembered, signals
from flywheel.answering.evidence import gather
from flywheel.answering.research import SECTION
from flywheel.answering.unknown import unknown
from flywheel.core import Core
from flywheel.errors import ArtefactError
from flywheel.learning import guardrails
from flywheel.learning.guardrails import Guard, Watched
from flywheel.model import Hit, Question
from flywheel.registry import Outcome, Release
from flywheel.retrieval import champions, search
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.sections import grown
from flywheel.routing import champion as router_champion
from flywheel.routing import router
from flywheel.routing.model import RouteModel, unpacked
from flywheel.routing.router import Plan
from flywheel.store import asked, releases
from flywheel.store.arms import Champion

MOST = 200
"""Questions tried."""
DECIDED = 40
"""How many of them, the newest, are decided on too: weighing what was found takes ten times as long as finding it."""
SINCE = timedelta(weeks=4)
THRESHOLDS = "thresholds"


@dataclass(frozen=True, slots=True)
class Shadow:
    """What a challenger would have done on `n` questions; times are p95 in milliseconds of computing.

    `gained`, `lost` and `abstained` (before and after) count answers among the `decided` newest of them.
    """

    n: int
    decided: int = 0
    first_changed: int = 0
    top3_changed: int = 0
    routes_changed: int = 0
    gained: int = 0
    lost: int = 0
    abstained: tuple[int, int] = (0, 0)
    p95_ms: tuple[float, float] = (0.0, 0.0)
    slot: str = ""

    @property
    def watched(self) -> list[Watched]:
        """Return the values that guardrails judge; thresholds are there to change how often nothing is answered."""
        before, after = (count / self.decided if self.decided else 0.0 for count in self.abstained)
        latency = Watched(Guard.LATENCY, *self.p95_ms, self.n)
        return (
            [latency] if self.slot == THRESHOLDS else [latency, Watched(Guard.ABSTENTION, before, after, self.decided)]
        )

    @property
    def objection(self) -> str:
        """Return which guardrail broke, as a sentence, or nothing."""
        broken = guardrails.objection(self.watched)
        return f"In the shadow, on {self.n} live questions: {broken}" if broken else ""

    @property
    def sentence(self) -> str:
        """Say what would have changed."""
        if self.n == 0:
            return "No live question could be answered in the shadow."
        changed = 100 * self.first_changed / self.n
        return (
            f"In the shadow it would have changed the first source of {changed:.0f} % of {self.n} "
            f"live questions; of {self.decided} it would have answered {self.gained} more and {self.lost} fewer."
        )

    def told(self) -> dict[str, object]:
        """Return all but the times as plain JSON: evidence is the same whenever the same ledger is learned from."""
        counts = {name: value for name, value in asdict(self).items() if name != "p95_ms"}
        return {**counts, "sentence": self.sentence}


@dataclass(frozen=True, slots=True)
class _Side:
    """One side: learned parts, the router (None: the one that serves), the thresholds."""

    parts: Champions
    router: RouteModel | None
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class _Done:
    top: tuple[str, ...]
    route: tuple[str, ...]
    abstained: bool | None
    milliseconds: float


def shadow(core: Core, challenger: Champion, clock: Callable[[], float] = time.process_time) -> Shadow:
    """Try a challenger on the newest live questions.

    `clock` counts seconds of computing, so that whatever else runs on the machine says nothing about either side.
    Of what changes only the words that a language model writes nothing is tried: it would have to write.

    Raises:
        ArtefactError: the challenger's artefact is none of its learner's.
    """
    with core.database.read() as db:
        questions = asked.newest(db, core.now() - SINCE, MOST)
    sides = _sides(core, challenger)
    if sides is None or not questions:
        return Shadow(0, slot=challenger.learner)
    before, after = sides
    vectors = core.encoder.encode([_text(one) for one in questions])
    for side in sides:  # warms caches up, which none of the two shall pay for
        _Tried(core, questions[0], vectors[0], clock).by(side, decided=False)
    trials = []
    for number, (question, vector) in enumerate(zip(questions, vectors, strict=True)):
        tried = _Tried(core, question, vector, clock)
        in_turn = (before, after) if number % 2 else (after, before)  # whoever comes second finds warm caches
        done = {id(side): tried.by(side, decided=number < DECIDED) for side in in_turn}
        trials.append((done[id(before)], done[id(after)]))
    return replace(_counted(trials), slot=challenger.learner)


def _sides(core: Core, challenger: Champion) -> tuple[_Side, _Side] | None:
    """Return both sides, or None for a learner that has no part in finding and deciding."""
    with core.database.read() as db:
        serving = releases.champions(db)
        thresholds = Thresholds.of(releases.serving(db, THRESHOLDS))
    before = _Side(champions.of(serving), None, thresholds)
    releases.verify(challenger)
    if challenger.learner == router_champion.NAME:
        return before, replace(before, router=unpacked(challenger.artefact))
    if challenger.learner == THRESHOLDS:
        return before, replace(before, thresholds=Thresholds.of(_as_release(challenger, core.now())))
    parts = champions.of({**serving, challenger.learner: challenger})
    if challenger.learner not in parts.versions:
        return None
    if parts.versions[challenger.learner] != challenger.id:
        raise ArtefactError(f"the artefact of {challenger.learner} cannot serve: {parts.versions[challenger.learner]}")
    return before, replace(before, parts=parts)


def _as_release(one: Champion, at: datetime) -> Release:
    return Release(one.id, one.learner, one.artefact, {}, "", at, Outcome.HELD, serving=False)


class _Tried:
    """One question, tried by one side after the other; what both find alike is weighed once."""

    def __init__(self, core: Core, question: Question, vector: NDArray[np.float32], clock: Callable[[], float]) -> None:
        self._core, self._question, self._vector, self._clock = core, question, vector, clock
        self._weighed: dict[tuple[str, ...], dict[str, float]] = {}

    def by(self, side: _Side, *, decided: bool) -> _Done:
        """Return what a side finds and, where that is to be decided, whether it would answer."""
        began = self._clock()
        plan = self._planned(side)
        text, audience = _text(self._question), self._question.audience
        inquiry = search.inquired(text, self._vector, audience, search.SHORTLIST, plan)
        found = search.found_by(self._core, inquiry, side.parts)
        took = (self._clock() - began) * 1e3
        hits = [one.hit(1.0) for one in found]
        top = tuple(hit.passage_id for hit in hits[:3])
        abstained = self._abstains(hits, side.thresholds) if decided else None
        return _Done(top, tuple(one.value for one in plan.searched), abstained, took)

    def _planned(self, side: _Side) -> Plan:
        text = _text(self._question)
        plan = search.planned(self._core, text, self._vector, self._question.audience)
        if side.router is None:
            return plan
        judged = side.router.judge(self._vector, text)
        return router.choose(judged, side.router.threshold, frozenset(plan.probabilities), router.NoChance())

    def _abstains(self, hits: Sequence[Hit], thresholds: Thresholds) -> bool:
        missing = unknown(_text(self._question), hits)
        decision = decide(self._signals(hits), 0.0, thresholds, missing, remembered(hits))
        return decision.verdict is Verdict.ABSTAIN

    def _signals(self, hits: Sequence[Hit]) -> Mapping[str, float]:
        listed = tuple(hit.passage_id for hit in hits)
        if listed not in self._weighed:
            text, audience = _text(self._question), self._question.audience
            sections = grown(self._core, hits, audience, SECTION)
            self._weighed[listed] = signals(text, hits, gather(self._core.encoder, text, sections))
        return self._weighed[listed]


def _counted(trials: Sequence[tuple[_Done, _Done]]) -> Shadow:
    first, second = (np.array([pair[side].milliseconds for pair in trials]) for side in (0, 1))
    decided = [(one.abstained, other.abstained) for one, other in trials if one.abstained is not None]
    return Shadow(
        n=len(trials),
        decided=len(decided),
        first_changed=sum(one.top[:1] != other.top[:1] for one, other in trials),
        top3_changed=sum(set(one.top) != set(other.top) for one, other in trials),
        routes_changed=sum(one.route != other.route for one, other in trials),
        gained=decided.count((True, False)),
        lost=decided.count((False, True)),
        abstained=(sum(one is True for one, _ in decided), sum(other is True for _, other in decided)),
        p95_ms=(float(np.percentile(first, 95)), float(np.percentile(second, 95))),
    )


def _text(question: Question) -> str:
    return question.standalone or question.text
