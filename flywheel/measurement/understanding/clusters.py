"""Find questions that ask about the same thing, from ten questions up, without being told how many topics there are.

HDBSCAN (Campello, Moulavi and Sander, 2013) finds dense places, and which ones depends much on its settings and on how
many dimensions it sees. So it runs with twenty settings, and two questions belong together as far as those runs agree
(evidence accumulation: Fred and Jain, 2005; average linkage over the share of runs that joined them). Two groups that
are nearly as near to each other as each is to itself are one: that is a topic so large that it was cut up. A group
whose questions have little in common is no topic, and its questions are noise, -1: most questions may be noise. Pure,
and nothing is drawn by chance: the same vectors in the same order give the same groups.
"""

import numpy as np
from numpy.typing import NDArray

from flywheel.ports import Vectors

FEWEST = 10
"""Questions below which nothing is grouped."""
MOST = 3_000
"""Questions that groups are found among; of more, evenly spaced ones are, and the others join the group they are near.
Time and memory grow with the square: 3,000 take about 5 s on one core and 150 MB."""
AGREEMENT = 0.7
"""The share of runs that must have joined two questions, on average over two groups. Measured on draws of 12 topics of
banking77 (`python -m tests.benchmarks.clusters`): with .5 topics melt into each other, with .8 they fall apart."""
ONE = 0.85
"""The mean cosine between two groups, beside that within them, from which on they are one."""
MANY, ONE_OF_MANY = 500, 0.82
"""From so many questions on it is this: large topics are cut into more pieces then, and .85 leaves them lie. Among 180
questions .82 joins twice as many topics of banking77 that are of their own."""
COHERENT = 0.35
"""The least mean cosine between the questions of a topic: below lie groups of anything (banking77's topics: .42 to .8;
groups found among unrelated questions: mostly .2 to .35)."""
ALONE = 0.5
"""The least mean cosine where all questions together would be one topic: no run can tell a single dense place."""
NEAR = 0.45
"""The least cosine to a topic's middle with which a question belongs to it."""
NOISE = -1
_DIMENSIONS = (8, 12, 16, 20, 24)
_SETTINGS = (-2, -1, 0, 1)  # smallest cluster of a run, less the cube root of the number of questions
_NEIGHBOURS = 3
_STEPS = 10

Groups = NDArray[np.int64]
"""Shape (n,): each question's group, numbered from 0, the largest first; -1 for none."""


def grouped(vectors: Vectors) -> Groups:
    """Return the group of each question; `vectors` holds one unit vector per question, shape (n, dimensions)."""
    n = len(vectors)
    if n < FEWEST:
        return np.full(n, NOISE, dtype=np.int64)
    rows = np.unique(np.linspace(0, n - 1, min(n, MOST)).round().astype(np.int64))
    found = np.full(n, NOISE, dtype=np.int64)
    found[rows] = _merged(vectors[rows], _coherent(vectors[rows], _joined(_agreement(vectors[rows]))))
    return _numbered(_with_strays(vectors, found))


def middles(vectors: Vectors, groups: Groups) -> Vectors:
    """Return the unit vector in the middle of each group, shape (groups, dimensions)."""
    count = int(groups.max(initial=NOISE)) + 1
    made = np.array([vectors[groups == one].mean(axis=0) for one in range(count)], dtype=np.float32)
    return _unit(made.reshape(count, vectors.shape[1]))


def smallest(n: int) -> int:
    """Return how many questions make a group among n: 3 of 30, 5 of 180, 10 of 1,000, 15 of 3,000."""
    return max(3, round(0.62 * float(n**0.4)))


def _agreement(vectors: Vectors) -> NDArray[np.float32]:
    """Return the share of runs that joined each two questions, shape (n, n), in [0, 1]."""
    n, runs = len(vectors), 0
    joined = np.zeros((n, n), dtype=np.float32)
    for dimensions in _DIMENSIONS:
        reduced = _reduced(vectors, dimensions)
        for less in _SETTINGS:
            one = _run(reduced, max(2, smallest(n) + 1 + less))
            joined += (one[:, None] == one[None, :]) & (one != NOISE)[:, None]
            runs += 1
    return joined / np.float32(runs)


