"""Measure what serves on the same questions, after each change: the frozen set, the newest weeks, and made questions.

    frozen       people's questions that nothing was ever trained on
    rolling      a sample of the newest weeks'
    synthetic    questions made from passages, so that there is a figure before anybody has judged anything; they are
                 easier than people's, and no verdict rests on them

A state of the system (`system.py`) is measured once on a data set. When a release is taken back, the figures of the
state that serves again are written once more, with what changed, and not measured again. Before a set grows or is
renewed, what serves is measured on it as it was: so each change is measured on the same questions before and after.

Surprising: a data set's hash is that of the questions that are really asked. A question that its asker deleted makes
another data set.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.curation import evaluation_sets as sets
from flywheel.curation import synthetic
from flywheel.curation.dataset import Group
from flywheel.curation.split import Split
from flywheel.learning.trial import persons
from flywheel.measurement import records, searched_again, system
from flywheel.measurement.averages import ALL, Ground, recorded
from flywheel.model import Audience
from flywheel.registry import Record
from flywheel.retrieval import champions
from flywheel.store import baselines, evaluation_sets, passages
from flywheel.store import records as log
from flywheel.store.database import Session
from flywheel.store.evaluation_sets import Item, SetKind
from flywheel.store.records import Wanted

MADE = 200
"""Made questions that are measured."""
SYNTHETIC = "synthetic"
ANCHOR = "ndcg_at_10"
"""The metric by which the log knows that a state was measured on a data set: every measurement has it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A data set as it stands: its questions, in the order of their ids, and the hash of what they want.

    `reserved` are the ids of the questions in the set: what people said of those teaches nothing.
    """

    dataset: str
    hash: str
    groups: tuple[Group, ...]
    reserved: frozenset[str]


def renew(core: Core, parts: Split) -> None:
    """Measure what serves on the sets as they are, bring the sets up to date from a split, and measure on those."""
    keep_up(core)
    sets.refresh(core, parts)
    _measure(core, _standing(core, (SetKind.FROZEN, SetKind.ROLLING), made=True))


def keep_up(core: Core) -> int:
    """Measure what serves now where that was not done yet; return how many records came of it.

    People's questions are measured on once some are frozen, the made ones until then.
    """
    return _measure(core, _due_sets(core))


def is_due(core: Core) -> bool:
    """Tell whether what serves now is yet to be measured; it costs a few small reads."""
    state = system.versions(core)
    with core.database.read() as db:
        return any(not _is_done(db, one, state) for one in _due_sets(core))


def _due_sets(core: Core) -> list[Standing]:
    return _standing(core, (SetKind.FROZEN,), made=False) or _standing(core, (), made=True)


def _standing(core: Core, kinds: Sequence[SetKind], *, made: bool) -> list[Standing]:
    """Return the sets that have any question."""
    with core.database.read() as db:
        found = [_of_people(db, kind) for kind in kinds]
    if made:
        found.append(_made(core))
    return [one for one in found if one is not None and one.groups]


def _of_people(db: Session, kind: SetKind) -> Standing | None:
    """Return a set of people's questions; those that were deleted are left out."""
    active = evaluation_sets.active(db, kind)
    if active is None:
        return None
    items = {one.question_id: one for one in active.items}
    groups = tuple(
        Group(
            question_id=one.id,
            text=one.standalone or one.text,
            person=one.person,
            asked_at=one.asked_at,
            thread=None,
            candidates=(),
            audience=one.audience,
            wanted=items[one.id].wanted,
            segments={"route": items[one.id].route, "surface": one.surface.value},
        )
        for one in baselines.asked(db, items)
    )
    asked: list[Item] = [items[one.question_id] for one in groups]
    return Standing(kind.value, evaluation_sets.identity(kind, asked), groups, active.question_ids)


def _made(core: Core) -> Standing | None:
    groups = sorted(synthetic.groups(core)[:MADE], key=lambda one: one.question_id)
    wanted = sorted({passage for one in groups for passage in one.wanted})
    with core.database.read() as db:
        route = {one.passage_id: one.retriever.value for one in passages.hits(db, wanted, Audience.everyone())}
    labelled = tuple(replace(one, segments={"route": route.get(next(iter(one.wanted)), "")}) for one in groups)
    content = json.dumps([[one.question_id, sorted(one.wanted.items())] for one in groups])
    return Standing(SYNTHETIC, hashlib.sha256(content.encode()).hexdigest(), labelled, frozenset())


def _measure(core: Core, standing: Sequence[Standing]) -> int:
    state = system.versions(core)
    return sum(_measured(core, one, state) for one in standing)


def _measured(core: Core, one: Standing, state: dict[str, str]) -> int:
    """Measure a state on a set, unless that was done last; store what came of it, and return how many records."""
    with core.database.read() as db:
        if _is_done(db, one, state):
            return 0
        ground = Ground(core.now(), one.dataset, one.hash, _change(db, one, state))
        told = _earlier(db, ground, state)
    told = told or _figures(core, one, ground)
    with core.database.begin() as db:
        if _is_done(db, one, state):  # somebody else was faster
            return 0
        records.keep(db, told, state)
    return len(told)


def _figures(core: Core, one: Standing, ground: Ground) -> list[Record]:
    with core.database.read() as db:
        serving = champions.read(db).judged
        seen = _seen(db, one)
    found = searched_again.searched_again(core, serving, one.groups)
    numbers = np.arange(len(found)) if one.dataset == SYNTHETIC else persons(one.groups)
    return recorded([*searched_again.retrieval(found, seen), *searched_again.routing(found)], numbers, ground)


def _seen(db: Session, one: Standing) -> NDArray[np.bool_] | None:
    """Tell for each question whether a passage it wants was called good for a question outside of the set."""
    good = baselines.called_good(db)
    if not good:
        return None
    seen = [any(good.get(passage, frozenset()) - one.reserved for passage in group.wanted) for group in one.groups]
    return np.array(seen, dtype=np.bool_)


def _is_done(db: Session, one: Standing, state: dict[str, str]) -> bool:
    newest = _newest(db, one.dataset)
    return newest is not None and newest.dataset_hash == one.hash and newest.versions == state


def _newest(db: Session, dataset: str) -> Record | None:
    return log.newest(db, Wanted(metric=ANCHOR, segment=ALL, dataset=dataset))


def _change(db: Session, one: Standing, state: dict[str, str]) -> str:
    before = _newest(db, one.dataset)
    told = system.change(db, before.versions if before else None, state)
    if before is None or before.dataset_hash == one.hash:
        return told
    renewed = f"the {one.dataset} questions: {before.n} → {len(one.groups)}"
    return f"{renewed}; {told}" if told else renewed


def _earlier(db: Session, ground: Ground, state: dict[str, str]) -> list[Record]:
    """Return the figures of this state on this data set as records of now, where it was measured before."""
    past = log.matching(db, Wanted(metric=ANCHOR, segment=ALL, dataset=ground.dataset))
    same = [one.at for one in past if one.dataset_hash == ground.dataset_hash and one.versions == state]
    if not same:
        return []
    kept = log.matching(db, Wanted(dataset=ground.dataset, since=same[-1]), scored=True)
    return [replace(one, at=ground.at, change=ground.change) for one in kept if one.at == same[-1]]
