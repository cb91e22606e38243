"""Split groups into older ones to train on and newer ones to be judged by, with nothing in common.

A *cluster* is a set of questions that are the same question to a learner: the same normalised text, a cosine above
`SAME`, or the same thread. The boundary lies where the first 70 % of questions had been asked. A cluster belongs to
the side on which its first question stands; its questions from beyond the boundary are left out, so that training is
wholly before judging. Persons may stand on both sides; how many do is reported.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from flywheel.curation.dataset import Group
from flywheel.errors import FlywheelError
from flywheel.ports import Vectors

SAME = 0.92
"""The cosine above which two questions are one (`docs/measurements.md`, Learning)."""
TRAIN_SHARE = 0.7
_ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Split:
    """Groups to train on, groups to be judged by, and what separates them.

    `boundary` is the time of the first held-out question, None without one. `straddling` counts questions left out
    because their cluster began before the boundary. `shared_persons` counts persons on both sides.
    """

    train: tuple[Group, ...]
    heldout: tuple[Group, ...]
    boundary: datetime | None
    straddling: int
    shared_persons: int


def split(groups: Sequence[Group], vectors: Vectors) -> Split:
    """Split groups by time and cluster; `vectors` holds one unit vector per group, shape (n, dimensions).

    Raises:
        FlywheelError: the two sides have something in common (`check`).
    """
    order = sorted(range(len(groups)), key=lambda n: (groups[n].asked_at, groups[n].question_id))
    ordered = [groups[n] for n in order]
    clusters = clusters_of(ordered, vectors[order])
    edge = int(TRAIN_SHARE * len(ordered) + 0.5)
    early = set(clusters[:edge])
    heldout = tuple(one for one, cluster in zip(ordered[edge:], clusters[edge:], strict=True) if cluster not in early)
    made = Split(
        train=tuple(ordered[:edge]),
        heldout=heldout,
        boundary=heldout[0].asked_at if heldout else None,
        straddling=len(ordered) - edge - len(heldout),
        shared_persons=len({one.person for one in ordered[:edge]} & {one.person for one in heldout}),
    )
    check(made)
    return made


def check(made: Split) -> None:
    """Make sure that nothing held out was trained on: no question, wording or thread, and nothing older.

    Raises:
        FlywheelError: something leaks; the message names it.
    """
    for what, of in (("question", _question), ("wording", _wording), ("thread", _thread)):
        shared = {of(one) for one in made.train} & {of(one) for one in made.heldout} - {None}
        if shared:
            raise FlywheelError(
                f"the split leaks: {len(shared)} {what}(s) stand on both sides, {sorted(map(str, shared))[0]!r} is one"
            )
    if made.train and made.heldout and max(map(_moment, made.train)) > min(map(_moment, made.heldout)):
        raise FlywheelError("the split leaks: a question to train on was asked after one held out")


def normalised(text: str) -> str:
    """Return a question's words alone, in lower case."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def clusters_of(groups: Sequence[Group], vectors: Vectors) -> list[int]:
    """Return each group's cluster, numbered by the first group in it."""
    parent = list(range(len(groups)))
    for of in (_wording, _thread):
        first: dict[str, int] = {}
        for n, group in enumerate(groups):
            value = of(group)
            if value is not None:
                _join(parent, first.setdefault(value, n), n)
    for start in range(0, len(groups), _ROWS_AT_ONCE):
        near = vectors[start : start + _ROWS_AT_ONCE] @ vectors.T > SAME
        for row, column in zip(*np.nonzero(near), strict=True):
            _join(parent, start + int(row), int(column))
    return [_root(parent, n) for n in range(len(groups))]


def _join(parent: list[int], one: int, other: int) -> None:
    low, high = sorted((_root(parent, one), _root(parent, other)))
    parent[high] = low


def _root(parent: list[int], n: int) -> int:
    while parent[n] != n:
        parent[n] = parent[parent[n]]
        n = parent[n]
    return n


def _question(group: Group) -> str | None:
    return group.question_id


def _wording(group: Group) -> str | None:
    return normalised(group.text) or None


def _thread(group: Group) -> str | None:
    return group.thread


def _moment(group: Group) -> tuple[datetime, str]:
    return group.asked_at, group.question_id
