"""Small groups for learner tests."""

from datetime import UTC, datetime, timedelta

import numpy as np

from flywheel.curation.dataset import Candidate, Group
from flywheel.retrieval.features import FEATURES

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
        rows = [{name: float(rng.uniform()) for name in FEATURES} | same for _ in range(8)]
        best = int(np.argmax([row[feature] + noise * rng.normal() for row in rows]))
        groups.append(group(number, rows, [3.0 if n == best else 0.0 for n in range(8)]))
    return groups
