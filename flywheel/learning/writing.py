"""Let the language model answer liked questions again, in a given manner, and score what it writes. No judge is asked.

    kept        it wrote an answer of which at least half had a source (`grounded.py`), 1 or 0
    likeness    token F1 with the liked answer, marks aside (Rajpurkar et al., 2016)
    cited       recall of the liked answer's passages among those cited
    precise     precision of the citations: the share of cited passages that the liked answer cites

The score of an answer is (likeness + cited) / 2, in [0, 1]; 0 where it wrote none. Both sides of a trial read the same
passages, found once by the retrieval that serves, as everybody may read them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from flywheel.answering import grounded
from flywheel.answering.manner import Manner
from flywheel.answering.research import LENGTH, SECTION, passages_of
from flywheel.answering.words import words
from flywheel.answering.written import MARK, Written
from flywheel.core import Core
from flywheel.curation.library import Liked
from flywheel.curation.split import Split
from flywheel.errors import ModelUnavailable
from flywheel.learning.trial import Floats, Trial, persons
from flywheel.model import Audience, Hit
from flywheel.ports import LanguageModel, Vectors
from flywheel.retrieval.search import shortlist
from flywheel.retrieval.sections import grown

METRIC = "liked answer score"
CALLS = 120
"""Answers that a model writes at most in one trial, both sides together: some minutes, and enough for a canary."""
LESS_PRECISE = 0.05
"""How much citation precision may fall at most."""
_SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Sheet:
    """A liked answer with what a model is given to write it again."""

    wanted: Liked
    hits: tuple[Hit, ...]
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Marks:
    """What each answer of one side is worth, shape (sheets,) each, all in [0, 1]."""

    score: Floats
    kept: Floats
    likeness: Floats
    cited: Floats
    precise: Floats

    def means(self) -> dict[str, float]:
        """Return each figure's mean, 0 of nothing; precision is of the answers that were kept."""
        figures = {name: getattr(self, name) for name in ("score", "kept", "likeness", "cited")}
        figures["precise"] = self.precise[self.kept > 0]
        return {name: float(values.mean()) if len(values) else 0.0 for name, values in figures.items()}


def sheets(core: Core, found: Sequence[Liked]) -> list[Sheet]:
    """Return what the retrieval that serves finds for each liked question."""
    if not found:
        return []
    steady = replace(core, rng=Random(_SEED))  # noqa: S311 - so that the router explores the same
    vectors = core.encoder.encode([one.question for one in found])
    return [Sheet(one, _read(steady, one.question), vector) for one, vector in zip(found, vectors, strict=True)]


def written(model: LanguageModel, given: Sequence[Sheet], manner: Manner) -> Marks:
    """Let the model answer every sheet in a manner, and mark it."""
    rows = [_marked(one.wanted, _answer(model, one, manner)) for one in given]
    columns = np.array(rows, dtype=np.float64).reshape(len(rows), 5).T
    return Marks(*columns)


def trial(learner: str, model: LanguageModel, parts: Split, sides: tuple[Marks, Marks]) -> Trial:
    """Return the trial of a champion's and a challenger's answers to the newest held-out liked questions."""
    champion, challenger = sides
    heldout = parts.heldout[len(parts.heldout) - len(champion.score) :]
    before, after = champion.means(), challenger.means()
    return Trial(
        learner,
        champion.score,
        challenger.score,
        persons(heldout),
        np.zeros(len(heldout), dtype=np.bool_),
        metric=METRIC,
        question_ids=tuple(one.question_id for one in heldout),
        facts={"writing": {"champion": before, "challenger": after}, "model": model.name},
        objection=_objection(before, after) if len(heldout) else "",
    )


def newest(parts: Split, by_id: Mapping[str, Liked], most: int = CALLS // 2) -> list[Liked]:
    """Return the newest held-out liked answers, as many as the budget lets a model write again twice."""
    return [by_id[one.question_id] for one in parts.heldout[-most:]]


def token_f1(one: str, other: str) -> float:
    """Return the F1 of the words of two texts, counted as often as they occur, in [0, 1]."""
    first, second = (Counter(words(MARK.sub("", text))) for text in (one, other))
    common = (first & second).total()
    return 2 * common / (first.total() + second.total()) if common else 0.0


def _answer(model: LanguageModel, sheet: Sheet, manner: Manner) -> Written | None:
    assignment = manner.assignment(sheet.wanted.question, sheet.hits, sheet.vector)
    try:
        return grounded.write(model, assignment, Random(_SEED))  # noqa: S311 - the same fences each time
    except ModelUnavailable:
        return None


def _read(core: Core, question: str) -> tuple[Hit, ...]:
    everyone = Audience.everyone()
    found = shortlist(core, question, everyone, LENGTH)
    return tuple(grown(core, passages_of(found.hits), everyone, SECTION))


def _marked(wanted: Liked, made: Written | None) -> tuple[float, ...]:
    """Return score, kept, likeness, cited and precise of one answer."""
    if made is None:
        return (0.0,) * 5
    likeness = token_f1(made.text, wanted.answer)
    right, cited = set(wanted.cited), {one.passage_id for one in made.citations}
    recall = len(right & cited) / len(right) if right else 1.0
    precision = len(right & cited) / len(cited) if cited and right else 1.0
    return (likeness + recall) / 2, 1.0, likeness, recall, precision


def _objection(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    if before["kept"] == 0:
        return "The language model wrote no answer that could be kept, so nothing was compared."
    if after["precise"] < before["precise"] - LESS_PRECISE:
        return f"Citation precision would fall from {before['precise']:.2f} to {after['precise']:.2f}."
    return ""
