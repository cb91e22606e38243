"""Make the router's probabilities mean what they say, and find the threshold above which it may be trusted.

Everything here works on *out-of-fold* values: what a model said of training questions that it had not seen, nor any
question made from the same document.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flywheel.routing.model import Scope
from flywheel.routing.router import NEVER

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

PRECISION = 0.95
"""What the router promises of the questions that it routes: the lower end of the precision's 95 % interval."""
BLEND = (1.0, 8.0)
"""How much the linear part and the votes count where too few questions are there to find out; near what banking77,
clinc150 and route_mix arrive at from their train questions."""
SCOPE = Scope(odds=1.0, similarity=10.0, intercept=-4.5)
"""The scope of a question where no question without an answer is known; one half at a similarity of .45 (clinc150's
train questions)."""
_ENOUGH_OUTSIDE = 10
_PULL = 1e-3


@dataclass(frozen=True, slots=True)
class Unseen:
    """What was said of each training question by a model that had not seen it.

    `linear` and `voted` have shape (n, labels), `truth` the place of each question's label, `weights` how much each
    counts, `similarity` the cosine to the nearest training question with an answer; `rows` says which questions these
    are.
    """

    linear: Floats
    voted: Floats
    truth: Numbers
    weights: Floats
    similarity: Floats
    rows: Numbers


def blend(unseen: Unseen) -> tuple[float, float]:
    """Return how much each part counts: the two weights, at least 0, under which the truth is likeliest."""
    from scipy.optimize import minimize  # type: ignore[import-untyped]  # noqa: PLC0415 - training only, no types

    def loss(weights: Floats) -> float:
        shares = probabilities(unseen, (float(weights[0]), float(weights[1])))
        told = np.log(np.clip(shares[np.arange(len(shares)), unseen.truth], 1e-12, None))
        return float(-np.average(told, weights=unseen.weights) + _PULL * np.sum(np.square(weights - BLEND)))

    found = minimize(loss, np.array(BLEND), method="L-BFGS-B", bounds=[(0.0, 20.0), (0.0, 60.0)])
    return float(found.x[0]), float(found.x[1])


def probabilities(unseen: Unseen, weights: tuple[float, float]) -> Floats:
    """Return the blended probabilities, shape (n, labels)."""
    logits = weights[0] * unseen.linear + weights[1] * unseen.voted
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def wilson_low(right: Floats, total: Floats) -> Floats:
    """Return the lower ends of 95 % Wilson intervals of shares (Wilson, 1927); totals are above 0."""
    z, p = 1.959964, right / total
    width = z * np.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    return np.asarray((p + z * z / (2 * total) - width) / (1 + z * z / total))


def threshold(confidence: Floats, right: NDArray[np.bool_], precision: float = PRECISION) -> float:
    """Return the smallest confidence from which on the lower Wilson bound of precision reaches `precision`.

    Ties count together. `NEVER` where no confidence does: then nothing is routed.
    """
    order = np.argsort(-confidence, kind="stable")
    sorted_confidence, hits = confidence[order], np.cumsum(right[order], dtype=np.float64)
    total = np.arange(1, len(order) + 1, dtype=np.float64)
    last_of_tie = np.append(sorted_confidence[1:] < sorted_confidence[:-1], True)[: len(order)]
    reaching = np.flatnonzero(last_of_tie & (wilson_low(hits, total) >= precision)) if len(order) else np.array([])
    return float(sorted_confidence[reaching[-1]]) if len(reaching) else NEVER


def scope(odds: Sequence[float], similarity: Floats, inside: NDArray[np.bool_]) -> Scope:
    """Return the curve from log-odds and similarity to the probability of an answer, fitted out of fold."""
    if min(int(inside.sum()), int((~inside).sum())) < _ENOUGH_OUTSIDE:
        return SCOPE
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - a training job's library

    fitted = LogisticRegression(C=1.0).fit(np.column_stack([odds, similarity]), inside)
    of_odds, of_similarity = map(float, fitted.coef_[0])
    return Scope(of_odds, of_similarity, float(fitted.intercept_[0]))


def calibration_error(confidence: Floats, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width (Guo et al., 2017), in [0, 1]."""
    places = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    gaps = [
        abs(float(confidence[places == one].mean() - right[places == one].mean())) * float((places == one).mean())
        for one in range(bins)
        if (places == one).any()
    ]
    return float(sum(gaps))
