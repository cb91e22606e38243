"""Topics: what people ask about, how much of it, whether it grows, and whether they get what they want.

A topic is named and shown by questions that may be quoted in the report's channel, and by those alone; one with fewer
than three of them has no name. What is counted is everybody's. Sizes are the window's and the weeks' before it apart;
satisfaction, silence and failures are of both together, because a week of one topic is too little to tell.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.measurement.understanding import clusters, labels, shifts
from flywheel.measurement.understanding.cases import Case, said
from flywheel.measurement.understanding.clusters import Groups
from flywheel.measurement.understanding.drift import Asked
from flywheel.measurement.understanding.levers import Failure, Lever
from flywheel.measurement.understanding.shifts import Shift
from flywheel.measurement.week import Share, share_by_person
from flywheel.ports import Vectors

LEVEL = 0.05
_EXAMPLES = 3
_LONGEST_EXAMPLE = 160


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic; `label` is empty where it cannot be quoted. `shift` is its share of all questions now and before.

    `members` are the answers of both windows, `answers` the window's, `failed` the failed ones of both, newest first;
    `levers` counts what would mend these.
    """

    label: str
    size: int
    earlier: int
    persons: int
    unquotable: int
    shift: Shift
    satisfied: Share
    silent: Share
    failing: Share
    levers: Mapping[Lever, int]
    examples: tuple[str, ...]
    members: tuple[str, ...]
    answers: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def volume(self) -> int:
        """Return how many questions it has in both windows."""
        return self.size + self.earlier

    @property
    def has_grown(self) -> bool:
        """Tell whether its share grew beyond chance, all topics considered."""
        return self.shift.p is not None and self.shift.p < LEVEL and self.shift.change > 0

    @property
    def is_new(self) -> bool:
        """Tell whether nobody asked about it before, and it grew beyond chance."""
        return self.earlier == 0 and self.has_grown

    @property
    def lever(self) -> Lever | None:
        """Return what would mend most of its failures, None without any; what is unclear only if all are."""
        clear = {one: count for one, count in self.levers.items() if one is not Lever.UNCLEAR}
        return max(clear or self.levers, key=lambda one: (self.levers[one], one.value), default=None)


def of(core: Core, cases: Sequence[Case], vectors: Vectors, failures: Mapping[str, Failure]) -> list[Topic]:
    """Return the topics of cases, the largest first; `vectors` holds one unit vector per case.

    `failures` is by answer id.
    """
    groups = clusters.grouped(vectors)
    middles = clusters.middles(vectors, groups)
    count = len(middles)
    members = [[one for one, group in zip(cases, groups.tolist(), strict=True) if group == n] for n in range(count)]
    quotable = [[said(one.exchange.question) for one in its if one.is_quotable] for its in members]
    names = labels.named(core, quotable)
    typical = [_typical(cases, vectors @ middle, groups == n) for n, middle in enumerate(middles)]
    moved = shifted(asked(cases), groups)
    return [
        _topic(its, (name, examples if name else ()), shift, failures)
        for its, name, examples, shift in zip(members, names, typical, moved, strict=True)
    ]


def asked(cases: Sequence[Case]) -> Asked:
    """Return when and by whom cases were asked."""
    is_now = np.array([one.is_now for one in cases], dtype=np.bool_)
    return Asked(is_now, [one.person for one in cases], [one.week for one in cases])


def shifted(asked: Asked, groups: Groups) -> list[Shift]:
    """Return how the share of each group changed."""
    names = np.arange(int(groups.max(initial=clusters.NOISE)) + 1)
    return shifts.shifted((groups[:, None] == names[None, :]).astype(np.float64), asked.is_now, asked.blocks)


def _topic(
    cases: Sequence[Case], shown: tuple[str, tuple[str, ...]], shift: Shift, failures: Mapping[str, Failure]
) -> Topic:
    failed = [one.id for one in cases if one.id in failures]
    return Topic(
        label=shown[0],
        size=sum(one.is_now for one in cases),
        earlier=sum(not one.is_now for one in cases),
        persons=len({one.person for one in cases}),
        unquotable=sum(not one.is_quotable for one in cases),
        shift=shift,
        satisfied=share_by_person(vote for one in cases for vote in one.votes.items()),
        silent=share_by_person((one.person, not one.done) for one in cases),
        failing=share_by_person((one.person, one.id in failures) for one in cases),
        levers=Counter(failures[one].lever for one in failed),
        examples=shown[1],
        members=tuple(one.id for one in reversed(cases)),
        answers=tuple(one.id for one in reversed(cases) if one.is_now),
        failed=tuple(reversed(failed)),
    )


def _typical(cases: Sequence[Case], cosines: NDArray[np.float32], mine: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the different questions nearest to a topic's middle that may be quoted."""
    rows = [row for row in np.flatnonzero(mine).tolist() if cases[row].is_quotable]
    nearest = sorted(rows, key=lambda row: (-round(float(cosines[row]), 4), row))
    texts = [" ".join(said(cases[row].exchange.question).split())[:_LONGEST_EXAMPLE] for row in nearest]
    return tuple(dict.fromkeys(texts))[:_EXAMPLES]
