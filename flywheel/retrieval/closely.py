"""Read the first passages of a list closely: with the cross-encoder, where one is switched on and released.

The score that stood at a place stays there, so that a reordered list falls as before and compares as before.
"""

import logging
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.errors import ArtefactError
from flywheel.ports import PairScorer
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.hybrid import Ranked, linear
from flywheel.retrieval.reranking import TOP, Blend, blended, read_as
from flywheel.retrieval.tower import scorer_named

_LOG = logging.getLogger(__name__)


def read(core: Core, question: str, ranked: Sequence[Ranked], champions: Champions) -> list[Ranked]:
    """Return the list with its first `TOP` in the order of the blend; their features tell the `cross` score."""
    blend = champions.blend
    scorer = _scorer(core, blend)
    if scorer is None or blend is None or not blend.weight or not ranked:
        return list(ranked)
    head = ranked[:TOP]
    texts = [read_as(one.passage.title, one.passage.heading_path, one.passage.text) for one in head]
    cross = scorer.scores(question, texts)
    scores = blended(_linear(head, champions), cross, blend.weight)
    reordered = []
    for place, chosen in enumerate(np.argsort(-scores, kind="stable").tolist()):
        features = {**head[chosen].features, "cross": float(cross[chosen])}
        reordered.append(head[chosen]._replace(score=head[place].score, features=features))
    return [*reordered, *ranked[TOP:]]


def _scorer(core: Core, blend: Blend | None) -> PairScorer | None:
    """Return the cross-encoder of a blend; where its files are broken the list stays as it is, and the log says so."""
    if blend is None:
        return None
    try:
        return scorer_named(core.pair_scorer, blend.model)
    except ArtefactError as error:
        _LOG.warning("ranking without the cross-encoder: %s", error)
        return None


def _linear(head: Sequence[Ranked], champions: Champions) -> NDArray[np.float64]:
    """Return the linear scores, as they were learned with: a hit's own score is a reranker's bent into [0, 1]."""
    if champions.reranker is None:
        return np.array([one.score for one in head], dtype=np.float64)
    return linear(head, champions.reranker)


def versions(core: Core, champions: Champions) -> Mapping[str, str]:
    """Return the versions that serve; a released cross-encoder that is not switched on here does not."""
    blend, scorer = champions.blend, core.pair_scorer
    if blend is None or _scorer(core, blend) is not None:
        return champions.versions
    why = "not switched on" if scorer is None else "another one is switched on"
    return {**champions.versions, "cross_encoder": f"default ({why})"}
