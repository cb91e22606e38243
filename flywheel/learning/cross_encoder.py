"""Learn how much a cross-encoder counts beside the linear order: one number, `weight`, for the first `TOP` passages.

    order = (1 - weight) * linear + weight * cross, as `retrieval.reranking.blended` computes it

The model itself is somebody else's and is not trained. It is tried only where one is switched on, by reading the stored
shortlists of the turn's questions anew, and timed while it reads: it may serve only if it adds at most `SLOWEST`
milliseconds to 95 of 100 questions on the machine of the turn. The time is what the whole head of a list takes.

Surprising: of its questions for learning only the newest `READ_AT_MOST` are read, since each takes as long as a person
would wait for it.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from flywheel.core import Core
from flywheel.curation.dataset import Group
from flywheel.learning.lesson import Lesson, ranked_trial
from flywheel.learning.ranking import Floats, Pipeline, Scores, linear, ndcg, recall
from flywheel.learning.trial import Trial
from flywheel.ports import PairScorer
from flywheel.retrieval.reranking import TOP, Blend, blended, read_as
from flywheel.store import passages
from flywheel.store.releases import identity

NAME = "cross_encoder"
SLOT = "cross_encoder"
QUESTIONS = 50
"""One parameter, as for the fusion weight; but each question takes a third of a second, and the gate needs 30 more."""
READ_AT_MOST = 200
SLOWEST = 300.0
"""Milliseconds that the 95th percentile may add to a question."""
PULL = 5.0
"""Leaving the weight that serves costs as much as in `fusion`."""
_STEP = 0.1
_DIGITS = 2


class CrossEncoding:
    """The learner for one turn: it keeps what the model said about each question, and how long that took."""

    NAME = NAME
    SLOT = SLOT

    def __init__(
        self,
        core: Core,
        scorer: PairScorer,
        serving: Blend | None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Learn for a model that is switched on; `serving` is the blend that serves now, if one does.

        `clock` counts seconds.
        """
        self._clock = clock
        self._core = core
        self._scorer = scorer
        self._weight = serving.weight if serving is not None and serving.model == scorer.name else 0.0
        self._said: dict[str, Floats] = {}
        self._took_ms: list[float] = []

    def enough(self, lesson: Lesson) -> tuple[bool, str]:
        """Tell whether there are questions enough to teach the weight, and say why not."""
        count = lesson.questions
        return count >= QUESTIONS, f"{count} questions with a trusted positive; the weight needs {QUESTIONS}"

    def fit(self, lesson: Lesson) -> dict[str, object]:
        """Learn from the lesson's older questions."""
        return self.learned(lesson.parts.train, lesson.pipeline)

    def evaluate(self, artefact: Mapping[str, object], lesson: Lesson) -> Trial:
        """Score both sides on the stored shortlists of the newer questions, timing the model."""
        heldout = lesson.parts.heldout
        standing = self.standing(lesson.pipeline, heldout)
        made = ranked_trial(NAME, lesson, standing, self.scored(artefact, lesson.pipeline, heldout))
        return replace(made, facts={**made.facts, **self.facts()}, objection=self.objection())

    def learned(self, train: Sequence[Group], champion: Pipeline) -> dict[str, object]:
        """Return the model and the weight with the best nDCG@10 on the newest training questions."""
        newest = train[-READ_AT_MOST:]
        weights = np.round(np.arange(0.0, 1.0 + _STEP / 2, _STEP), _DIGITS)
        worth = [self._worth(float(weight), newest, champion) for weight in weights]
        return {"model": self._scorer.name, "weight": float(weights[int(np.argmax(worth))])}

    def scored(self, artefact: Mapping[str, object], champion: Pipeline, heldout: Sequence[Group]) -> Scores:
        """Score the champion's pipeline with the cross-encoder on top.

        Raises:
            ArtefactError: the artefact is not a blend's.
        """
        return self._scores(Blend.of(artefact).weight, champion, heldout)

    def standing(self, champion: Pipeline, heldout: Sequence[Group]) -> Scores:
        """Score what serves now: the pipeline, with the cross-encoder where it serves already."""
        return self._scores(self._weight, champion, heldout)

    def export(self, artefact: Mapping[str, object]) -> str:
        """Return the content hash that names this artefact."""
        return identity(SLOT, artefact)

    def facts(self) -> dict[str, object]:
        """Return how long the model took for a question, in milliseconds."""
        p50, p95 = np.percentile(self._took_ms, [50, 95]) if self._took_ms else (0.0, 0.0)
        timed = {"questions": len(self._took_ms), "passages": TOP, "p50": round(float(p50), 1)}
        return {"model": self._scorer.name, "latency_ms": {**timed, "p95": round(float(p95), 1), "limit": SLOWEST}}

    def objection(self) -> str:
        """Return why it may not serve whatever it gains, or nothing."""
        p95 = float(np.percentile(self._took_ms, 95)) if self._took_ms else 0.0
        return f"It adds {p95:.0f} ms to one question in twenty; {SLOWEST:.0f} ms are allowed." if p95 > SLOWEST else ""

    def _worth(self, weight: float, train: Sequence[Group], champion: Pipeline) -> float:
        mean = float(self._scores(weight, champion, train).ndcg.mean())
        return mean - PULL * (weight - self._weight) ** 2 / len(train)

    def _scores(self, weight: float, champion: Pipeline, groups: Sequence[Group]) -> Scores:
        pairs = [(one, self._order(weight, champion, one)) for one in groups]
        return Scores(
            np.array([ndcg(group, scores) for group, scores in pairs]),
            np.array([recall(group, scores) for group, scores in pairs]),
        )

    def _order(self, weight: float, champion: Pipeline, group: Group) -> Floats:
        """Return scores that order a group's candidates: the blended head above the rest, which stays as it was."""
        scores = linear(champion, group)
        if not weight:
            return scores
        head = np.argsort(-scores, kind="stable")[:TOP]
        below = float(scores.min()) - 1.0
        order = below - np.argsort(np.argsort(-scores, kind="stable")).astype(np.float64)
        order[head] = blended(scores[head], self._cross(group, head.tolist()), weight) + abs(below) + 1.0
        return order

    def _cross(self, group: Group, head: Sequence[int]) -> Floats:
        """Return what the model says about the head of a group; a passage that is gone is read as empty."""
        if group.question_id not in self._said:
            ids = [group.candidates[place].passage_id for place in head]
            with self._core.database.read() as db:
                known = passages.written(db, ids)
            texts = [read_as(*known[one]) if one in known else "" for one in ids]
            began = self._clock()
            self._said[group.question_id] = self._scorer.scores(group.text, texts)
            self._took_ms.append((self._clock() - began) * 1e3)
        return self._said[group.question_id]


def learner(core: Core, serving: Blend | None) -> CrossEncoding | None:
    """Return the learner where a cross-encoder is switched on."""
    return None if core.pair_scorer is None else CrossEncoding(core, core.pair_scorer, serving)
