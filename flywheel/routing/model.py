"""The trained router as it serves: arrays in, probabilities out, in NumPy alone.

    linear      logistic regression on the question's vector and hashed words
    neighbours  every training question votes for its label, the nearer the more (kernel ridge regression)
    blended     softmax(a · linear + b · votes); a and b were fitted out of fold, so that probabilities can be believed

A label is the name of a retriever, or `OUT`: nothing here answers it. The artefact is plain JSON; arrays are base64 of
little-endian float16, which is a thousandth of their value: far below what the training questions pin down.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import ArtefactError
from flywheel.routing.words import BUCKETS, weighed

OUT = "out_of_scope"
"""The label of questions that no retriever answers."""
FORMAT = 1
Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of a question.

    `probabilities` are over all labels and add up to 1; `similarity` is the cosine to the nearest training question
    that has an answer; `scope` is the probability that the question has one, in [0, 1].
    """

    probabilities: Mapping[str, float]
    similarity: float
    scope: float


@dataclass(frozen=True, slots=True)
class Scope:
    """A logistic curve: from the log-odds against `OUT` and the best similarity to the probability of an answer."""

    odds: float
    similarity: float
    intercept: float

    def probability(self, odds: float, similarity: float) -> float:
        """Return the probability, in (0, 1)."""
        return float(1 / (1 + np.exp(-(self.odds * odds + self.similarity * similarity + self.intercept))))


@dataclass(frozen=True, slots=True)
class RouteModel:
    """The arrays. Shapes: weights (dimensions, labels), words (BUCKETS, labels), bias (labels,), rarity (BUCKETS,),
    examples (n, dimensions), votes (n, labels), inside (n,): whether an example has an answer.
    """

    encoder: str
    labels: tuple[str, ...]
    weights: Array
    words: Array
    bias: Array
    rarity: Array
    examples: Array
    votes: Array
    inside: NDArray[np.bool_]
    bandwidth: float
    blend: tuple[float, float]
    threshold: float
    scope: Scope

    def judge(self, vector: Array, text: str) -> Judgement:
        """Return what the model says of a question; `vector` has length 1."""
        cosines = self.examples @ vector
        logits = self.blend[0] * self.linear(vector, text) + self.blend[1] * self.voted(cosines)
        shares = np.exp(logits - logits.max())
        probabilities = shares / shares.sum()
        similarity = float(cosines[self.inside].max()) if self.inside.any() else 0.0
        scope = self.scope.probability(odds(probabilities, self.labels), similarity)
        return Judgement(dict(zip(self.labels, map(float, probabilities), strict=True)), similarity, scope)

    def linear(self, vector: Array, text: str) -> Array:
        """Return the logits of the linear part, shape (labels,)."""
        places, values = weighed(text, self.rarity)
        return np.asarray(vector @ self.weights + values @ self.words[places] + self.bias)

    def voted(self, cosines: Array) -> Array:
        """Return what the neighbours vote, shape (labels,); `cosines` has one value per example."""
        return np.asarray(np.exp(-2 * self.bandwidth * (1 - cosines)) @ self.votes)


def odds(probabilities: NDArray[np.floating], labels: Sequence[str]) -> float:
    """Return the log-odds that a question has an answer, within ±10; 0 where `OUT` is no label."""
    if OUT not in labels:
        return 0.0
    out = float(np.clip(probabilities[list(labels).index(OUT)], 1e-9, 1 - 1e-9))
    return float(np.clip(np.log((1 - out) / out), -10, 10))


def packed(model: RouteModel) -> dict[str, object]:
    """Return the artefact of a model, plain JSON."""
    arrays = {name: _encoded(getattr(model, name)) for name in (*_SHAPES, "inside")}
    scope = [model.scope.odds, model.scope.similarity, model.scope.intercept]
    return {
        "format": FORMAT,
        "encoder": model.encoder,
        "labels": list(model.labels),
        "bandwidth": model.bandwidth,
        "blend": list(model.blend),
        "threshold": model.threshold,
        "scope": scope,
        **arrays,
    }


def unpacked(artefact: Mapping[str, object]) -> RouteModel:
    """Return the model of an artefact.

    Raises:
        ArtefactError: it is not the artefact of a router, or not of this format.
    """
    if artefact.get("format") != FORMAT:
        raise ArtefactError(f"the router's artefact has format {artefact.get('format')!r}, not {FORMAT}")
    try:
        return _read(artefact)
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise ArtefactError(f"the router's artefact cannot be read: {error!r}") from error


def _read(artefact: Mapping[str, object]) -> RouteModel:
    labels = tuple(str(one) for one in _listed(artefact["labels"]))
    shapes = {
        name: tuple(len(labels) if side == "labels" else side for side in shape) for name, shape in _SHAPES.items()
    }
    arrays = _in_rows({name: _decoded(artefact[name], shape) for name, shape in shapes.items()})
    inside = _decoded(artefact["inside"], (-1,)) > 0
    if not len(arrays["examples"]) == len(arrays["votes"]) == len(inside):
        raise ValueError("examples, votes and inside differ in length")
    linear, voted = map(_number, _listed(artefact["blend"]))
    return RouteModel(
        encoder=str(artefact["encoder"]),
        labels=labels,
        inside=inside,
        bandwidth=_number(artefact["bandwidth"]),
        blend=(linear, voted),
        threshold=_number(artefact["threshold"]),
        scope=Scope(*map(_number, _listed(artefact["scope"]))),
        **arrays,
    )


_SHAPES: Mapping[str, tuple[int | str, ...]] = {
    "weights": (-1, "labels"),
    "words": (BUCKETS, "labels"),
    "bias": ("labels",),
    "rarity": (BUCKETS,),
    "examples": (-1,),
    "votes": (-1, "labels"),
}


def _in_rows(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return the arrays with the examples in rows, as long as the weights are high."""
    return {**arrays, "examples": arrays["examples"].reshape(-1, len(arrays["weights"]))}


def _encoded(array: NDArray[np.generic]) -> str:
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f2").tobytes()).decode("ascii")


def _decoded(text: object, shape: Sequence[int | str]) -> Array:
    raw = base64.b64decode(str(text), validate=True)
    return np.frombuffer(raw, dtype="<f2").astype(np.float32).reshape([int(side) for side in shape])


def _listed(value: object) -> list[object]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"{value!r} is not a list")
    return list(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is not a number")
    return float(value)
