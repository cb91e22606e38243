"""Teach the query adapter (retrieval/adapter.py): q' = normalise(q + share * W q), passages as they are.

W minimises  - sum over questions of log softmax((q + W q) · p / τ)[wanted]  +  PULL / 2 · |W|²,  which is convex: one
minimum, the same each time. Without the normalisation in the middle, that is, which changes no order. The penalty pulls
W to 0, the adapter to the identity. Passages that a question is told apart from are all that anybody wanted, and some
that were listed and nobody wanted; but of those none that lies nearly as near as the wanted one, since it may be as
right (NV-Retriever's margin filter; Moreira et al., 2024).

`share` is chosen on the older questions in two ways: on every fourth question left out, and on a fourth of the wanted
passages left out with all their questions. The first is how it does where targets recur, the second where they are new;
they count as often as each happens. With new targets an adapter tends to harm; then the share is 0 and nothing changes.

What a question wanted is what it probably wanted where others' votes tell (learning/believing.py).

banking77 (each of 77 intents an entry, dev questions, recall@1 of the dense order, 62.2 without): learned from 100
questions 66.8, 300 questions 75.4, 1,000 questions 83. With a fifth of the votes wrong, by position: from 300 questions
67.4 and from 1,000 78.4 (questions left out of train), where votes taken at their word gave 65.9 and 75.4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from flywheel.curation.dataset import Group
from flywheel.errors import ArtefactError
from flywheel.learning.believing import believed
from flywheel.learning.lesson import Lesson
from flywheel.learning.recurring import Floats, recurring, retried, settled, wishes
from flywheel.learning.trial import Trial
from flywheel.model import KIND_OF, Retriever
from flywheel.retrieval.adapter import QueryAdapter
from flywheel.retrieval.arrays import packed
from flywheel.store import embeddings
from flywheel.store.releases import identity

NAME = "adapter"
SLOT = "adapter"
QUESTIONS = 100
OF_A_KIND = 300
"""Questions of one retriever from which it gets a turn of its own."""
RANK = 64
"""How much of W is kept: its largest singular values. 16 lost two points on banking77, all 384 gain none."""
PULL = 10.0
TEMPERATURE = 0.05
SHARES = (0.0, 0.25, 0.5, 1.0)
MARGIN = 0.95
"""A listed passage nobody wanted counts as wrong when its cosine is below this share of the wanted one's."""
NEGATIVES = 100
MOST = 3_000
"""Questions that are learned from at most, the newest."""
CELLS = 1_000_000
"""Questions times wanted passages at most: a million take about ten seconds of one core."""
_FOURTH = 4
_ITERATIONS = 30


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Questions (n, dimensions), passages (p, dimensions), each question's share of grades per passage (n, p), and
    whether a passage is one to tell apart from it (n, p). The first `targets` passages are those that somebody wanted.
    """

    questions: Floats
    passages: Floats
    wanted: Floats
    told_apart: NDArray[np.bool_]
    targets: int

    def part(self, rows: NDArray[np.bool_]) -> "_Pairs":
        return replace(self, questions=self.questions[rows], wanted=self.wanted[rows], told_apart=self.told_apart[rows])


def enough(lesson: Lesson) -> tuple[bool, str]:
    """Tell whether there are questions enough to turn a vector by; what they want must have a vector too."""
    if len(lesson.parts.train) < QUESTIONS:
        count = len(lesson.parts.train)
    else:
        wanted = sorted({one for group in lesson.parts.train for one in group.wanted})
        with lesson.core.database.read() as db:
            found = embeddings.vectors(db, lesson.core.encoder.name, wanted)
        count = sum(not found.keys().isdisjoint(group.wanted) for group in lesson.parts.train)
    return count >= QUESTIONS, f"{count} of the older questions have a trusted positive; the adapter needs {QUESTIONS}"


def fit(lesson: Lesson) -> dict[str, object]:
    """Choose the share on the older questions, then learn from all; what the older alone teach is kept beside."""
    train, core = lesson.parts.train, lesson.core
    older = _pairs(lesson, train)
    return {
        "encoder": core.encoder.name,
        "dimensions": core.encoder.dimensions,
        "share": chosen(older) if len(older.questions) else 0.0,
        "turns": _turns(lesson, lesson.examples.groups),
        "judged": _turns(lesson, train),
    }


def evaluate(artefact: Mapping[str, object], lesson: Lesson) -> Trial:
    """Search again for the newer questions, turned as the older ones teach."""
    adapter = QueryAdapter.of(artefact).judged
    return retried(NAME, lesson, replace(lesson.champions.judged, adapter=adapter))


def export(artefact: Mapping[str, object]) -> str:
    """Return the content hash that names this artefact."""
    return identity(SLOT, artefact)


def turn(pairs: _Pairs) -> Floats:
    """Return W, shape (dimensions, dimensions).

    Raises:
        ArtefactError: the search for the minimum ended in numbers that are not finite.
    """
    from scipy.optimize import minimize  # type: ignore[import-untyped]  # noqa: PLC0415 - training only, no types

    size = pairs.questions.shape[1]
    plain = pairs.questions @ pairs.passages.T

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(size, size)
        logits = (plain + pairs.questions @ (weights.T @ pairs.passages.T)) / TEMPERATURE
        logits = np.where(pairs.told_apart, logits, -np.inf)
        logits -= logits.max(axis=1, keepdims=True)
        total = np.exp(logits).sum(axis=1, keepdims=True)
        miss = np.exp(logits) / total - pairs.wanted
        told = np.where(pairs.wanted > 0, logits - np.log(total), 0.0)
        slope = pairs.passages.T @ (miss.T @ pairs.questions) / TEMPERATURE + PULL * weights
        return float(0.5 * PULL * (weights**2).sum() - (pairs.wanted * told).sum()), slope.ravel()

    found = minimize(loss, np.zeros(size * size), jac=True, method="L-BFGS-B", options={"maxiter": _ITERATIONS})
    if not np.isfinite(found.x).all():
        raise ArtefactError("the adapter did not settle")
    return np.asarray(found.x, dtype=np.float64).reshape(size, size)


def chosen(pairs: _Pairs) -> float:
    """Return the share of W that ranks best for questions left out, of known and of new targets (see `settled`).

    How much new targets count is how often a question's target is wanted by no other (Good, 1953).
    """
    best = pairs.wanted.argmax(axis=1)
    new = float((np.bincount(best, minlength=len(pairs.passages))[best] == 1).mean())
    known_gains = _left_out(pairs, np.arange(len(best)) % _FOURTH == _FOURTH - 1)
    new_gains = _left_out(pairs, best % _FOURTH == _FOURTH - 1)
    gains = (1 - new) * known_gains + new * new_gains
    return settled(SHARES, gains, len(best) // _FOURTH)


def _left_out(pairs: _Pairs, out: NDArray[np.bool_]) -> Floats:
    """Return, per share, how well questions left out are ranked: the mean 1 / log2(1 + rank) of what they want most."""
    if out.all() or not out.any():
        return np.zeros(len(SHARES))
    weights, tested = turn(pairs.part(~out)), pairs.part(out)
    rows, best = np.arange(int(out.sum())), tested.wanted.argmax(axis=1)
    gains = []
    for share in SHARES:
        scores = (tested.questions + share * tested.questions @ weights.T) @ pairs.passages.T
        above = (scores > scores[rows, best][:, None]).sum(axis=1)
        gains.append(float((1 / np.log2(2 + above)).mean()))
    return np.array(gains)


def _turns(lesson: Lesson, groups: Sequence[Group]) -> dict[str, object]:
    """Return the general turn, and one for each retriever that has questions enough of its own."""
    turns: dict[str, object] = {"": _packed(turn(_pairs(lesson, groups)))}
    for retriever, kind in KIND_OF.items():
        own = [one for one in groups if one.segments.get("route") == Retriever(retriever).value]
        if OF_A_KIND <= len(own) < len(groups):
            turns[kind.value] = _packed(turn(_pairs(lesson, own)))
    return turns


def _packed(weights: Floats) -> dict[str, object]:
    left, sizes, right = np.linalg.svd(weights)
    root = np.sqrt(sizes[:RANK])
    kept = min(RANK, len(sizes))
    return {"rank": kept, "left": packed(left[:, :kept] * root), "right": packed(root[:, None] * right[:kept])}


def _newest(groups: Sequence[Group]) -> Sequence[Group]:
    """Return the newest questions, as many as are learned from in moments: fewer where each wants its own passage."""
    newest = groups[-MOST:]
    while len(newest) * len({one for group in newest for one in group.wanted}) > CELLS:
        newest = newest[len(newest) // 4 :]
    return newest


def _pairs(lesson: Lesson, groups: Sequence[Group]) -> _Pairs:
    """Read what is needed to learn from the newest questions whose wanted passage has a vector."""
    newest, core = _newest(groups), lesson.core
    wanted = sorted({one for group in newest for one in group.wanted})
    listed = sorted({one.passage_id for group in newest for one in group.candidates} - set(wanted))
    ids = [*wanted, *listed[:: max(1, len(listed) // NEGATIVES)][:NEGATIVES]]
    with core.database.read() as db:
        found = embeddings.vectors(db, core.encoder.name, ids)
    ids = [one for one in ids if one in found]
    targets = sum(1 for one in wanted if one in found)
    place = {one: number for number, one in enumerate(ids)}
    kept = [group for group in newest if any(one in place for one in group.wanted)]
    questions = core.encoder.encode([one.text for one in kept]).astype(np.float64)
    grades = _grades(lesson, kept, questions, place)
    passages = np.array([found[one] for one in ids], dtype=np.float64).reshape(len(ids), core.encoder.dimensions)
    return _Pairs(questions, passages, grades, _told_apart(questions @ passages.T, grades, targets), targets)


def _grades(lesson: Lesson, groups: Sequence[Group], questions: Floats, place: Mapping[str, int]) -> Floats:
    """Return each question's share of grades per passage: of what recurs, what it probably wanted (see `believing`)."""
    grades = np.zeros((len(groups), len(place)))
    for row, group in enumerate(groups):
        for one, grade in group.wanted.items():
            if one in place:
                grades[row, place[one]] = grade
    grades /= grades.sum(axis=1, keepdims=True)
    targets = [one for one in recurring(groups) if one in place]
    columns = [place[one] for one in targets]
    shares = believed(wishes(groups, questions.astype(np.float32), targets, lesson.pipeline))
    grades[:, columns] = shares * grades[:, columns].sum(axis=1, keepdims=True)
    return grades


def _told_apart(cosines: Floats, grades: Floats, targets: int) -> NDArray[np.bool_]:
    """Return which passages each question is told apart from: wanted ones, and others that lie well behind its own."""
    own = np.where(grades > 0, cosines, -1.0).max(axis=1, keepdims=True, initial=-1.0)
    somebodys = np.arange(cosines.shape[1]) < targets
    return np.asarray((cosines < MARGIN * own) | somebodys | (grades > 0))
