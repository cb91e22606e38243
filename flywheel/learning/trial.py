"""What a learner brings before the gate: both sides' scores on the same questions that neither learned from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from flywheel.curation.dataset import Group
from flywheel.curation.split import Split

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Trial:
    """A challenger's and its champion's scores on the same held-out questions, shape (n,) each.

    `persons` numbers the person behind each question from 0; `seen` tells whether its wanted passage was a target in
    training. `segments` gives, per name, each question's value ("route": ("documents", "code", …)). `facts` were
    measured beside the scores and go into the evidence as JSON; `objection` says why the challenger may not serve
    whatever it gains, or is empty.
    """

    learner: str
    champion: Floats
    challenger: Floats
    persons: Numbers
    seen: Flags
    metric: str = "nDCG@10"
    question_ids: tuple[str, ...] = ()
    segments: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)
    objection: str = ""

    def part(self, where: Flags) -> "Trial":
        """Return the trial on some of its questions; `where` has shape (n,)."""
        rows = np.flatnonzero(where).tolist()
        return replace(
            self,
            champion=self.champion[where],
            challenger=self.challenger[where],
            persons=self.persons[where],
            seen=self.seen[where],
            question_ids=tuple(self.question_ids[row] for row in rows) if self.question_ids else (),
            segments={name: tuple(values[row] for row in rows) for name, values in self.segments.items()},
        )


def on_heldout(learner: str, parts: Split, champion: Floats, challenger: Floats) -> Trial:
    """Return the trial on a split's held-out questions, with their persons, segments and what was seen in training."""
    return Trial(
        learner,
        champion,
        challenger,
        persons(parts.heldout),
        seen(parts),
        question_ids=tuple(one.question_id for one in parts.heldout),
        segments=segments(parts.heldout),
    )


def persons(groups: Sequence[Group]) -> Numbers:
    """Return a number for the person behind each question, counted from 0 in order of appearance."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(one.person, len(numbers)) for one in groups], dtype=np.int64)


def seen(parts: Split) -> Flags:
    """Tell for each held-out question whether a passage it wants was a target in training."""
    trained = frozenset[str]().union(*(one.targets for one in parts.train))
    return np.array([not trained.isdisjoint(one.targets) for one in parts.heldout], dtype=np.bool_)


def segments(groups: Sequence[Group]) -> dict[str, tuple[str, ...]]:
    """Return the questions' values of each segment that any of them has; empty where one has none."""
    names = sorted({name for one in groups for name in one.segments})
    return {name: tuple(one.segments.get(name, "") for one in groups) for name in names}
