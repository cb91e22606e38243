"""What people probably wanted, when some of their votes are slips: each vote against what the others foretell.

A *slip* is a vote for a passage that was listed and not wanted, the first one the most often (1 / rank, as clicks fall
off: Joachims et al., 2005). What a question wanted is then a mixture (Dawid and Skene, 1979):

    P(wanted | vote)  ∝  P(wanted | index, others' votes)  *  (1 - slips  if it is what was voted for,
                                                               slips * chance of slipping there  otherwise)

and how often people slip comes out of the same votes. The others foretell by kernel ridge regression, whose left-out
predictions have a closed form, so that no vote is its own witness.

On banking77's train questions with a fifth of the votes wrong, drawn as assumed above (300 and 1,000 votes), 84 and
88 % of what is believed most is right where about 80 % of the votes were, and slips are put at 12 and 14 %; with no
vote wrong they are put at the least that is allowed, and next to nothing changes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flywheel.learning.recurring import Floats, Wishes

BANDWIDTH = 1.5
RIDGE = 0.3
LANDMARKS = 2_000
INDEX_WEIGHT = 10.0
OTHERS_WEIGHT = 5.0
"""How sharply the index's order and the others' votes tell; chosen on banking77's train questions, of 0 to 20."""
ROUNDS = 4
_FIRST, _LEAST, _MOST = 0.2, 0.02, 0.5
"""The share of slips that the first round takes for granted, and its bounds later."""
_FAINT = 0.05
_JITTER = 1e-4


@dataclass(frozen=True, slots=True)
class Smoother:
    """Kernel ridge regression on landmarks: what was wanted in, votes and leave-one-out predictions out.

    `features` (n, m) stand for the questions, `inverse` (m, m) is the ridge's, `root` (m, m) turns coefficients into
    votes of the landmarks, `leverage` (n,) is how much each question tells of itself.
    """

    features: Floats
    inverse: Floats
    root: Floats
    leverage: Floats

    def votes(self, wanted: Floats) -> Floats:
        """Return the landmarks' votes, shape (landmarks, targets)."""
        return np.asarray(self.root @ (self.inverse @ (self.features.T @ wanted)))

    def left_out(self, wanted: Floats) -> Floats:
        """Return what the other questions foretell for each, shape (n, targets)."""
        told = self.features @ (self.inverse @ (self.features.T @ wanted))
        own = self.leverage[:, None]
        return np.asarray((told - own * wanted) / (1 - own))


def smoother(vectors: Floats, landmarks: Floats) -> Smoother:
    """Return the regression of questions (n, dimensions) on some of them (m, dimensions)."""
    among = np.exp(-2 * BANDWIDTH * (1 - landmarks @ landmarks.T))
    lower = np.linalg.cholesky(among + _JITTER * np.eye(len(landmarks)))
    root = np.linalg.inv(lower).T
    features = np.exp(-2 * BANDWIDTH * (1 - vectors @ landmarks.T)) @ root
    inverse = np.linalg.inv(features.T @ features + RIDGE * np.eye(len(landmarks)))
    leverage = np.einsum("nm,nm->n", features @ inverse, features)
    return Smoother(features, inverse, root, np.minimum(leverage, 1 - 1e-6))


def spread(count: int) -> NDArray[np.int64]:
    """Return the rows of up to `LANDMARKS` of so many questions, spread evenly."""
    rows = np.linspace(0, max(count - 1, 0), min(count, LANDMARKS))
    return np.unique(rows.round().astype(np.int64))


def believed(known: Wishes) -> Floats:
    """Return each target's share in what a question wanted, shape (n, targets); rows add up to 1, or are 0 as before.

    A question that wanted no target stays as it is.
    """
    spoken = known.wanted.sum(axis=1) > 0
    if not spoken.any():
        return known.wanted
    others = smoother(known.vectors, known.vectors[spread(len(known.vectors))])
    chance = _chances(known)[:, None]
    shares, slips = known.wanted, _FIRST
    for _ in range(ROUNDS):
        foretold = _softmax(INDEX_WEIGHT * known.base + OTHERS_WEIGHT * others.left_out(shares))
        likely = np.where(known.wanted > 0, (1 - slips) * known.wanted, slips * chance)
        shares = _shared(foretold * likely) * spoken[:, None]
        kept = (shares * (known.wanted > 0)).sum(axis=1)[spoken]
        slips = float(np.clip(1 - kept.mean(), _LEAST, _MOST))
    return _shared(np.where(shares >= _FAINT, shares, 0.0))


def _chances(known: Wishes) -> Floats:
    """Return how probably a slip hits what each question wanted most: 1 / rank, as shares of what was listed."""
    rows = np.arange(len(known.base))
    own = np.where(known.column >= 0, known.base[rows, known.column], known.best)[:, None]
    above = (known.base > own).sum(axis=1) + (known.others > own).sum(axis=1)
    listed = (known.base > 0).sum(axis=1) + np.isfinite(known.others).sum(axis=1)
    harmonic = np.cumsum(1 / np.arange(1, max(listed.max(), 1) + 1))
    return np.asarray(1 / (1 + above) / harmonic[np.maximum(listed, 1) - 1])


def _softmax(logits: Floats) -> Floats:
    return _shared(np.exp(logits - logits.max(axis=1, keepdims=True)))


def _shared(weights: Floats) -> Floats:
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(weights / np.where(total > 0, total, 1.0))
