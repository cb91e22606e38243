"""Find hard negatives: passages that look like the right one to the encoder, and are not.

A listed passage is one when it is clearly less near the question than the right passage, its cosine below
(1 - `RELATIVE_MARGIN`) times the right one's: TopK-PercPos of NV-Retriever (de Souza P. Moreira et al., 2024), and
`relative_margin` of `mine_hard_negatives` in sentence-transformers. Nearer ones are too often right as well and were
never labelled; training on them unfiltered costs up to 0.17 nDCG. Never one is a passage that anybody called right for
the same question, nor one whose text is nearly that of a right one. Pure: values in, ids out.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from flywheel.ports import Vectors

RELATIVE_MARGIN = 0.05
NEAR_EQUAL = 0.95
"""The cosine from which on two passages say the same."""
MOST = 5
"""Negatives of one positive."""


def mined(
    cosines: Mapping[str, float], positive: str, right: Collection[str], vectors: Mapping[str, Vectors]
) -> list[str]:
    """Return up to `MOST` negatives for a positive, the hardest first; ties by id.

    `cosines` holds each listed passage's cosine with the question; `right` are passages that somebody called right;
    `vectors` holds the passages' unit vectors, shape (dimensions,). A passage without a cosine or a vector is passed
    over: what cannot be checked is no negative.
    """
    highest = (1 - RELATIVE_MARGIN) * cosines.get(positive, 0.0)
    same = [vectors[one] for one in (positive, *right) if one in vectors]
    taken = {positive, *right}
    near = sorted(
        (one for one, cosine in cosines.items() if one not in taken and one in vectors and 0 < cosine < highest),
        key=lambda one: (-cosines[one], one),
    )
    kept: list[str] = []
    for one in near:
        if len(kept) < MOST and not _near_equal(vectors[one], same):
            kept.append(one)
    return kept


def _near_equal(vector: Vectors, others: Sequence[Vectors]) -> bool:
    return any(float(np.dot(vector, other)) >= NEAR_EQUAL for other in others)
