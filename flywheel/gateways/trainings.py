"""Run queued trainings, each in a child process, and keep their record.

    FLYWHEEL_HOME/trainings/<job>/   material.json, checkpoints, progress; gone when the job has finished
    FLYWHEEL_HOME/models/<hash>/     what came of them

The child trains and writes how far it is; this process passes that on to the job's row, which every reader sees. Killed
anywhere, either of them, the next run goes on from the last checkpoint: the child stops by itself when its parent is
gone, and two never train in one folder, since a lock on it is held by whoever does.
"""

import fcntl
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flywheel.core import Core
from flywheel.errors import ArtefactError, ConfigurationError, StaleLease
from flywheel.gateways.encoder import bundled_folder, model_folder
from flywheel.gateways.tower import MODELS, open_model
from flywheel.gateways.training_material import MATERIAL_FILE
from flywheel.knowledge.embedding import encode_missing
from flywheel.learning import material
from flywheel.store import releases, training_jobs
from flywheel.store.database import Database
from flywheel.store.training_jobs import TrainingJob

TRAININGS = "trainings"
_PROGRAMS: Mapping[str, str] = {
    "query_tower": "flywheel.gateways.contrastive",
    "towers": "flywheel.gateways.contrastive",
    "cross_encoder_training": "flywheel.gateways.cross_training",
}
_RELEASED_AS = ("query_tower", "encoder", "cross_encoder")
_ALL = 10_000
_TRAINED = 0.95
_LOOK_SECONDS = 0.5
_LOOKS_PER_BEAT = 40
_TOLD = 2_000


@dataclass(frozen=True, slots=True)
class Training:
    """Where trainings run: the data folder, and who makes the material of a job (`learning.material.of_job`)."""

    core: Core
    home: Path
    material: Callable[[TrainingJob], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Room:
    """The folder of a training, and the handle of the lock on it."""

    folder: Path
    lock: int


@dataclass(frozen=True, slots=True)
class _Beating:
    """A `Progress` that says that a training goes on; it was nearly done when encoding began."""

    at: Training
    job: TrainingJob

    def expect(self, documents: int) -> None:
        """Do nothing."""

    def advance(self, documents: int, passages: int) -> None:  # noqa: ARG002  the port's
        """Say so."""
        with self.at.core.database.begin() as db:
            training_jobs.beat(db, self.job, _TRAINED, self.at.core.now())


def run_next(at: Training, learner: str | None = None, report: Callable[[str, float], None] = lambda *_: None) -> bool:
    """Run the training that has waited longest, or go on with one that was killed; return whether there was one.

    `report` is told the learner and how far it is, in [0, 1], about once a second.
    """
    with at.core.database.begin() as db:
        job = training_jobs.claim(db, at.core.now(), learner)
    if job is None:
        return False
    folder = at.home / TRAININGS / job.id
    try:
        with _alone(folder) as lock:
            result = _trained(at, job, Room(folder, lock), report)
            with at.core.database.begin() as db:
                training_jobs.finish(db, job, result, at.core.now())
            shutil.rmtree(folder, ignore_errors=True)
    except ArtefactError as error:
        with suppress(StaleLease), at.core.database.begin() as db:
            training_jobs.fail(db, job, str(error), at.core.now())
    except KeyboardInterrupt:
        with suppress(StaleLease), at.core.database.begin() as db:
            training_jobs.release(db, job)
        raise
    return True


def sweep(core: Core, home: Path) -> int:
    """Delete trained models that no release and no training names, and what trainings left that are gone; count them.

    Forgetting a person ends with it: weights that learned from somebody are gone with the rows that name them.
    """
    with core.database.read() as db:
        jobs = training_jobs.listed(db, _ALL)
        released = [one for learner in _RELEASED_AS for one in releases.history(db, learner, _ALL)]
    models = {str(one.result.get("folder")) for one in jobs} | {str(one.artefact.get("folder")) for one in released}
    gone = [path for path in _within(home / MODELS) if path.name not in models]
    gone += [path for path in _within(home / TRAININGS) if path.name not in {one.id for one in jobs}]
    for path in gone:
        shutil.rmtree(path)
    return len(gone)


def _within(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def material_of(
    database: Database, embedder: str | None, cross_encoder: str | None
) -> Callable[[TrainingJob], dict[str, Any]]:
    """Return who makes the material of a job, given the models that the environment names; None is the bundled one.

    It raises a ConfigurationError where a job trains a cross-encoder and none is named.
    """

    def made(job: TrainingJob) -> dict[str, Any]:
        if job.learner == "cross_encoder_training":
            if cross_encoder is None:
                raise ConfigurationError("training a cross-encoder needs FLYWHEEL_CROSS_ENCODER to name one")
            return material.of_lists(database, job, str(model_folder(cross_encoder, "FLYWHEEL_CROSS_ENCODER")))
        base = bundled_folder() if embedder is None else model_folder(embedder, "FLYWHEEL_EMBEDDER")
        return material.of_job(database, job, str(base))

    return made


def _trained(at: Training, job: TrainingJob, room: Room, report: Callable[[str, float], None]) -> dict[str, Any]:
    """Train in a child process until it ends, and return its result.

    Raises:
        ArtefactError: it failed; the message is what it said last.
        StaleLease: somebody else holds the job now, or it is gone.
    """
    folder = room.folder
    if not (folder / MATERIAL_FILE).exists():
        _written(folder / MATERIAL_FILE, at.material(job))
    command = [sys.executable, "-m", _PROGRAMS[job.learner], str(folder), str(at.home / MODELS)]
    with (folder / "log.txt").open("ab") as log:
        child = subprocess.Popen(  # noqa: S603  our own module
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=(room.lock,)
        )
    try:
        _watched(at, job, child, folder, report)
    finally:
        child.kill()
        child.wait()
    if child.returncode != 0:
        said = (folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-_TOLD:].strip()
        raise ArtefactError(f"training {job.learner} failed with {child.returncode}: {said}")
    result: dict[str, Any] = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    if job.learner == "towers":
        _encoded_anew(at, job, str(result["folder"]))
    return {**result, "encoder": at.core.encoder.name}


def _encoded_anew(at: Training, job: TrainingJob, model: str) -> None:
    """Encode every passage under a new encoder; what was encoded before stays encoded."""
    encode_missing(replace(at.core, encoder=open_model(at.home / MODELS, model)), _Beating(at, job))


def _watched(
    at: Training, job: TrainingJob, child: "subprocess.Popen[bytes]", folder: Path, report: Callable[[str, float], None]
) -> None:
    """Pass on how far a child is until it ends."""
    told, looks = -1.0, 0
    while child.poll() is None:
        progress = _progress(folder)
        if progress != told or looks % _LOOKS_PER_BEAT == 0:
            with at.core.database.begin() as db:
                training_jobs.beat(db, job, progress, at.core.now())
            report(job.learner, progress)
        told, looks = progress, looks + 1
        time.sleep(_LOOK_SECONDS)


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """Hold the folder of a training; wait for a child that outlived its parent by a step.

    The child holds the lock too, so that it stays while either lives, and goes with both, whatever ends them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file.fileno()


def _progress(folder: Path) -> float:
    try:
        return float(json.loads((folder / "progress.json").read_text(encoding="utf-8"))["progress"])
    except (OSError, ValueError):
        return 0.0


def _written(path: Path, content: Mapping[str, Any]) -> None:
    aside = path.with_name(f".{path.name}")
    aside.write_text(json.dumps(content, sort_keys=True), encoding="utf-8")
    aside.replace(path)
