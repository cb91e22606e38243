"""Search again for questions that people have judged, with other learned parts, and score what is found.

The stored forty are enough to compare two orders of them. What changes which passages are found at all (an adapter, a
memory, another query encoder) is compared here: both sides search both indexes anew, as each question's readers may.
The router that serves plans for both sides; chance, which lets the router explore, has no say.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.curation.dataset import Group
from flywheel.learning.ranking import RECALL_DEPTH, Scores, gain
from flywheel.retrieval import search
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.hybrid import Ranked

MOST = 1_000
"""How many held-out questions are searched anew, the newest: each takes about ten milliseconds and side."""


def searched(core: Core, champions: Champions, groups: Sequence[Group]) -> Scores:
    """Return nDCG@10 and recall@5 of what retrieval finds with these parts; every wanted passage counts."""
    found = [[one.passage.id for one in ranked] for ranked in rankings(core, champions, groups)]
    return Scores(
        np.array([ndcg(ids, one.wanted) for ids, one in zip(found, groups, strict=True)]),
        np.array([recall(ids, one.wanted) for ids, one in zip(found, groups, strict=True)]),
    )


def rankings(core: Core, champions: Champions, groups: Sequence[Group]) -> list[list[Ranked]]:
    """Return what retrieval finds for each question with these parts, best first."""
    if not groups:
        return []
    vectors = core.encoder.encode([one.text for one in groups])
    return [_found(core, champions, one, vector) for one, vector in zip(groups, vectors, strict=True)]


def ndcg(ids: Sequence[str], wanted: Mapping[str, float]) -> float:
    """Return nDCG@10 of a ranking against grades in (0, 3]; 0 where nothing is wanted."""
    ideal = gain(np.sort(np.array(list(wanted.values()), dtype=np.float64))[::-1])
    return gain(np.array([wanted.get(one, 0.0) for one in ids], dtype=np.float64)) / ideal if ideal > 0 else 0.0


def recall(ids: Sequence[str], wanted: Mapping[str, float], depth: int = RECALL_DEPTH) -> float:
    """Return the share of wanted passages among the first `depth`."""
    return len(wanted.keys() & set(ids[:depth])) / len(wanted) if wanted else 0.0


def _found(core: Core, champions: Champions, group: Group, vector: NDArray[np.float32]) -> list[Ranked]:
    plan = search.planned(core, group.text, vector, group.audience)
    inquiry = search.inquired(group.text, vector, group.audience, search.SHORTLIST, plan)
    return search.found_by(core, inquiry, champions)
