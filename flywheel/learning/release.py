"""Let a model serve, hold it, or take it back: rows in the registry, and in the audit log who did it.

Serving processes read the registry at each question, so an act here holds for the next one.
"""

from dataclasses import replace
from datetime import datetime

from flywheel.core import Core
from flywheel.errors import InvalidInput, NotFound
from flywheel.registry import Outcome, Release
from flywheel.store import audit, releases
from flywheel.store.database import Session

WHEEL = "flywheel"
"""Who acts, in the audit log, when the gate decided."""


def settle(db: Session, challenger: Release, turn_id: str | None, at: datetime, *, passed: bool) -> Release:
    """Store a judged challenger and, where it passed the gate, make it the champion; return it as it stands."""
    stored = releases.put(db, challenger, turn_id)
    if passed:
        stored = releases.promote(db, challenger.id)
    audit.put(db, WHEEL, "release" if passed else "hold", f"{challenger.learner} {challenger.id}", at)
    return stored


def promote(core: Core, release_id: str, person: str) -> Release:
    """Make a release the champion of its learner, whatever the gate said.

    Raises:
        NotFound: there is no such release.
        ArtefactError: its stored parameters are not those that were judged.
    """
    with core.database.begin() as db:
        promoted = releases.promote(db, release_id)
        audit.put(db, person, "promote", f"{promoted.learner} {promoted.id}", core.now())
    return promoted


def roll_back(core: Core, release_id: str, person: str) -> Release:
    """Take a champion out of service and return it; its parent serves again, or the defaults where it has none.

    Raises:
        NotFound: there is no such release.
        InvalidInput: it does not serve.
        ArtefactError: the parameters to go back to are not those that were released.
    """
    with core.database.begin() as db:
        champion = releases.find(db, release_id)
        if champion is None:
            raise NotFound(f"there is no release {release_id}")
        if not champion.serving:
            raise InvalidInput(f"release {release_id} of {champion.learner} does not serve, so it cannot be taken back")
        releases.roll_back(db, champion.learner)
        audit.put(db, person, "roll back", f"{champion.learner} {champion.id}", core.now())
    return replace(champion, serving=False, outcome=Outcome.ROLLED_BACK)