def _run(reduced: Vectors, least: int) -> Groups:
    """Return the groups of one HDBSCAN run, every question drawn to its nearest group (spherical k-means)."""
    from sklearn.cluster import HDBSCAN  # noqa: PLC0415 - a report's library

    seen = HDBSCAN(
        min_cluster_size=least, min_samples=min(_NEIGHBOURS, least), cluster_selection_method="leaf", copy=True
    )
    found: Groups = seen.fit_predict(reduced).astype(np.int64)
    if (found == NOISE).all():
        return found
    for _ in range(_STEPS):
        nearest = (reduced @ middles(reduced, found).T).argmax(axis=1)
        closer: Groups = np.unique(nearest, return_inverse=True)[1].astype(np.int64)
        if np.array_equal(closer, found):
            break
        found = closer
    return found


def _joined(agreement: NDArray[np.float32]) -> Groups:
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415 - a report's library

    linked = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - AGREEMENT
    )
    found: Groups = linked.fit_predict(1 - agreement).astype(np.int64)
    return found


def _coherent(vectors: Vectors, groups: Groups) -> Groups:
    """Return groups without those that are too small or have too little in common."""
    kept = groups.copy()
    for one in np.unique(groups):
        mine = groups == one
        if int(mine.sum()) < smallest(len(groups)) or _alike(vectors[mine]) < COHERENT:
            kept[mine] = NOISE
    if (kept == NOISE).all() and _alike(vectors) >= ALONE:
        kept[:] = 0
    return kept


def _merged(vectors: Vectors, groups: Groups) -> Groups:
    """Return groups of which no two are one, the nearest merged first."""
    kept, enough = groups.copy(), ONE if len(groups) < MANY else ONE_OF_MANY
    while True:
        names = np.unique(kept[kept != NOISE])
        if len(names) < 2:
            return kept
        sums = np.array([vectors[kept == one].sum(axis=0) for one in names], dtype=np.float64)
        sizes = np.array([(kept == one).sum() for one in names], dtype=np.float64)
        products = sums @ sums.T
        within = (np.diag(products) - sizes) / (sizes * (sizes - 1))
        nearness = products / np.outer(sizes, sizes) / np.sqrt(np.outer(within, within))
        np.fill_diagonal(nearness, -1.0)
        one, other = np.unravel_index(int(nearness.argmax()), nearness.shape)
        if nearness[one, other] < enough:
            return kept
        kept[kept == names[other]] = names[one]


def _alike(vectors: Vectors) -> float:
    """Return the mean cosine between two different questions."""
    size, middle = len(vectors), vectors.mean(axis=0)
    return (float(middle @ middle) * size - 1) / max(size - 1, 1)


def _with_strays(vectors: Vectors, groups: Groups) -> Groups:
    """Return groups with the questions near to one that belong to none, and without their members that are not near."""
    names = np.unique(groups[groups != NOISE])
    if not len(names):
        return groups
    numbered = np.where(groups == NOISE, NOISE, np.searchsorted(names, groups)).astype(np.int64)
    cosines = vectors @ middles(vectors, numbered).T
    own = np.where(groups == NOISE, cosines.argmax(axis=1), numbered)
    near = cosines[np.arange(len(own)), own] >= NEAR
    return np.where(near, names[own], NOISE).astype(np.int64)


def _numbered(groups: Groups) -> Groups:
    """Return groups numbered from 0, the largest first, of equal ones that with the earliest question."""
    names, first, sizes = np.unique(groups[groups != NOISE], return_index=True, return_counts=True)
    order = names[np.lexsort((first, -sizes))]
    number = {int(name): place for place, name in enumerate(order)}
    return np.array([number.get(int(one), NOISE) for one in groups], dtype=np.int64)


def _reduced(vectors: Vectors, dimensions: int) -> Vectors:
    """Return unit vectors along the directions in which the questions differ most, shape (n, dimensions or fewer)."""
    centred = (vectors - vectors.mean(axis=0)).astype(np.float64)
    _, directions = np.linalg.eigh(centred.T @ centred)
    kept = min(dimensions, len(vectors) - 1)
    return _unit((centred @ directions[:, ::-1][:, :kept]).astype(np.float32))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit
