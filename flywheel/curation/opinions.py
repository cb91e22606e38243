"""What people said of questions, weighed against what the others said of questions like them.

An *opinion* is one person's word that a target (a passage, a retriever) is right for a question, or wrong. Its
*belief* is the probability, in [0, 1], that it is so: what the opinions of all others on near questions foretell,
without any of this person's own, against the chance that people err. Kernel ridge regression foretells (its left-out
predictions need no second fit: Rasmussen and Williams 2006, 5.4.2); a mixture says how often people err. An opinion on
which the others have nothing to say gets no belief.

The surprising part: where it is asked whom to trust, a person has one *voice* for a target, and one in a neighbourhood.
Forty votes on near questions weigh as much as one, so that a few people cannot outvote many where they gather.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from flywheel.ports import Vectors

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

BANDWIDTH = 1.5
RIDGE = 0.3
"""The router's (`learning/router.py`), chosen on train questions of banking77 and clinc150."""
EVIDENCE = 0.2
"""The others must foretell some target with this much above an even guess before an opinion is judged: below,
handbook_wiki's 819 questions with a passage each of their own would be called errors."""
NEAR = 0.55
"""The cosine above which two questions share a voice: within an intent of banking77 the mean is 0.6."""
WITNESSES = 2
"""One other person is no crowd: of two who differ on something rare, either may be right."""
OUTVOTED = 1.5
"""A rival with this many times the heads outvotes; with 1, four of fifty honest people who err in every fifth vote were
in quarantine."""
SHARPNESS = (4.0, 8.0, 12.0, 16.0, 24.0, 32.0)
"""How sharply predictions become probabilities; the likeliest is taken."""
INDEX_WEIGHT = 10.0
"""How far the index's own cosine counts beside people; chosen on banking77's train questions."""
ROUNDS = 2
MOST = 1_500
"""Opinions that are weighed against each other at a time: the work grows with the cube."""
_LEAST_ERRORS, _MOST_ERRORS = 0.01, 0.6
_FAINT = 0.02
_TRUTH_VOICE = 5.0
"""What is verified speaks as loud as five persons."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """One person's word on one target for one question; `holds` says that the target is right.

    What is known for certain (a verified answer, a honeypot) has no person.
    """

    key: str
    person: str
    question_id: str
    target: str
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of the questions, by id: unit vectors, and the index's cosine for each target that it listed."""

    vectors: Mapping[str, Vectors]
    listed: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Said:
    """A portion of opinions as arrays; `rated` has shape (n, targets)."""

    vectors: Floats
    targets: Numbers
    persons: Numbers
    holds: NDArray[np.bool_]
    rated: Floats
    voices: Floats
    own: tuple[Numbers, ...]


def beliefs(
    opinions: Sequence[Opinion], asked: Asked, trust: Mapping[str, float], *, strict: bool = False
) -> dict[str, float]:
    """Return the belief of each opinion that the others can judge, by key.

    An opinion on a question without a vector is not judged. `trust` weighs persons, 1 where it names none. A `strict`
    belief is the lowest one of three: what the others and the index foretell, what the others do alone, and, where
    many more heads hold something else, the share of heads. One other person is enough for it, where a lenient one
    asks for `WITNESSES`.
    """
    known = sorted((one for one in opinions if one.question_id in asked.vectors), key=_drawn)
    found: dict[str, float] = {}
    for some in _portions(known):
        if len({one.target for one in some}) < 2:  # there is nothing to disagree about
            continue
        said = _arrays(some, asked, strict=strict)
        weights = np.array([trust.get(one.person, 1.0) for one in some])
        judged = _believed(said, np.maximum(weights, _FAINT), strict=strict)
        found.update(
            (one.key, float(belief))
            for one, belief in zip(some, judged, strict=True)
            if one.person and not np.isnan(belief)
        )
    return found


def _drawn(one: Opinion) -> str:
    return hashlib.sha256(one.key.encode()).hexdigest()


