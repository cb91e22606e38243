"""Measure what serves on the same questions week after week: the frozen set, the newest weeks, and made questions.

    frozen       people's questions that nothing was ever trained on
    rolling      a sample of the newest weeks'
    synthetic    questions made from passages, so that there is a figure before anybody has judged anything; they are
                 easier than people's, and no verdict rests on them

Each is a record of nDCG@10 and of recall@5 with a 95 % bootstrap interval over persons.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np

from flywheel.core import Core
from flywheel.curation import evaluation_sets, synthetic
from flywheel.curation.dataset import Group
from flywheel.learning.lesson import Lesson
from flywheel.learning.searching import searched
from flywheel.learning.statistics import Floats, Numbers, interval
from flywheel.learning.trial import persons
from flywheel.registry import Record

MADE = 200
"""Made questions that are measured."""


def measured(core: Core, lesson: Lesson) -> list[Record]:
    """Bring the sets up to date and return what serves does on them."""
    now = core.now()
    sets = [
        (one.kind.value, one.id, evaluation_sets.measurable(one, lesson.examples.groups))
        for one in evaluation_sets.refresh(core, lesson.parts)
    ]
    made = ("synthetic", "", synthetic.groups(core)[:MADE])
    return [record for one in (*sets, made) for record in _records(lesson, one, now)]


def _records(lesson: Lesson, one: tuple[str, str, Sequence[Group]], at: datetime) -> Iterator[Record]:
    dataset, name, groups = one
    if not groups:
        return
    scores = searched(lesson.core, lesson.champions, groups)
    numbers = np.arange(len(groups)) if dataset == "synthetic" else persons(groups)
    for metric, values in (("ndcg_at_10", scores.ndcg), ("recall_at_5", scores.recall)):
        low, high = _ends(values, numbers)
        yield Record(at, metric, float(values.mean()), len(groups), low, high, dataset=dataset, dataset_hash=name)


def _ends(values: Floats, numbers: Numbers) -> tuple[float | None, float | None]:
    return interval(values, numbers, np.random.default_rng(0)) if numbers.max() > 0 else (None, None)
