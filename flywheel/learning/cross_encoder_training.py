"""Fine-tune the cross-encoder that is switched on, and learn anew how much it counts.

It serves in place of the untrained one (`cross_encoder.py`), as another model with another weight, so that of the two
the gate lets the one serve that gains more. Training runs in a process of its own (`flywheel train`), early stopping on
a fifth of the questions; `fit` takes what the newest finished training brought and learns the one number on top.
"""

from collections.abc import Mapping
from dataclasses import replace

from flywheel.errors import NotFound
from flywheel.learning import cross_encoder, material, training_jobs
from flywheel.learning.cross_encoder import CrossEncoding
from flywheel.learning.lesson import Lesson, ranked_trial
from flywheel.learning.trial import Trial
from flywheel.ports import PairScorer
from flywheel.retrieval.reranking import Blend
from flywheel.retrieval.tower import scorer_named
from flywheel.store.releases import identity

NAME = "cross_encoder_training"
SLOT = cross_encoder.SLOT
QUESTIONS = 1_000
SETTINGS: Mapping[str, object] = {"epochs": 2, "batch": 32, "rate": 2e-5, "every": 50}


def enough(lesson: Lesson) -> tuple[bool, str]:
    """Tell whether a training has finished that can be judged, and say why not."""
    if lesson.core.pair_scorer is None:
        return False, "no cross-encoder is switched on"
    job = training_jobs.newest(lesson, NAME)
    if job is None and lesson.questions < QUESTIONS:
        return False, f"{lesson.questions} questions with a trusted positive; the training needs {QUESTIONS}"
    return job is not None, f"no training has finished; `flywheel train {NAME}` runs the one that is queued"


def due(lesson: Lesson) -> str:
    """Queue a training where a cross-encoder is switched on and there are questions enough; say what was done."""
    if lesson.core.pair_scorer is None:
        return "No cross-encoder is switched on."
    if lesson.questions < QUESTIONS:
        return f"{lesson.questions} questions with a trusted positive; training the cross-encoder needs {QUESTIONS}."
    return training_jobs.queue(lesson, NAME, SETTINGS, material.listed(lesson.parts.train))


def fit(lesson: Lesson) -> dict[str, object]:
    """Return the newest finished training's model with the weight that suits the newest training questions.

    Raises:
        NotFound: none has finished, or its model cannot be opened here.
    """
    _, result = training_jobs.result(lesson, NAME)
    learned = CrossEncoding(lesson.core, _scorer(lesson, str(result["folder"])), None)
    return {**result, **learned.learned(lesson.parts.train, lesson.pipeline)}


def evaluate(artefact: Mapping[str, object], lesson: Lesson) -> Trial:
    """Score what serves and the trained model on the stored shortlists of the newer questions, timing the model.

    Raises:
        ArtefactError: the artefact is not a blend's.
        NotFound: its model cannot be opened here.
    """
    heldout = lesson.parts.heldout
    serving = lesson.champions.blend
    reading = CrossEncoding(lesson.core, _scorer(lesson, Blend.of(artefact).model), None)
    scorer = _scorer(lesson, serving.model if serving else Blend.of(artefact).model)
    standing = CrossEncoding(lesson.core, scorer, serving).standing(lesson.pipeline, heldout)
    made = ranked_trial(NAME, lesson, standing, reading.scored(artefact, lesson.pipeline, heldout))
    fair = training_jobs.fair(made, artefact, heldout)
    facts = {**made.facts, **reading.facts(), "training": artefact.get("judged")}
    return replace(fair, facts=facts, objection=reading.objection())


def export(artefact: Mapping[str, object]) -> str:
    """Return the content hash that names this artefact; the model's name in it is the hash of its files."""
    return identity(SLOT, artefact)


def _scorer(lesson: Lesson, name: str) -> PairScorer:
    found = scorer_named(lesson.core.pair_scorer, name)
    if found is None:
        raise NotFound(f"there is no cross-encoder {name} here")
    return found
