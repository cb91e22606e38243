"""Small groups for learner tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import cast

import numpy as np

from flywheel.core import Core
from flywheel.curation.dataset import Candidate, Dataset, Group
from flywheel.curation.split import Split
from flywheel.learning.lesson import Lesson
from flywheel.retrieval.champions import Champions
from flywheel.retrieval.closer_features import CLOSER
from flywheel.retrieval.features import FEATURES
from flywheel.store.ledger import Ledger

DEFAULTS = Champions(0.6, None, {})
"""What serves before anything was learned."""

_OWN = tuple(name for name in FEATURES if name not in CLOSER)
"""Features of a passage by itself; what only a whole list tells is 0 here."""

START = datetime(2026, 11, 2, tzinfo=UTC)


def group(number: int, rows: list[dict[str, float]], grades: list[float], *, missed: tuple[float, ...] = ()) -> Group:
    """Return a group whose candidates have these features (0 where none is given) and grades."""
    candidates = tuple(
        Candidate(f"p{number}-{n}", {**dict.fromkeys(FEATURES, 0.0), **row}, grade, judged=grade > 0)
        for n, (row, grade) in enumerate(zip(rows, grades, strict=True))
    )
    at = START + timedelta(minutes=number)
    return Group(f"q{number:04d}", f"question {number}", f"p{number % 9}", at, None, candidates, missed)


def wanting(feature: str, count: int, *, seed: int = 1, noise: float = 0.0, plain: bool = False) -> list[Group]:
    """Return groups in which the wanted passage is the one with the most of a feature, blurred by noise.

    In `plain` ones no phrase, name or route makes a difference.
    """
    same = dict.fromkeys(("phrase_match", "name_match", "route"), 1.0) if plain else {}
    rng = np.random.default_rng(seed)
    groups = []
    for number in range(count):
        rows = [{name: float(rng.uniform()) for name in _OWN} | same for _ in range(8)]
        best = int(np.argmax([row[feature] + noise * rng.normal() for row in rows]))
        groups.append(group(number, rows, [3.0 if n == best else 0.0 for n in range(8)]))
    return groups


def lesson(
    train: Sequence[Group], heldout: Sequence[Group] = (), *, core: Core | None = None, serving: Champions = DEFAULTS
) -> Lesson:
    """Return the lesson of some questions to train on and others to be judged by; without a core, nothing is stored."""
    groups = (*train, *heldout)
    ledger = Ledger((), (), (), {}, frozenset())
    parts = Split(tuple(train), tuple(heldout), None, 0, 0)
    return Lesson(cast("Core", core), ledger, Dataset(groups, {}, 0, 0), parts, serving, 1)
