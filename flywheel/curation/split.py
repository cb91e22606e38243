"""Split groups into older ones to train on and newer ones to be judged by, with nothing in common.

A *cluster* is a set of questions that are the same question to a learner: the same normalised text, a cosine above
`SAME`, or the same thread. The boundary lies where the first 70 % of questions had been asked. A cluster belongs to
the side on which its first question stands; its questions from beyond the boundary are left out, so that training is
wholly before judging. A cluster with a *reserved* question (one of the frozen evaluation set) trains nothing at all.

An *author* is the person whose judgement made a group. Everybody would have to stand on one side alone; but where all
people ask all the time, that and the boundary in time together would leave about half of everything unused. So authors
are kept apart as far as `LEAST_TRAIN` and `LEAST_HELDOUT` of the questions remain, those who cost the least first. How
many stand on both sides is counted, and `strangers` tells the held-out questions of those who taught nothing, so that
a challenger can be judged on them apart.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from flywheel.curation.dataset import Group
from flywheel.errors import FlywheelError
from flywheel.ports import Vectors

SAME = 0.92
"""The cosine above which two questions are one (`docs/measurements.md`, Learning)."""
TRAIN_SHARE = 0.7
LEAST_TRAIN, LEAST_HELDOUT = 0.6, 0.27
"""Shares of all questions that keeping authors apart must leave on either side."""
MATTERS = (30, 200)
"""Numbers of held-out questions at which the gate may say more (`learning/gate.py`): authors cost none of them."""
_ROWS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Split:
    """Groups to train on, groups to be judged by, and what separates them.

    `boundary` is the time of the first held-out question, None without one. `straddling` counts questions left out
    because their cluster began before the boundary, `apart` those left out so that their author stands on one side,
    `reserved` those left out of training because their cluster has a reserved question. `shared_persons` counts
    authors on both sides. `clusters` maps the ids of all questions given to their clusters.
    """

    train: tuple[Group, ...]
    heldout: tuple[Group, ...]
    boundary: datetime | None
    straddling: int
    shared_persons: int
    apart: int = 0
    reserved: int = 0
    clusters: Mapping[str, int] = field(default_factory=dict)

    @property
    def strangers(self) -> NDArray[np.bool_]:
        """Tell for each held-out question whether nothing of its author's is trained on, shape (heldout,)."""
        known = {one.person for one in self.train}
        return np.array([one.person not in known for one in self.heldout], dtype=np.bool_)


def split(groups: Sequence[Group], vectors: Vectors, reserved: Collection[str] = ()) -> Split:
    """Split groups by time, cluster and author; `vectors` holds one unit vector per group, shape (n, dimensions).

    `reserved` are ids of questions that must never be trained on.

    Raises:
        FlywheelError: the two sides have something in common (`check`).
    """
    order = sorted(range(len(groups)), key=lambda n: (groups[n].asked_at, groups[n].question_id))
    ordered = [groups[n] for n in order]
    clusters = clusters_of(ordered, vectors[order])
    of = {one.question_id: cluster for one, cluster in zip(ordered, clusters, strict=True)}
    barred = {of[one] for one in reserved if one in of}
    edge = int(TRAIN_SHARE * len(ordered) + 0.5)
    train = [one for one in ordered[:edge] if of[one.question_id] not in barred]
    early = {of[one.question_id] for one in train}
    heldout = [one for one in ordered[edge:] if of[one.question_id] not in early]
    strangers, unjudged = _kept_apart(train, heldout, len(ordered))
    made = Split(
        train=tuple(one for one in train if one.person not in strangers),
        heldout=tuple(one for one in heldout if one.person not in unjudged),
        boundary=None,
        straddling=len(ordered) - edge - len(heldout),
        shared_persons=0,
        reserved=edge - len(train),
        clusters=of,
    )
    made = _described(made, len(train) + len(heldout))
    check(made)
    return made


def check(made: Split) -> None:
    """Make sure that nothing held out was trained on, and nothing is trained on that is newer.

    No question, wording, thread or cluster may stand on both sides; an author may only where keeping them apart would
    leave too little, and only counted.

    Raises:
        FlywheelError: something leaks; the message names it.
    """
    for what, of in (("question", _question), ("wording", _wording), ("thread", _thread)):
        _refuse_shared(what, {of(one) for one in made.train}, {of(one) for one in made.heldout})
    train, heldout = ({made.clusters.get(one.question_id) for one in side} for side in (made.train, made.heldout))
    _refuse_shared("cluster", train, heldout)
    if made.train and made.heldout and max(map(_moment, made.train)) > min(map(_moment, made.heldout)):
        raise FlywheelError("the split leaks: a question to train on was asked after one held out")
    shared = _authors(made.train) & _authors(made.heldout)
    if len(shared) != made.shared_persons:
        raise FlywheelError(f"the split leaks: {len(shared)} authors stand on both sides, and not all are counted")
    if any(_kept_apart(made.train, made.heldout, len(made.clusters))):
        raise FlywheelError("the split leaks: an author stands on both sides who could have been kept apart")


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


def _kept_apart(train: Sequence[Group], heldout: Sequence[Group], questions: int) -> tuple[set[str], set[str]]:
    """Return the authors to leave out of training, and those to leave out of judging, of `questions` in all.

    Training goes first: that leaves questions of strangers to be judged by.
    """
    trained, judged = (Counter(one.person for one in side) for side in (train, heldout))
    both = trained.keys() & judged.keys()
    strangers = _cheapest(trained, both, len(train) - _at_least(LEAST_TRAIN, questions))
    level = max((one for one in MATTERS if one <= len(heldout)), default=0)
    spare = len(heldout) - max(_at_least(LEAST_HELDOUT, questions), level)
    return strangers, _cheapest(judged, both - strangers, spare)


def _cheapest(costs: Mapping[str, int], authors: Collection[str], spare: int) -> set[str]:
    """Return those authors, the cheapest first, whose questions are `spare` together at most."""
    chosen = set()
    for author in sorted(authors, key=lambda one: (costs[one], one)):
        if costs[author] > spare:
            break
        spare -= costs[author]
        chosen.add(author)
    return chosen


def _at_least(share: float, questions: int) -> int:
    return int(np.ceil(round(share * questions, 6)))


def _described(made: Split, before: int) -> Split:
    """Return the split with its boundary and counts; `before` is how many questions it had with all authors."""
    return Split(
        made.train,
        made.heldout,
        boundary=made.heldout[0].asked_at if made.heldout else None,
        straddling=made.straddling,
        shared_persons=len(_authors(made.train) & _authors(made.heldout)),
        apart=before - len(made.train) - len(made.heldout),
        reserved=made.reserved,
        clusters=made.clusters,
    )


def _refuse_shared(what: str, train: Collection[object], heldout: Collection[object]) -> None:
    shared = set(train) & set(heldout) - {None}
    if shared:
        raise FlywheelError(
            f"the split leaks: {len(shared)} {what}(s) stand on both sides, {sorted(map(str, shared))[0]!r} is one"
        )


def _authors(groups: Sequence[Group]) -> set[str]:
    return {one.person for one in groups}


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
