"""Train the router: from questions with their labels to the artefact that serves.

    linear      logistic regression, C = 10, classes balanced, on vectors and hashed words
    neighbours  kernel ridge regression on the vectors: votes of the training questions, the nearer the more
    blend       two weights, fitted on what models say of questions of documents that they did not see

An *example* is a question with its label. `group` names what it comes from (a document, a person's question): examples
of one group stay on one side of each fold, so that near copies do not tell on each other. The same examples and seed
give the same artefact. Scikit-learn is loaded when training begins, never by serving.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flywheel.learning import calibration
from flywheel.learning.calibration import Floats, Numbers, Unseen
from flywheel.learning.folds import folds
from flywheel.ports import Vectors
from flywheel.routing.model import OUT, RouteModel, Scope, odds, packed
from flywheel.routing.router import NEVER
from flywheel.routing.words import BUCKETS, buckets, weighed
from flywheel.store.releases import identity

NAME = "router"
INVERSE_PENALTY = 10.0
"""Scikit-learn's C; 10 beats 1 and 100 on banking77's and clinc150's train questions."""
BANDWIDTH = 1.5
RIDGE = 0.3
MOST_EXAMPLES = 3_000
"""More are sampled down, because every example is a row that serving multiplies."""
_MOST_BALANCE = 5.0
_ABSENT = -12.0
"""The logit of a label that a fold's training side does not have."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its label; `weight` in (0, 1].

    `group` names what it comes from, and is never empty; `form` the words that it was put in, where it was made.
    """

    text: str
    label: str
    group: str
    weight: float = 1.0
    form: str = ""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A trained router: what serves, and what was measured out of fold while training, plain JSON."""

    artefact: dict[str, object]
    evidence: dict[str, object]


@dataclass(frozen=True, slots=True)
class _Material:
    """Examples as arrays: vectors (n, dimensions), label numbers (n,), weights (n,)."""

    texts: tuple[str, ...]
    vectors: Floats
    truth: Numbers
    weights: Floats
    labels: tuple[str, ...]

    def part(self, rows: NDArray[np.int64]) -> "_Material":
        texts = tuple(self.texts[row] for row in rows)
        return _Material(texts, self.vectors[rows], self.truth[rows], self.weights[rows], self.labels)

    @property
    def inside(self) -> NDArray[np.bool_]:
        out = self.labels.index(OUT) if OUT in self.labels else -1
        return np.asarray(self.truth != out)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was fitted: see `RouteModel` for the arrays."""

    weights: Floats
    words: Floats
    bias: Floats
    rarity: NDArray[np.float32]
    votes: Floats


def fit(examples: Sequence[Example], vectors: Vectors, encoder: str, seed: int = 0) -> Fitted:
    """Train on examples with two labels or more; `vectors` has one unit vector per example."""
    kept = _sampled(len(examples), seed)
    material = _material([examples[row] for row in kept], vectors[kept])
    unseen = _out_of_fold(material, [examples[row] for row in kept], seed)
    parts = _fitted(material)
    blend = calibration.BLEND if unseen is None else calibration.blend(unseen)
    judged, evidence = _judged(unseen, blend, material)
    model = RouteModel(
        encoder=encoder,
        labels=material.labels,
        weights=parts.weights.astype(np.float32),
        words=parts.words.astype(np.float32),
        bias=parts.bias.astype(np.float32),
        rarity=parts.rarity,
        examples=material.vectors.astype(np.float32),
        votes=parts.votes.astype(np.float32),
        inside=material.inside,
        bandwidth=BANDWIDTH,
        blend=blend,
        threshold=judged[0],
        scope=judged[1],
    )
    counted = Counter(one.label for one in examples)
    return Fitted(packed(model), {"n": len(examples), "labels": dict(sorted(counted.items())), **evidence})


def export(artefact: Mapping[str, object]) -> str:
    """Return the content hash that names this artefact."""
    return identity(NAME, artefact)


def _sampled(count: int, seed: int) -> NDArray[np.int64]:
    if count <= MOST_EXAMPLES:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, MOST_EXAMPLES, replace=False))


def _material(examples: Sequence[Example], vectors: Vectors) -> _Material:
    labels = tuple(sorted({one.label for one in examples}))
    place = {label: number for number, label in enumerate(labels)}
    return _Material(
        tuple(one.text for one in examples),
        np.asarray(vectors, dtype=np.float64),
        np.array([place[one.label] for one in examples], dtype=np.int64),
        np.array([one.weight for one in examples], dtype=np.float64),
        labels,
    )


def _fitted(material: _Material) -> _Parts:
    rarity = _rarity(material.texts)
    weights, words, bias = _linear(material, rarity)
    return _Parts(weights, words, bias, rarity, _votes(material))


