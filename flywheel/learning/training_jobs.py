"""Queue the big trainings that a turn finds due. A turn never waits for one: a later turn judges what came of it.

A training is due when there is enough to learn from, none of its learner waits or runs, and since the last one there
came at least `GROWTH` times as many questions as that one knew. What is judged then was asked after what was trained
on: `late` keeps only such held-out questions.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from flywheel.curation.dataset import Group
from flywheel.errors import NotFound
from flywheel.learning import material
from flywheel.learning.lesson import Lesson
from flywheel.learning.trial import Trial
from flywheel.store import training_jobs
from flywheel.store.training_jobs import TrainingJob

GROWTH = 1.5


def queue(
    lesson: Lesson, learner: str, settings: Mapping[str, Any] | None = None, kept: Mapping[str, Any] | None = None
) -> str:
    """Queue a training of a learner on the lesson's older questions, unless it is not due yet; say what was done.

    `kept` is what the job's row keeps of the questions, if it is not `material.voted`.
    """
    known = len(lesson.parts.train)
    made = {**(kept or material.voted(lesson.parts.train)), "settings": dict(settings or {})}
    with lesson.core.database.begin() as db:
        last = training_jobs.newest_result(db, learner)
        if last is not None and known < GROWTH * len(last.material["questions"]):
            return f"{last.id} learned from {len(last.material['questions'])} of {known} questions: too few are new."
        job = training_jobs.queue(db, learner, f"{lesson.seed:012x}", made, lesson.core.now())
    return f"{job.id} is {job.state.value}, {job.progress * 100:.0f} % done."


def result(lesson: Lesson, learner: str) -> tuple[TrainingJob, dict[str, object]]:
    """Return the newest finished training of a learner and what came of it, with until when its questions were asked.

    Raises:
        NotFound: none has finished.
    """
    job = newest(lesson, learner)
    if job is None:
        raise NotFound(f"no training of {learner} has finished")
    return job, {**job.result, "trained_until": job.material["until"], "questions": len(job.material["questions"])}


def newest(lesson: Lesson, learner: str) -> TrainingJob | None:
    """Return the newest finished training of a learner."""
    with lesson.core.database.read() as db:
        return training_jobs.newest_result(db, learner)


def late(job: Mapping[str, object], groups: Sequence[Group]) -> list[bool]:
    """Tell of each question whether it was asked after everything that the training learned from."""
    until = str(job.get("trained_until") or "")
    return [not until or one.asked_at > datetime.fromisoformat(until) for one in groups]


def fair(trial: Trial, artefact: Mapping[str, object], groups: Sequence[Group]) -> Trial:
    """Return the trial on the questions that are newer than what was trained on."""
    return trial.part(np.array(late(artefact, groups), dtype=np.bool_))
