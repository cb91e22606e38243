"""Find planted topics again: 12 topics of banking77 with 15 questions each, over several draws of topics.

    python -m tests.benchmarks.clusters --data FOLDER [--draws 20] [--cache FOLDER]

Prints the adjusted Rand index of each draw (noise counts as one group), how many planted topics are the majority of no
group, and the mean and worst over draws. Beside it stands k-means that is told how many topics there are.
"""

import argparse
import gzip
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from flywheel.gateways.encoder import open_encoder
from flywheel.measurement.understanding import clusters
from flywheel.ports import Vectors
from tests.benchmarks.corpora import encoded, say

TOPICS, EACH = 12, 15
Labels = NDArray[np.str_]


def labelled(folder: Path) -> tuple[list[str], Labels]:
    """Return the questions of a data set and their labels; its test split is left alone."""
    with gzip.open(folder / "queries.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["split"] != "test"]
    return [row["text"] for row in rows], np.array([row["label"] for row in rows])


def draw(labels: Labels, seed: int) -> NDArray[np.int64]:
    """Return rows of `TOPICS` topics, `EACH` questions each, shuffled."""
    rng = np.random.default_rng(seed)
    topics = rng.choice(np.unique(labels), TOPICS, replace=False)
    rows = [rng.choice(np.flatnonzero(labels == one), EACH, replace=False) for one in topics]
    return rng.permutation(np.concatenate(rows))


def lost(truth: Labels, found: NDArray[np.int64]) -> int:
    """Return how many planted topics are the majority of no group."""
    groups = set(found.tolist()) - {clusters.NOISE}
    majorities = {Counter(truth[found == one].tolist()).most_common(1)[0][0] for one in groups}
    return len(set(truth.tolist()) - majorities)


def measure(vectors: Vectors, labels: Labels, draws: Sequence[int]) -> None:
    """Print the figures of every draw and over all."""
    figures = []
    for seed in draws:
        rows = draw(labels, seed)
        some, truth = vectors[rows], labels[rows]
        found = clusters.grouped(some)
        told = KMeans(TOPICS, n_init=10, random_state=seed).fit_predict(some)
        index, groups = adjusted_rand_score(truth, found), int(found.max()) + 1
        figures.append((index, lost(truth, found), adjusted_rand_score(truth, told), lost(truth, told)))
        say(f"draw {seed:3}: adjusted Rand index {index:.3f}, {groups} groups, {figures[-1][1]} topics lost")
    indices, gone, told_indices, told_gone = (np.array(one) for one in zip(*figures, strict=True))
    say(f"mean {indices.mean():.3f}, median {np.median(indices):.3f}, worst {indices.min():.3f}")
    say(f"topics lost: {int(gone.sum())} of {TOPICS * len(gone)}; draws that lost none: {(gone == 0).mean():.0%}")
    say(f"draws at .7 or above: {(indices >= 0.7).mean():.0%}")
    say(f"k-means told k: mean {told_indices.mean():.3f}, worst {told_indices.min():.3f}, lost {int(told_gone.sum())}")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder banking77")
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "flywheel-benchmarks")
    parser.add_argument("--draws", type=int, default=20)
    given = parser.parse_args()
    texts, labels = labelled(given.data)
    vectors = encoded(open_encoder(), texts, given.cache)
    measure(vectors, labels, range(given.draws))


if __name__ == "__main__":
    main()
