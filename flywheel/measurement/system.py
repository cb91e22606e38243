"""What state the system is in, and what changed between two states.

A state is the release of every learner that serves, the encoder, the corpus version and the code. Two measurements of
the same questions in the same state give the same figures, so a state is measured once.

Surprising: a canary counts as what serves, since questions that belong to nobody see it; letting it serve everybody
changes nothing in what is measured.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import flywheel
from flywheel.core import Core
from flywheel.learning.release import WHEEL
from flywheel.store import audit, freshness, passages, releases
from flywheel.store.database import Session

CODE, CORPUS, ENCODER = "code", "corpus", "encoder"
_NOT_LEARNED = frozenset({CODE, CORPUS, ENCODER})
_DEFAULT = "the default"
_DONE = {"release": "released", "canary": "made a canary", "promote": "promoted"}
_ENDED = {"hold": "held", "roll back": "rolled back"}
_SHOWN = 8


def versions(core: Core) -> dict[str, str]:
    """Return the state: the id of each learner's release that serves, `encoder`, `corpus` and `code`."""
    with core.database.read() as db:
        serving = {one.learner: one.id for one in releases.listed(db) if one.serving}
        corpus = passages.version(db)
    return {**dict(sorted(serving.items())), ENCODER: core.encoder.name, CORPUS: str(corpus), CODE: code()}


@cache
def code() -> str:
    """Return the version of the package with the first 12 digits of the SHA-256 of its source files."""
    root = Path(flywheel.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*.py")):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return f"{version('flywheel-slack')}+{digest.hexdigest()[:12]}"


def change(db: Session, before: Mapping[str, str] | None, now: Mapping[str, str]) -> str:
    """Return in words what made one state the other; empty where nothing did.

    Where none was before, or one of an earlier version that kept no states, it is a first measurement.
    """
    if not before:
        return "first measurement"
    learners = sorted((before.keys() | now.keys()) - _NOT_LEARNED)
    told = [_of_learner(db, one, before.get(one), now.get(one)) for one in learners if before.get(one) != now.get(one)]
    if before.get(CORPUS) != now[CORPUS]:
        told.append(_of_index(db, int(before.get(CORPUS, "0"))))
    told += [
        f"{name} {before.get(name, 'unknown')} → {now[name]}"
        for name in (ENCODER, CODE)
        if before.get(name) != now[name]
    ]
    return "; ".join(told)


def _of_learner(db: Session, learner: str, before: str | None, now: str | None) -> str:
    """Return what the audit log knows of a change, and who did it."""
    acts = audit.latest(db, [f"{learner} {one}" for one in (before, now) if one])
    newest = max(acts.values(), key=lambda one: (one.at, one.act in _ENDED), default=None)
    if newest is None:
        return f"{learner} {_short(before)} → {_short(now)}"
    who = "the wheel" if newest.person == WHEEL else newest.person
    if now and newest.subject == f"{learner} {now}":
        return f"{learner} {_short(now)} {_DONE.get(newest.act, newest.act)} by {who}"
    return f"{learner} {_short(before)} {_ENDED.get(newest.act, newest.act)} by {who}, {_short(now)} serves again"


def _of_index(db: Session, after: int) -> str:
    found = freshness.moved(db, after)
    return f"index: {found.documents} documents new or changed (+{found.added} -{found.removed} passages)"


def _short(release: str | None) -> str:
    return release[:_SHOWN] if release else _DEFAULT
