"""How good the bot is at questions that nobody in the replay asks: each week, through the use case that answers.

The questions are researched and never stored, so nothing is learned from them. Each belongs to one of the people, who
thereby decides in which arm of a canary it is: the figures are what people would meet, not what a release promises.

    nDCG@10, recall@1, recall@5    of the documents found, the best first; a verified answer stands for its source
    answered                       the bot answers and does not abstain
    satisfied                      it answers, and cites a document that the question wants
    verified, verified_wrong       it repeats a verified answer; one whose source the question does not want

Intervals are 95 % percentile bootstraps over questions (Efron and Tibshirani 1993, §13.3), the same draws each week.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from flywheel.answering.draft import Draft, Watch
from flywheel.answering.research import Task, research
from flywheel.core import Core
from flywheel.measurement.replay.people import Person
from flywheel.measurement.retrieval_set import Judged
from flywheel.model import Audience, Hit, Retriever
from flywheel.retrieval.metrics import ndcg_at, recall_at
from flywheel.store import verified

METRICS = ("ndcg_at_10", "recall_at_1", "recall_at_5", "answered", "satisfied", "verified", "verified_wrong")
_DRAWS = 2_000
_SEED = 20_260_101

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """Each metric's values, in [0, 1], shape (n,) in the order of the questions."""

    values: Mapping[str, Values]

    def mean(self, metric: str) -> float:
        """Return a metric's mean."""
        return float(self.values[metric].mean())

    def interval(self, metric: str, before: "Measured | None" = None) -> dict[str, float]:
        """Return a metric's mean, or its mean difference from an earlier week, with its interval."""
        paired = self.values[metric] - (0.0 if before is None else before.values[metric])
        rng = np.random.default_rng(_SEED)
        means = paired[rng.integers(0, len(paired), (_DRAWS, len(paired)))].mean(axis=1)
        low, high = np.quantile(means, [0.025, 0.975])
        return {"value": float(paired.mean()), "low": float(low), "high": float(high)}

    def among(self, chosen: Sequence[bool]) -> dict[str, float]:
        """Return n and every metric's mean over some of the questions; n alone where there are none."""
        rows = np.flatnonzero(np.array(chosen, dtype=np.bool_))
        means = {name: float(values[rows].mean()) for name, values in self.values.items()} if len(rows) else {}
        return {"n": float(len(rows)), **means}


def measure(core: Core, questions: Sequence[Judged], people: Sequence[Person]) -> Measured:
    """Research all questions as they would be answered now."""
    rows = [
        _scores(core, _researched(core, one.text, people[n % len(people)].id), one.relevance)
        for n, one in enumerate(questions)
    ]
    table = np.array(rows, dtype=np.float64).reshape(len(rows), len(METRICS))
    return Measured({name: table[:, n] for n, name in enumerate(METRICS)})


def _researched(core: Core, text: str, person: str) -> Draft:
    """Research one question; chance in routing starts from its words, the same in each week."""
    still = replace(core, rng=Random(text))  # noqa: S311 - for comparable weeks, not for secrets
    return research(still, Task(text, Audience.everyone(), person=person), Watch(core))


def _scores(core: Core, draft: Draft, relevance: Mapping[str, float]) -> list[float]:
    found = list(dict.fromkeys(_documents(core, draft.hits)))
    repeated = list(_source(core, draft.verified_id)) if draft.verified_id is not None else []
    cited = [*(one.external_id for one in draft.written.citations), *repeated]
    answered, right = not draft.abstained, any(one in relevance for one in cited)
    return [
        ndcg_at(found, relevance, 10),
        float(bool(found) and found[0] in relevance),
        recall_at(found, relevance, 5),
        float(answered),
        float(answered and right),
        float(draft.verified_id is not None),
        float(draft.verified_id is not None and not right),
    ]


def _documents(core: Core, hits: Sequence[Hit]) -> Iterable[str]:
    """Yield the external ids that hits stand for; people stand for none."""
    for hit in hits:
        if hit.retriever is Retriever.ANSWERS:
            yield from _source(core, hit.passage_id)
        elif hit.retriever is not Retriever.PEOPLE:
            yield hit.external_id


def _source(core: Core, verified_id: str) -> Iterable[str]:
    with core.database.read() as db:
        answer = verified.find(db, verified_id)
    return [answer.source] if answer is not None and answer.source else []
