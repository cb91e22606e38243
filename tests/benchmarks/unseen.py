"""What does learning from votes bring for questions about passages that nobody has voted on?

    python -m tests.benchmarks.unseen --data FOLDER … [--voted 100 300 600 1000] [--splits 11] [--limit-queries 2000]

Every question of the train split is voted on once, rightly; dev questions are about other areas of the company, so none
of their passages was a target. For each number of voted questions and each split, drawn at random, the linear reranker
learns from 70 % of them, the gate judges it on the other 30 % by other people, and nDCG@10 on dev is compared with what
serves untrained. Printed: mean and worst gain of the 11 splits without the gate, how many the gate let serve, and mean
and worst gain with it (0 where it held). Both sides order the same stored lists of 40.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import gettempdir

import numpy as np

from flywheel.core import Core
from flywheel.curation.dataset import Candidate, Group
from flywheel.curation.split import Split
from flywheel.gateways.encoder import open_encoder
from flywheel.learning import ranker
from flywheel.learning.gate import Decision, judge
from flywheel.learning.ranking import Floats, Pipeline, evaluate
from flywheel.learning.trial import on_heldout
from flywheel.model import Audience
from flywheel.retrieval.fusion import DEFAULT_ALPHA
from flywheel.retrieval.search import shortlist
from tests.benchmarks import corpora
from tests.benchmarks.corpora import Query, say
from tests.benchmarks.rooms import room

_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_PERSONS = 25
_TRAIN = 0.7
_UNTRAINED = Pipeline(DEFAULT_ALPHA)
_GRADE = 3.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """The gain on dev of one split's reranker, in nDCG@10, and whether the gate let it serve."""

    gain: float
    serves: bool


def main() -> None:
    """Measure each data folder in an index of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True, nargs="+")
    parser.add_argument("--voted", type=int, nargs="+", default=[100, 300, 600, 1000])
    parser.add_argument("--splits", type=int, default=11)
    parser.add_argument("--limit-queries", type=int)
    parser.add_argument("--cache", type=Path, default=Path(gettempdir()) / "flywheel-benchmarks")
    given = parser.parse_args()
    for folder in given.data:
        part = corpora.read(folder, open_encoder(), given.cache)
        with room(part) as core:
            train = _groups(core, [one for one in part.queries if one.split == "train"][: given.limit_queries])
            dev = _groups(core, [one for one in part.queries if one.split == "dev"][: given.limit_queries])
        before = evaluate(_UNTRAINED, dev).ndcg
        say(f"{part.name}: {len(train)} questions to vote on, {len(dev)} of dev, untrained {before.mean():.4f}")
        for voted in given.voted:
            if voted <= len(train):
                _tell(voted, [_split(train, dev, before, voted, seed) for seed in range(given.splits)])


def _tell(voted: int, outcomes: Sequence[Outcome]) -> None:
    free = [one.gain for one in outcomes]
    gated = [one.gain if one.serves else 0.0 for one in outcomes]
    say(
        f"  {voted:5} voted  without the gate {np.mean(free):+.4f}, worst {min(free):+.4f}"
        f"  gate: {sum(one.serves for one in outcomes)} of {len(outcomes)} serve,"
        f" {np.mean(gated):+.4f}, worst {min(gated):+.4f}"
    )


def _split(train: Sequence[Group], dev: Sequence[Group], before: Floats, voted: int, seed: int) -> Outcome:
    order = np.random.default_rng(seed).permutation(len(train))[:voted].tolist()
    cut = int(_TRAIN * voted)
    parts = Split(
        tuple(train[n] for n in order[:cut]), tuple(train[n] for n in order[cut:]), _DAY, straddling=0, shared_persons=0
    )
    artefact = ranker.learned(parts.train, _UNTRAINED)
    challenger = ranker.replaced(artefact, _UNTRAINED)
    trial = on_heldout(
        ranker.NAME, parts, evaluate(_UNTRAINED, parts.heldout).ndcg, evaluate(challenger, parts.heldout).ndcg
    )
    gain = float((evaluate(challenger, dev).ndcg - before).mean())
    return Outcome(gain, judge([trial], seed)[0].decision is not Decision.HELD)


def _groups(core: Core, queries: Sequence[Query]) -> list[Group]:
    """Return the questions with what retrieval lists for them untrained, graded; persons take turns."""
    groups = []
    for n, query in enumerate(queries):
        hits = shortlist(core, query.text, Audience.everyone()).hits
        candidates = [
            Candidate(hit.passage_id, hit.features, _GRADE * query.relevant.get(hit.passage_id, 0.0), judged=False)
            for hit in hits
        ]
        listed = {hit.passage_id for hit in hits}
        wanted = {one: _GRADE * grade for one, grade in query.relevant.items()}
        missed = tuple(sorted((grade for one, grade in wanted.items() if one not in listed), reverse=True))
        groups.append(
            Group(query.id, query.text, f"U{n % _PERSONS}", _DAY + timedelta(hours=n), None, tuple(candidates),
                  missed, wanted=wanted)
        )  # fmt: skip
    return groups


if __name__ == "__main__":
    main()
