"""Verified answers expire when what supported them changes, until a reviewer has looked.

    serving → expire → waiting → keep → serving again, resting on the source as it is now
                               → drop → never again

What counts as a change stands in `store/support.py`. Retrieval leaves such an answer out from the moment of the change;
`expire` makes that known. Reviewers are the owners of the source, who approved it, and the administrators.
"""

from flywheel.core import Core
from flywheel.errors import NotAllowed, NotFound
from flywheel.knowledge.access import in_office
from flywheel.model import VerifiedAnswer
from flywheel.store import audit, documents, marks, sources, support, verified
from flywheel.store.database import Session

_WAITING, _KEPT, _DROPPED = "waiting", "kept", "dropped"
_NOBODY = "flywheel"


def expire(core: Core) -> list[VerifiedAnswer]:
    """Stop serving answers whose support has changed; return those of which this call is the first to know."""
    with core.database.read() as db:
        changed = [one for one in verified.every(db) if not support.stands(db, one)]
    if changed:
        with core.database.begin() as db:
            changed = [one for one in changed if verified.is_active(db, one.id)]
            verified.retire(db, [one.id for one in changed])
            for one in changed:
                marks.put(db, _mark(one.id), _WAITING)
                audit.put(db, _NOBODY, "expire", one.id, core.now())
    return changed


def waiting(core: Core) -> list[VerifiedAnswer]:
    """Return the expired answers that nobody has decided on, oldest first."""
    with core.database.read() as db:
        return [one for one in verified.resting(db) if marks.find(db, _mark(one.id)) == _WAITING]


def decision(core: Core, verified_id: str) -> str:
    """Return waiting, kept or dropped; empty for an answer that never expired."""
    with core.database.read() as db:
        return marks.find(db, _mark(verified_id)) or ""


def owners(core: Core, verified_id: str) -> frozenset[str]:
    """Return who answers for an expired answer: the owners of its source, and who approved it.

    Raises:
        NotFound: there is no such answer.
    """
    with core.database.read() as db:
        found = _found(db, verified_id)
        passages = [*found.passage_ids, *(sources.passages_named(db, found.source) if found.source else ())]
        owning = documents.owners_of(db, passages[:400]).values()
    return frozenset(one for one in (*owning, found.approved_by) if one)


def keep(core: Core, verified_id: str, reviewer: str) -> bool:
    """Serve an expired answer again; return False when it was decided before.

    From now on it rests on its source as that is now; where the source is gone, on nothing that could change.

    Raises:
        NotFound: there is no such answer.
        NotAllowed: the reviewer is none of its owners and no administrator.
    """
    return _decide(core, verified_id, reviewer, _KEPT)


def drop(core: Core, verified_id: str, reviewer: str) -> bool:
    """Retire an expired answer for good; return False when it was decided before.

    Raises:
        NotFound: there is no such answer.
        NotAllowed: the reviewer is none of its owners and no administrator.
    """
    return _decide(core, verified_id, reviewer, _DROPPED)


def _decide(core: Core, verified_id: str, reviewer: str, state: str) -> bool:
    if reviewer not in owners(core, verified_id) | in_office(core):
        raise NotAllowed("only owners of the source, who approved the answer, and administrators decide on it")
    with core.database.begin() as db:
        if marks.find(db, _mark(verified_id)) != _WAITING:
            return False
        found = _found(db, verified_id)
        if state == _KEPT:
            verified.renew(db, verified_id, sources.passages_named(db, found.source) if found.source else ())
        marks.put(db, _mark(verified_id), state)
        audit.put(db, reviewer, state, verified_id, core.now())
    return True


def _found(db: Session, verified_id: str) -> VerifiedAnswer:
    found = verified.find(db, verified_id)
    if found is None:
        raise NotFound(f"there is no verified answer {verified_id}")
    return found


def _mark(verified_id: str) -> str:
    return f"expired:{verified_id}"
