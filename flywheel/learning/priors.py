"""Teach the priors (retrieval/priors.py): what people said of a passage and of its source, whatever they had asked.

    worth = ln((ups + S m) / (downs + S (1 - m))) - ln(m / (1 - m))

with `m` the share of ups among all judgements and S = `STRENGTH`: a Beta prior around what is usual, so that one vote
moves little and a passage without votes is worth 0. A judgement is a (question, passage) pair that somebody graded.

How much the worth counts is chosen on the older questions, each judged by what the others said. Where everybody judges
only what they were shown, a passage that is shown often is voted on often: a vote says more about the one who saw it
than about the next question, so expect little.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from flywheel.curation.dataset import Group
from flywheel.learning.lesson import Lesson
from flywheel.learning.ranking import Floats, Pipeline, linear, ndcg
from flywheel.learning.recurring import retried
from flywheel.learning.trial import Trial
from flywheel.model import Audience
from flywheel.retrieval.hybrid import LOG_ODDS
from flywheel.retrieval.priors import Priors
from flywheel.store import passages
from flywheel.store.releases import identity

NAME = "priors"
SLOT = "priors"
JUDGEMENTS = 100
STRENGTH = 4.0
"""How many judgements what is usual is worth."""
WEIGHTS = (0.0, 0.01, 0.02, 0.05, 0.1)
"""Tried: what a log-odds of 1 adds to a fused score."""
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Tally:
    """Ups and downs by name of a passage, or of a source."""

    ups: Mapping[str, float]
    downs: Mapping[str, float]

    def worth(self, name: str, usual: float, without: tuple[float, float] = (0.0, 0.0)) -> float:
        """Return the log-odds of a name above what is usual, in (0, 1); `without` are ups and downs to leave out."""
        ups = self.ups.get(name, 0.0) - without[0] + STRENGTH * usual
        downs = self.downs.get(name, 0.0) - without[1] + STRENGTH * (1 - usual)
        return float(np.log(ups / downs) - np.log(usual / (1 - usual)))


def enough(lesson: Lesson) -> tuple[bool, str]:
    """Tell whether there are judgements enough, and say why not."""
    count = sum(one.judged for group in lesson.parts.train for one in group.candidates)
    return count >= JUDGEMENTS, f"{count} judgements of listed passages; priors need {JUDGEMENTS}"


def fit(lesson: Lesson) -> dict[str, object]:
    """Count the judgements of the older questions and choose how much they say."""
    train = lesson.parts.train
    by_passage, usual = tallied(train, {})
    sources = _sources(lesson, by_passage)
    by_source, _ = tallied(train, sources)
    weight = chosen(train, lesson.pipeline, by_passage, usual)
    return {
        "weight": weight,
        "passages": _worths(by_passage, usual),
        "sources": _worths(by_source, usual) if len(set(sources.values())) > 1 else {},
    }


def evaluate(artefact: Mapping[str, object], lesson: Lesson) -> Trial:
    """Search again for the newer questions."""
    return retried(NAME, lesson, replace(lesson.champions.judged, priors=Priors.of(artefact)))


def export(artefact: Mapping[str, object]) -> str:
    """Return the content hash that names this artefact."""
    return identity(SLOT, artefact)


def tallied(groups: Sequence[Group], names: Mapping[str, str]) -> tuple[Tally, float]:
    """Count judgements under the names of passages, their own where there is none; return the share of ups too."""
    ups, downs = defaultdict[str, float](float), defaultdict[str, float](float)
    for group in groups:
        for one in group.candidates:
            if one.judged:
                (ups if one.grade > 0 else downs)[names.get(one.passage_id, one.passage_id)] += 1
    given, refused = sum(ups.values()), sum(downs.values())
    return Tally(ups, downs), (given + 1) / (given + refused + 2)


def chosen(groups: Sequence[Group], pipeline: Pipeline, tally: Tally, usual: float) -> float:
    """Return the weight that orders the stored shortlists best, each question's own judgements left out."""
    scale = LOG_ODDS if pipeline.reranker else 1.0
    reached = np.zeros(len(WEIGHTS))
    for group in groups:
        base, worth = linear(pipeline, group) / scale, _left_out(group, tally, usual)
        reached += [ndcg(group, base + weight * worth) for weight in WEIGHTS]
    return WEIGHTS[int(np.argmax(reached))]


def _left_out(group: Group, tally: Tally, usual: float) -> Floats:
    own = [(float(one.judged and one.grade > 0), float(one.judged and one.grade <= 0)) for one in group.candidates]
    pairs = zip(group.candidates, own, strict=True)
    return np.array([tally.worth(one.passage_id, usual, said) for one, said in pairs], dtype=np.float64)


def _worths(tally: Tally, usual: float) -> dict[str, float]:
    names = sorted({*tally.ups, *tally.downs})
    return {name: round(tally.worth(name, usual), _DIGITS) for name in names}


def _sources(lesson: Lesson, tally: Tally) -> dict[str, str]:
    """Return the source of each passage that everybody may read: what is private says nothing about a source."""
    ids = sorted({*tally.ups, *tally.downs})
    with lesson.core.database.read() as db:
        found = passages.find(db, ids, Audience.everyone())
    return {one.id: one.source for one in found}
