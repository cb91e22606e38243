"""Liked answers: what the few-shot library shows to a language model, and what prompts are judged by.

A liked answer is a candidate of high quality or better whose question may be quoted anywhere (`private.py`): it is
shown, or sent to a model, when others ask. The library holds the newest of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from flywheel.answering import manner
from flywheel.answering.prompt import Example
from flywheel.core import Core
from flywheel.curation import private
from flywheel.curation.candidates import Candidate, Quality, candidates
from flywheel.curation.dataset import Group, thread_of
from flywheel.curation.split import Split, split
from flywheel.ports import Vectors

ENOUGH = 30
"""Liked answers from which on examples help ("effective few-shot prompts" from 30 on)."""
MOST = 200
LONGEST = 900
"""Characters of an answer that is shown: three of them must leave room for the passages."""


@dataclass(frozen=True, slots=True)
class Liked:
    """A liked answer, without personal data. `person` is who stands behind it.

    `cited` are the passages it cites and nobody called wrong, `sources` all that it rests on.
    """

    question_id: str
    question: str
    answer: str
    person: str
    asked_at: datetime
    thread: str | None
    cited: tuple[str, ...]
    sources: tuple[str, ...] = ()


def liked(core: Core) -> list[Liked]:
    """Return all liked answers, oldest first; of a question the best one."""
    found = candidates(core, Quality.HIGH)
    with core.database.read() as db:
        quotable = private.quotable(db, [one.origin.question for one in found if one.origin is not None])
    best: dict[str, Liked] = {}
    for one in found:  # the best quality comes first
        made = _liked(one)
        if made is not None and made.question_id in quotable:
            best.setdefault(made.question_id, made)
    return sorted(best.values(), key=lambda one: (one.asked_at, one.question_id))


def parted(core: Core, found: Sequence[Liked]) -> tuple[Split, dict[str, Liked]]:
    """Split liked answers as questions are split, and return them by question id beside it."""
    groups = [Group(one.question_id, one.question, one.person, one.asked_at, one.thread, ()) for one in found]
    return split(groups, _encoded(core, found)), {one.question_id: one for one in found}


def artefact(core: Core, found: Sequence[Liked]) -> dict[str, object]:
    """Return the library of the newest of these answers that are short enough to be shown."""
    short = [one for one in found if len(one.answer) <= LONGEST]
    shown = sorted(short, key=lambda one: (one.asked_at, one.question_id))[-MOST:]
    examples = [Example(one.question, one.answer, one.sources) for one in shown]
    return manner.packed(core.encoder.name, examples, _encoded(core, shown))


def _encoded(core: Core, found: Sequence[Liked]) -> Vectors:
    if not found:
        return np.zeros((0, core.encoder.dimensions), dtype=np.float32)
    return core.encoder.encode([one.question for one in found])


def _liked(one: Candidate) -> Liked | None:
    origin = one.origin
    if origin is None or not one.ideal_output.strip():
        return None
    question = origin.question
    return Liked(
        question.id,
        one.input,
        one.ideal_output,
        origin.person,
        question.asked_at,
        thread_of(question),
        origin.cited,
        (*origin.cited, *origin.rejected),
    )
