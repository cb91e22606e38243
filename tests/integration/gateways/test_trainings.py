"""Trainings bring what they promise, go on where they were killed, and serve only the files that they made."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from flywheel.errors import ArtefactError
from flywheel.gateways import trainings
from flywheel.gateways.export import MODEL_FILE
from flywheel.gateways.tower import EncoderWithModels, open_model
from flywheel.store import training_jobs
from flywheel.store.training_jobs import TrainingState
from tests.integration.gateways.small_models import small_encoder, small_reader
from tests.parts import HashingEncoder, make_core

TEACHING = {"epochs": 12, "batch": 16, "rate": 3e-3, "negatives": 2, "every": 6, "patience": 9}


def material(kind: str, base: Path, **settings: float) -> dict[str, Any]:
    """Return forty short texts; each is asked for by a code word that nothing but training can connect with it."""
    rng = Random(0)
    words = ["".join(rng.choice("abcdefgh") for _ in range(4)) for _ in range(160)]
    texts = [" ".join(rng.sample(words, 3)) for _ in range(40)]
    asked = [f"code {n}{n}" for n in range(40)]
    judging = [[question, {str(n): 3.0}] for n, question in enumerate(asked)]
    return {
        "kind": kind,
        "base": str(base),
        "seed": 5,
        "passages": texts,
        "pairs": [[question, n, 1.0] for n, question in enumerate(asked)],
        "judging": judging,
        "settings": {**TEACHING, **settings},
    }


def start(folder: Path, learns: dict[str, Any]) -> "subprocess.Popen[bytes]":
    """Begin a training in a process of its own, or go on with one."""
    folder.mkdir(exist_ok=True)
    (folder / "material.json").write_text(json.dumps(learns))
    module = "cross_training" if learns["kind"] == "cross_encoder_training" else "contrastive"
    command = [sys.executable, "-m", f"flywheel.gateways.{module}", str(folder), str(folder.parent / "models")]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "HF_HUB_OFFLINE": "1"})


def trained(folder: Path, learns: dict[str, Any]) -> dict[str, Any]:
    """Train to the end and return the result."""
    assert start(folder, learns).wait(timeout=300) == 0
    result: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return result


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small encoder with random weights."""
    return small_encoder(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def once(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Return the folder and the result of a training of the query tower that nothing disturbed."""
    folder = tmp_path_factory.mktemp("trained") / "job"
    return folder, trained(folder, material("query_tower", small))


def test_training_the_query_tower_brings_questions_nearer_to_their_passages(once: tuple[Path, dict[str, Any]]) -> None:
    _, result = once

    assert result["judged"]["after"] > result["judged"]["before"] + 0.2


def test_a_training_that_was_killed_ends_with_the_very_weights_of_one_that_was_not(
    small: Path, once: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    job, learns = tmp_path / "job", material("query_tower", small)
    process = start(job, learns)
    while not (job / "progress.json").exists() or not (job / "checkpoint").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (job / "result.json").exists()

    assert trained(job, learns) == once[1]


def test_training_both_towers_brings_them_nearer_to_each_other(small: Path, tmp_path: Path) -> None:
    result = trained(tmp_path / "job", material("towers", small))

    assert result["judged"]["after"] > result["judged"]["before"] + 0.2


def test_training_a_cross_encoder_puts_wanted_passages_first(tmp_path: Path) -> None:
    learns = material("cross_encoder_training", small_reader(tmp_path), epochs=8)
    learns["passages"] = [f"{'yes' if n % 2 else 'no'} {n}" for n in range(40)]
    learns["pairs"] = [[f"code {n}", n, float(n % 2)] for n in range(40)]
    learns["judging"] = [[f"code {n}", {str(n): 0.0, str(n + 1): 3.0}] for n in range(0, 40, 2)]

    result = trained(tmp_path / "job", learns)

    assert result["judged"]["after"] > result["judged"]["before"] + 0.02


def test_a_trained_model_whose_files_were_altered_is_refused(once: tuple[Path, dict[str, Any]]) -> None:
    models = once[0].parent / "models"
    with (models / once[1]["folder"] / MODEL_FILE).open("ab") as file:
        file.write(b"x")

    with pytest.raises(ArtefactError, match="not the file that was exported"):
        open_model(models, once[1]["folder"])


def test_a_model_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtefactError, match="no readable manifest"):
        EncoderWithModels(HashingEncoder(), tmp_path).model("unknown")


@pytest.fixture
def training(small: Path, tmp_path: Path) -> Iterator[trainings.Training]:
    """Return a store in which a short training is queued."""
    core = make_core(tmp_path)
    with core.database.begin() as db:
        training_jobs.queue(db, "query_tower", "s1", {"questions": [], "until": ""}, core.now())
    yield trainings.Training(core, tmp_path, lambda _: material("query_tower", small, epochs=1))
    core.database.close()


def test_a_queued_training_runs_to_its_end_and_leaves_only_the_model(training: trainings.Training) -> None:
    assert trainings.run_next(training)

    with training.core.database.read() as db:
        job = training_jobs.listed(db)[0]
    assert (job.state, job.progress, job.error) == (TrainingState.FINISHED, 1.0, None)
    assert open_model(training.home / "models", job.result["folder"]).dimensions == 32
    assert not (training.home / "trainings" / job.id).exists()


def test_a_sweep_leaves_only_models_that_a_release_or_a_training_names(training: trainings.Training) -> None:
    for folder in ("models/named", "models/forgotten", "trainings/gone"):
        (training.home / folder).mkdir(parents=True)
    with training.core.database.begin() as db:
        job = training_jobs.claim(db, training.core.now())
        assert job is not None
        training_jobs.finish(db, job, {"folder": "named"}, training.core.now())

    trainings.sweep(training.core, training.home)

    assert [path.name for path in (training.home / "models").iterdir()] == ["named"]
    assert not (training.home / "trainings" / "gone").exists()


def test_a_training_on_nothing_readable_fails_with_what_the_child_said(tmp_path: Path) -> None:
    core = make_core(tmp_path)
    with core.database.begin() as db:
        training_jobs.queue(db, "query_tower", "s1", {"questions": [], "until": ""}, core.now())

    trainings.run_next(trainings.Training(core, tmp_path, lambda _: {}))

    with core.database.read() as db:
        assert "has no material to train on" in (training_jobs.listed(db)[0].error or "")
