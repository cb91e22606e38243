"""Learn to place questions nearer to the passages that answer them: fine-tune the encoder of questions, and no other.

The passages keep their vectors, so nothing is indexed anew, and a step back is a step back. It learns from headings
and the texts below them, and from judged questions (`material.py`), in a process of its own (`flywheel train`): minutes
to hours. `fit` therefore does not train: it returns what the newest finished training brought. `due` queues one.

The trial searches both indexes anew for each held-out question that is newer than the training.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from flywheel.core import Core
from flywheel.curation.dataset import Group
from flywheel.learning import searching, training_jobs
from flywheel.learning.lesson import Lesson, ranked_trial
from flywheel.learning.ranking import Scores
from flywheel.learning.trial import Trial
from flywheel.ports import Encoder, Vectors
from flywheel.retrieval import search, tower
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.tower import Tower
from flywheel.store.releases import identity

NAME = "query_tower"
SLOT = "query_tower"
QUESTIONS = 300
"""With the company's text beside them; the text's own pairs are thousands."""


def enough(lesson: Lesson) -> tuple[bool, str]:
    """Tell whether a training has finished that can be judged, and say why not."""
    job = training_jobs.newest(lesson, NAME)
    if job is None and lesson.questions < QUESTIONS:
        return False, f"{lesson.questions} questions with a trusted positive; the training needs {QUESTIONS}"
    return job is not None, "no training has finished; `flywheel train query_tower` runs the one that is queued"


def due(lesson: Lesson) -> str:
    """Queue a training where there are questions enough, and say what was done."""
    if lesson.questions < QUESTIONS:
        return f"{lesson.questions} questions with a trusted positive; training the query tower needs {QUESTIONS}."
    return training_jobs.queue(lesson, NAME)


def fit(lesson: Lesson) -> dict[str, object]:
    """Return what the newest finished training brought.

    Raises:
        NotFound: none has finished.
    """
    job, result = training_jobs.result(lesson, NAME)
    return {**result, "encoder": job.result.get("encoder", lesson.core.encoder.name)}


def evaluate(artefact: Mapping[str, object], lesson: Lesson) -> Trial:
    """Search anew for the newest held-out questions, with the tower and with what serves now.

    Raises:
        ArtefactError: the artefact is no tower's, or its files are not those that were trained.
    """
    heldout = lesson.parts.heldout[-searching.MOST :]
    known = replace(lesson, parts=replace(lesson.parts, heldout=heldout))
    champion = searching.searched(lesson.core, lesson.champions, heldout)
    challenger = searched(lesson.core, lesson.champions, Tower.of(artefact), heldout)
    made = ranked_trial(NAME, known, champion, challenger)
    fair = training_jobs.fair(made, artefact, heldout)
    facts = {**made.facts, "training": {key: artefact.get(key) for key in ("judged", "steps", "pairs", "weight")}}
    return replace(fair, facts=facts, objection=_objection(artefact))


def export(artefact: Mapping[str, object]) -> str:
    """Return the content hash that names this artefact; the hash of the model's files is a part of it."""
    return identity(SLOT, artefact)


def searched(core: Core, champions: Champions, of: Tower, groups: Sequence[Group]) -> Scores:
    """Return nDCG@10 and recall@5 of what retrieval finds with a tower in place of the one that serves, if any does."""
    plain = replace(core, encoder=_Untrained(core.encoder))
    found = []
    vectors = core.encoder.encode([one.text for one in groups]) if groups else ()
    for one, vector in zip(groups, vectors, strict=True):
        plan = search.planned(core, one.text, vector, one.audience)
        inquiry = search.inquired(one.text, vector, one.audience, search.SHORTLIST, plan)
        moved = replace(inquiry, vector=tower.placed(core.encoder, of, one.text, vector))
        found.append([ranked.passage.id for ranked in search.found_by(plain, moved, champions)])
    return Scores(
        np.array([searching.ndcg(ids, one.wanted) for ids, one in zip(found, groups, strict=True)]),
        np.array([searching.recall(ids, one.wanted) for ids, one in zip(found, groups, strict=True)]),
    )


def _objection(artefact: Mapping[str, object]) -> str:
    """Return why a training that found no better weights than those it began with may not serve."""
    return "" if Tower.of(artefact).weight else "The training brought nothing on the questions kept for judging it."


@dataclass(frozen=True, slots=True)
class _Untrained:
    """An encoder without its trained models, so that no tower that serves moves what another one has moved."""

    encoder: Encoder

    @property
    def name(self) -> str:
        """Return the identity of the untrained encoder."""
        return self.encoder.name

    @property
    def dimensions(self) -> int:
        """Return the length of a vector."""
        return self.encoder.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, in order."""
        return self.encoder.encode(texts)