def _rarity(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return a weight per bucket: ln((1 + n) / (1 + texts with it)) + 1, as TF-IDF has it (Salton, 1988)."""
    seen = np.zeros(BUCKETS)
    for text in texts:
        seen[list(buckets(text))] += 1
    return np.asarray(np.log((1 + len(texts)) / (1 + seen)) + 1, dtype=np.float32)


def _linear(material: _Material, rarity: NDArray[np.float32]) -> tuple[Floats, Floats, Floats]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - a training job's library

    learner = LogisticRegression(C=INVERSE_PENALTY, class_weight="balanced", max_iter=300, tol=1e-3)
    learner.fit(_rows(material, rarity), material.truth, sample_weight=material.weights)
    dimensions, count = material.vectors.shape[1], len(material.labels)
    slopes, bias = np.zeros((count, dimensions + BUCKETS)), np.full(count, _ABSENT)
    if len(learner.classes_) == 2:  # scikit-learn keeps one row for two classes
        slopes[learner.classes_] = np.vstack([-learner.coef_ / 2, learner.coef_ / 2])
        bias[learner.classes_] = np.concatenate([-learner.intercept_ / 2, learner.intercept_ / 2])
    else:
        slopes[learner.classes_], bias[learner.classes_] = learner.coef_, learner.intercept_
    return slopes[:, :dimensions].T, slopes[:, dimensions:].T, bias


def _rows(material: _Material, rarity: NDArray[np.float32]) -> Any:
    from scipy import sparse  # type: ignore[import-untyped]  # noqa: PLC0415 - training only, no types

    found = [weighed(text, rarity) for text in material.texts]
    places, values = np.concatenate([one for one, _ in found]), np.concatenate([one for _, one in found])
    ends = np.cumsum([0, *(len(one) for one, _ in found)])
    words = sparse.csr_matrix((values, places, ends), shape=(len(found), BUCKETS))
    return sparse.hstack([sparse.csr_matrix(material.vectors), words]).tocsr()


def _votes(material: _Material) -> Floats:
    """Return the vote of each example for each label: (K + λ/w)⁻¹ (one-hot - share), K an RBF kernel."""
    count, labels = len(material.truth), len(material.labels)
    kernel = np.exp(-2 * BANDWIDTH * (1 - material.vectors @ material.vectors.T))
    kernel[np.arange(count), np.arange(count)] += RIDGE / (material.weights * _balance(material))
    wanted = np.eye(labels)[material.truth] - 1 / labels
    return np.asarray(np.linalg.solve(kernel, wanted))


def _balance(material: _Material) -> Floats:
    """Return a weight per example with which all labels count the same, but none more than `_MOST_BALANCE` times."""
    counts = np.maximum(np.bincount(material.truth, minlength=len(material.labels)), 1)
    return np.asarray(np.clip(len(material.truth) / len(material.labels) / counts, 0, _MOST_BALANCE)[material.truth])


def _out_of_fold(material: _Material, examples: Sequence[Example], seed: int) -> Unseen | None:
    """Return what models say of questions of unseen groups and forms; None where a label has too few groups to try."""
    made = folds(material.truth, [one.group for one in examples], [one.form for one in examples], seed)
    if not made:
        return None
    shape = (len(material.truth), len(material.labels))
    linear, voted, similarity = np.zeros(shape), np.zeros(shape), np.zeros(shape[0])
    for train, test in made:
        known, parts = material.part(train), _fitted(material.part(train))
        cosines = material.vectors[test] @ known.vectors.T
        words = [weighed(material.texts[row], parts.rarity) for row in test]
        told = np.array([values @ parts.words[places] for places, values in words])
        linear[test] = material.vectors[test] @ parts.weights + told + parts.bias
        voted[test] = np.exp(-2 * BANDWIDTH * (1 - cosines)) @ parts.votes
        similarity[test] = cosines[:, known.inside].max(axis=1)
    tested = np.sort(np.concatenate([test for _, test in made]))
    weights = material.weights * _balance(material)
    return Unseen(linear[tested], voted[tested], material.truth[tested], weights[tested], similarity[tested], tested)


def _judged(
    unseen: Unseen | None, blend: tuple[float, float], material: _Material
) -> tuple[tuple[float, Scope], dict[str, object]]:
    """Return threshold and scope, and the figures out of fold: accuracy, routed share, precision, calibration error."""
    if unseen is None:
        return (NEVER, calibration.SCOPE), {"out_of_fold": None}
    shares = calibration.probabilities(unseen, blend)
    chosen, confidence = shares.argmax(axis=1), shares.max(axis=1)
    right, asked = chosen == unseen.truth, material.labels.index(OUT) if OUT in material.labels else -1
    routed = chosen != asked
    threshold = calibration.threshold(confidence[routed], right[routed])
    inside = material.inside[unseen.rows]
    scope = calibration.scope([odds(one, material.labels) for one in shares], unseen.similarity, inside)
    sure = routed & (confidence >= threshold)
    figures = {
        "accuracy": float(right.mean()),
        "routed_share": float(sure.mean()),
        "routed_precision": float(right[sure].mean()) if sure.any() else None,
        "calibration_error": calibration.calibration_error(confidence, right),
    }
    return (threshold, scope), {"out_of_fold": figures, "threshold": threshold, "blend": list(blend)}