def _portions(opinions: Sequence[Opinion]) -> Iterator[Sequence[Opinion]]:
    count = -(-len(opinions) // MOST)
    for number in range(count):
        yield opinions[number::count]


def _arrays(opinions: Sequence[Opinion], asked: Asked, *, strict: bool) -> _Said:
    places = {name: number for number, name in enumerate(sorted({one.target for one in opinions}))}
    people = {name: number for number, name in enumerate(sorted({one.person for one in opinions}))}
    rows = np.array([asked.vectors[one.question_id] for one in opinions], dtype=np.float64)
    persons = np.array([people[one.person] for one in opinions], dtype=np.int64)
    targets = np.array([places[one.target] for one in opinions], dtype=np.int64)
    holds = np.array([one.holds for one in opinions], dtype=np.bool_)
    own = tuple(np.flatnonzero(persons == number) for number in range(len(people)))
    voices = np.ones(len(opinions))
    for mine in own if strict else ():
        same = targets[mine][:, None] == targets[mine][None]
        near = ((rows[mine] @ rows[mine].T > NEAR) | same) & (holds[mine] == holds[mine][:, None])
        voices[mine] = 1 / np.maximum(near.sum(axis=1), 1)
    voices[[not one.person for one in opinions]] = _TRUTH_VOICE
    rated = _rated(opinions, places, asked.listed)
    return _Said(rows, targets, persons, holds, rated, voices, own)


def _rated(opinions: Sequence[Opinion], places: Mapping[str, int], listed: Mapping[str, Mapping[str, float]]) -> Floats:
    """Return the index's cosine of each target for each question; the least listed one stands for what was not."""
    rated = np.zeros((len(opinions), len(places)))
    for row, one in enumerate(opinions):
        cosines = listed.get(one.question_id, {})
        rated[row] = min(cosines.values(), default=0.0)
        for target, value in cosines.items():
            if target in places:
                rated[row, places[target]] = value
    return rated


def _believed(said: _Said, weights: Floats, *, strict: bool) -> Floats:
    """Return the belief of each row, NaN where the others have nothing to say."""
    belief = np.ones(len(weights))
    heads = _heads(said, weights)
    rows = np.arange(len(weights))
    for _ in range(ROUNDS):
        foretold = _foretold(said, weights * said.voices * said.holds * np.maximum(belief, _FAINT))
        clear = foretold.max(axis=1) >= EVIDENCE * (1 - 1 / said.rated.shape[1])
        clear &= strict | (_witnesses(said)[rows, foretold.argmax(axis=1)] >= WITNESSES)
        found = _judged(said, foretold, clear, INDEX_WEIGHT)
        if strict:
            found = np.minimum(np.minimum(found, _judged(said, foretold, clear, 0.0)), _outvoted(said, heads))
        belief = np.where(clear, found, 1.0)
    return np.where(clear, belief, np.nan)


def _foretold(said: _Said, weights: Floats) -> Floats:
    """Return what the others foretell for each row, shape (n, targets), around 0: leave-one-person-out."""
    count, choices = said.rated.shape
    kernel = np.exp(-2 * BANDWIDTH * (1 - said.vectors @ said.vectors.T))
    speaks = np.flatnonzero(weights > 0)
    foretold = np.zeros((count, choices))
    if not len(speaks):
        return foretold
    place = np.full(count, -1)
    place[speaks] = np.arange(len(speaks))
    inverse = np.linalg.inv(kernel[np.ix_(speaks, speaks)] + np.diag(RIDGE / weights[speaks]))
    solved = inverse @ (np.eye(choices)[said.targets[speaks]] - 1 / choices)
    for mine in said.own:
        left = place[mine][place[mine] >= 0]
        others = solved
        if len(left):
            others = solved - inverse[:, left] @ np.linalg.solve(inverse[np.ix_(left, left)], solved[left])
        foretold[mine] = kernel[np.ix_(mine, speaks)] @ others
    return foretold


def _heads(said: _Said, weights: Floats) -> Numbers:
    """Return how many other persons hold each target near each row, shape (n, targets); who weighs nothing is none."""
    near = said.vectors @ said.vectors.T > NEAR
    heads = np.zeros(said.rated.shape, dtype=np.int64)
    for mine in said.own:
        speaks = mine[said.holds[mine] & (weights[mine] > _FAINT)]
        for target in np.unique(said.targets[speaks]):
            held = np.asarray(near[:, speaks[said.targets[speaks] == target]].any(axis=1))
            held[mine] = False
            heads[:, target] += held
    return heads


def _witnesses(said: _Said) -> Numbers:
    """Return how many persons beside each row's own hold each target of any question, shape (n, targets)."""
    holds = np.zeros((len(said.own), said.rated.shape[1]), dtype=np.int64)
    holds[said.persons[said.holds], said.targets[said.holds]] = 1
    return np.asarray(holds.sum(axis=0) - holds[said.persons])


def _outvoted(said: _Said, heads: Numbers) -> Floats:
    """Return the share of heads for each row's target beside its strongest rival's, 1 where that has few more."""
    rows = np.arange(len(heads))
    own = heads[rows, said.targets]
    others = heads.copy()
    others[rows, said.targets] = 0
    rival = others.max(axis=1)
    share = np.where(rival > OUTVOTED * own, own / np.maximum(own + rival, 1), 1.0)
    return np.where(said.holds, share, 1.0)


def _judged(said: _Said, foretold: Floats, clear: NDArray[np.bool_], index_weight: float) -> Floats:
    """Return each row's belief under the likeliest sharpness and share of errors."""
    best, judged = -np.inf, np.ones(len(clear))
    if not clear.any():
        return judged
    rows = np.arange(len(clear))
    for sharpness in SHARPNESS:
        odds = sharpness * foretold + index_weight * said.rated
        shares = np.exp(odds - odds.max(axis=1, keepdims=True))
        right = (shares / shares.sum(axis=1, keepdims=True))[rows, said.targets]
        belief, fit = _mixture(said, right, clear)
        if fit > best:
            best, judged = fit, belief
    return judged


def _mixture(said: _Said, right: Floats, clear: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Return beliefs and their log-likelihood: a word is meant, or one of all the others said by mistake.

    Who calls a target wrong by mistake calls the right one wrong. Each voice counts once.
    """
    choices = said.rated.shape[1]
    meant = np.where(said.holds, right, 1 - right)
    mistaken = np.where(said.holds, 1 / choices, right)
    errors = 0.2
    for _ in range(30):
        both = (1 - errors) * meant + errors * mistaken
        belief = (1 - errors) * meant / np.maximum(both, 1e-12)
        mean = np.average(belief[clear], weights=said.voices[clear])
        errors = float(np.clip(1 - mean, _LEAST_ERRORS, _MOST_ERRORS))
    return belief, float(said.voices[clear] @ np.log(np.maximum(both[clear], 1e-12)))
