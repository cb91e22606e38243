"""Run a training step by step, so that it can be stopped anywhere and goes on from its last checkpoint.

A *course* is what one kind of training brings: a module, an optimiser, how to learn from one batch, how to be judged.
Every `every` steps it is judged, and everything that the next step depends on is written: weights, the optimiser's
memory, the step and the best so far. Batches are drawn by the step's number, so a course that was killed ends with the
very weights of one that was not. It stops early after `patience` judgements without a better one, and the best weights
of all are the result; those it began with count too.

    FOLDER/checkpoint/   weights.safetensors  optimiser.safetensors  best.safetensors  standing.json
    FOLDER/progress.json {"progress": share done, "worth": best judgement so far}
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

_WEIGHTS = "weights.safetensors"
_OPTIMISER = "optimiser.safetensors"
_BEST = "best.safetensors"
_STANDING = "standing.json"
_CHECKPOINT = "checkpoint"


class Course(Protocol):
    """One kind of training. `module` and `optimiser` are torch's."""

    module: Any
    optimiser: Any

    def learn(self, step: int) -> None:
        """Take one step; what it learns from depends on nothing but its number, counted from 0."""

    def judge(self) -> float:
        """Return how good the weights are on what is not learned from; larger is better."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a course goes, in steps, how often it is judged, and how many judgements may bring nothing."""

    steps: int
    every: int
    patience: int = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a course stands: the steps taken, its judgement at the start, the best one and when that was."""

    step: int
    start: float
    best: float
    best_step: int = 0
    without: int = 0


def run(course: Course, plan: Plan, folder: Path) -> Standing:
    """Take a course to its end and leave the best weights in its module.

    Raises:
        InterruptedError: the process that started this one is gone.
    """
    parent = os.getppid()
    standing = _resume(course, folder) or _begin(course, folder)
    while standing.step < plan.steps and standing.without < plan.patience:
        _alive(parent)
        course.learn(standing.step)
        standing = replace(standing, step=standing.step + 1)
        if standing.step % plan.every == 0 or standing.step == plan.steps:
            standing = _judged(course, standing, folder)
            tell(folder, 0.1 + 0.8 * standing.step / plan.steps, standing.best)
    _load(course.module, folder / _CHECKPOINT / _BEST)
    return standing


def tell(folder: Path, progress: float, worth: float = 0.0) -> None:
    """Write how far a training is, in [0, 1]; a reader sees the old file or the new one, never a part."""
    _write(folder / "progress.json", {"progress": progress, "worth": worth})


def _begin(course: Course, folder: Path) -> Standing:
    worth = course.judge()
    standing = Standing(0, worth, worth)
    _save(course, standing, folder, better=True)
    return standing


def _judged(course: Course, standing: Standing, folder: Path) -> Standing:
    worth = course.judge()
    better = worth > standing.best
    if better:
        standing = replace(standing, best=worth, best_step=standing.step, without=0)
    else:
        standing = replace(standing, without=standing.without + 1)
    _save(course, standing, folder, better=better)
    return standing


def _save(course: Course, standing: Standing, folder: Path, *, better: bool) -> None:
    """Write a checkpoint beside the last one and put it in its place at once."""
    from safetensors.torch import save_file  # noqa: PLC0415  this process alone pays for torch

    place = folder / _CHECKPOINT
    aside = folder / f".{_CHECKPOINT}-new"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    weights = _contiguous(course.module.state_dict())
    save_file(weights, aside / _WEIGHTS)
    save_file(_memory(course.optimiser), aside / _OPTIMISER)
    if better:
        save_file(weights, aside / _BEST)
    else:
        shutil.copyfile(place / _BEST, aside / _BEST)
    _write(aside / _STANDING, asdict(standing))
    old = folder / f".{_CHECKPOINT}-old"
    if place.exists():
        place.rename(old)
    aside.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _resume(course: Course, folder: Path) -> Standing | None:
    """Bring a course to where its last checkpoint was; None where there is none."""
    from safetensors.torch import load_file  # noqa: PLC0415

    place, old = folder / _CHECKPOINT, folder / f".{_CHECKPOINT}-old"
    if not place.exists() and old.exists():  # killed between the two renames
        old.rename(place)
    if not (place / _STANDING).exists():
        return None
    _load(course.module, place / _WEIGHTS)
    _remember(course.optimiser, load_file(place / _OPTIMISER))
    return Standing(**json.loads((place / _STANDING).read_text(encoding="utf-8")))


def _load(module: Any, weights: Path) -> None:
    from safetensors.torch import load_file  # noqa: PLC0415

    module.load_state_dict(load_file(weights))


def _memory(optimiser: Any) -> dict[str, Any]:
    """Return the optimiser's tensors under flat names."""
    of_parameters: Mapping[int, Mapping[str, Any]] = optimiser.state_dict()["state"]
    return _contiguous({f"{n}.{key}": value for n, its in of_parameters.items() for key, value in its.items()})


def _remember(optimiser: Any, flat: Mapping[str, Any]) -> None:
    state: dict[int, dict[str, Any]] = {}
    for name, value in flat.items():
        n, _, key = name.partition(".")
        state.setdefault(int(n), {})[key] = value
    optimiser.load_state_dict({**optimiser.state_dict(), "state": state})


def _contiguous(tensors: Mapping[str, Any]) -> dict[str, Any]:
    """Return copies that share no memory, as safetensors wants them."""
    return {name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}


def _alive(parent: int) -> None:
    if os.getppid() != parent:
        raise InterruptedError("the process that started this training is gone; it goes on from its checkpoint")


def _write(path: Path, content: Mapping[str, object]) -> None:
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(json.dumps(content, sort_keys=True), encoding="utf-8")
    aside.replace(path)
