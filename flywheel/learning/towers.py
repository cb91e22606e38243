"""Fine-tune the encoder of questions and passages both, and encode every passage anew: a new generation.

It is trained in a process of its own (`flywheel train`), which also encodes all passages under the new encoder's name,
batch by batch, so that it may be stopped anywhere. The old vectors stay, and the old encoder serves meanwhile.

Behind a switch: whatever it gains, the gate holds it, because a new encoder starts every part anew that was learned
with the old one's vectors (router, adapter, memory), and serves after a restart only. `flywheel models promote ID`,
then a restart, switches; rolling it back and a restart switches back, without encoding anything.
"""

from collections.abc import Mapping
from dataclasses import replace

from flywheel.core import Core
from flywheel.errors import ArtefactError
from flywheel.learning import searching, training_jobs
from flywheel.learning.lesson import Lesson, ranked_trial
from flywheel.learning.trial import Trial
from flywheel.retrieval.tower import KeepsModels
from flywheel.store.releases import identity

NAME = "towers"
SLOT = "encoder"
QUESTIONS = 6_000
SETTINGS: Mapping[str, object] = {"epochs": 1, "batch": 64, "rate": 2e-5, "every": 20}
SWITCH = (
    "A new encoder serves after a restart only, and starts anew whatever was learned with the old one's vectors: "
    "somebody has to promote it by hand."
)


def enough(lesson: Lesson) -> tuple[bool, str]:
    """Tell whether a training has finished that can be judged, and say why not."""
    job = training_jobs.newest(lesson, NAME)
    if job is None and lesson.questions < QUESTIONS:
        return False, f"{lesson.questions} questions with a trusted positive; the training needs {QUESTIONS}"
    return job is not None, f"no training has finished; `flywheel train {NAME}` runs the one that is queued"


def due(lesson: Lesson) -> str:
    """Queue a training where there are questions enough, and say what was done."""
    if lesson.questions < QUESTIONS:
        return f"{lesson.questions} questions with a trusted positive; training both towers needs {QUESTIONS}."
    return training_jobs.queue(lesson, NAME, SETTINGS)


def fit(lesson: Lesson) -> dict[str, object]:
    """Return what the newest finished training brought.

    Raises:
        NotFound: none has finished.
    """
    _, result = training_jobs.result(lesson, NAME)
    return result


def evaluate(artefact: Mapping[str, object], lesson: Lesson) -> Trial:
    """Search anew for the newest held-out questions: with what serves now, and as the day after the switch would.

    Raises:
        ArtefactError: the model's files are missing, or not those that were trained.
    """
    heldout = lesson.parts.heldout[-searching.MOST :]
    known = replace(lesson, parts=replace(lesson.parts, heldout=heldout))
    switched = _switched(lesson.core, str(artefact["folder"]))
    champion = searching.searched(lesson.core, lesson.champions, heldout)
    challenger = searching.searched(switched, lesson.champions.under(switched.encoder.name), heldout)
    made = ranked_trial(NAME, known, champion, challenger)
    fair = training_jobs.fair(made, artefact, heldout)
    training = {key: artefact.get(key) for key in ("judged", "steps", "pairs")}
    return replace(fair, facts={**made.facts, "training": training}, objection=SWITCH)


def export(artefact: Mapping[str, object]) -> str:
    """Return the content hash that names this artefact; the hash of the model's files is a part of it."""
    return identity(SLOT, artefact)


def _switched(core: Core, model: str) -> Core:
    """Return a core as it would be after the switch."""
    if not isinstance(core.encoder, KeepsModels):
        raise ArtefactError("trained models cannot be opened here")
    return replace(core, encoder=core.encoder.model(model), vectors=core.encoder.index(core.database, model))
