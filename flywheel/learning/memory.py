"""Teach the memory (retrieval/memory.py): from earlier questions and what people wanted, to votes for passages.

    votes    kernel ridge regression, on the questions' vectors, of what they probably wanted (learning/believing.py);
             over `LANDMARKS` questions, on that many of them (Nyström; Williams and Seeger, 2001)
    gain     how much the votes count beside what the indexes say: what ranks the older questions best, each question
             left out of its own model, which costs nothing, since leave-one-out residuals have a closed form. Votes
             count as they were cast here: what is believed of one has been told of the others.
             Questions whose passage was wanted once only have a say in that: the memory cannot help them, and may not
             harm them more than it helps the others.

banking77 (each of 77 intents an entry, recall@1 on train questions that nothing learned from, 62 without; a fifth of
the votes wrong, by position; two or three samples, each at its best gain): learned from 300 questions 65.7, from 1,000
80.3, where votes taken at their word gave 65.3 and 77.9; 71 and 85 when all are right. Half or twice the bandwidth, or
three times the ridge, gave no more.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from flywheel.learning.believing import BANDWIDTH, believed, smoother, spread
from flywheel.learning.lesson import Lesson
from flywheel.learning.recurring import Floats, Wishes, recurring, retried, settled, wishes
from flywheel.learning.trial import Trial
from flywheel.retrieval.arrays import packed
from flywheel.retrieval.memory import FLOOR, QuestionMemory
from flywheel.store.releases import identity

NAME = "memory"
SLOT = "memory"
QUESTIONS = 30
TRIED = 1_200
"""On how many of the older questions, the newest, the gain is chosen."""
GAINS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
_DEPTH = 10


def enough(lesson: Lesson) -> tuple[bool, str]:
    """Tell whether enough questions want what others want too, and say why not."""
    targets = frozenset(recurring(lesson.parts.train))
    count = sum(1 for one in lesson.parts.train if not targets.isdisjoint(one.wanted))
    why = f"{count} of the older questions want a passage that another person's question wants too"
    return count >= QUESTIONS, f"{why}; the memory needs {QUESTIONS}"


def fit(lesson: Lesson) -> dict[str, object]:
    """Choose the settings on the older questions, then let all vote; the votes of the older alone are kept beside."""
    older = frozenset(one.question_id for one in lesson.parts.train)
    groups = (*lesson.parts.train, *(one for one in lesson.examples.groups if one.question_id not in older))
    targets = recurring(groups)
    vectors = lesson.core.encoder.encode([one.text for one in groups])
    said = wishes(groups, vectors, targets, lesson.pipeline)
    train, every = _cleaned(said.part(np.arange(len(older)))), _cleaned(said)
    gain = chosen(said.part(np.arange(max(0, len(older) - TRIED), len(older))))
    marks = spread(len(groups))
    known = int((marks < len(older)).sum())
    kept = np.isin(targets, recurring(lesson.parts.train))
    return {
        "encoder": lesson.core.encoder.name,
        "dimensions": int(vectors.shape[1]),
        "bandwidth": BANDWIDTH,
        "gain": gain,
        "passages": list(targets),
        "count": len(marks),
        "known": known,
        "questions": packed(every.vectors[marks]),
        "votes": packed(voted(every, marks)),
        "judged_votes": packed(voted(train, marks[:known]) * kept),
    }


def evaluate(artefact: Mapping[str, object], lesson: Lesson) -> Trial:
    """Search again for the newer questions, with the votes of the older ones."""
    memory = QuestionMemory.of(artefact).judged
    return retried(NAME, lesson, replace(lesson.champions.judged, memory=memory))


def export(artefact: Mapping[str, object]) -> str:
    """Return the content hash that names this artefact."""
    return identity(SLOT, artefact)


def chosen(known: Wishes) -> float:
    """Return the gain that ranks the questions best, each left out of what it is ranked by (see `settled`)."""
    told = smoother(known.vectors, known.vectors).left_out(known.wanted)
    reached = np.array([float(gains(known, served(told, gain)).mean()) for gain in GAINS])
    return settled(GAINS, reached, len(told))


def voted(known: Wishes, marks: NDArray[np.int64]) -> Floats:
    """Return the landmarks' votes, shape (landmarks, targets)."""
    return smoother(known.vectors, known.vectors[marks]).votes(known.wanted)


def _cleaned(said: Wishes) -> Wishes:
    """Return the questions with what they probably wanted in place of what was said."""
    return replace(said, wanted=believed(said))


def served(told: Floats, gain: float) -> Floats:
    """Return votes as they are added to the fused score."""
    worth = gain * told
    return np.where(worth >= FLOOR, worth, 0.0)


def gains(known: Wishes, added: Floats) -> Floats:
    """Return 1 / log2(1 + rank) of what each question wants most, 0 beyond the tenth; `added` joins the base."""
    scores = known.base + added
    rows = np.arange(len(scores))
    own = np.where(known.column >= 0, scores[rows, known.column], known.best) if scores.shape[1] else known.best
    above = (scores > own[:, None]).sum(axis=1) + (known.others > own[:, None]).sum(axis=1)
    return np.where(above < _DEPTH, 1 / np.log2(2 + above), 0.0)
