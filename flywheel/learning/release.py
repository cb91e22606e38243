"""Let a model serve, to everybody or as a canary; hold it; take it back. Rows in the registry and the audit log.

Serving processes read the registry at each question, so an act here holds for the next one. What was taken back does
not come back by itself; what is held may, when a turn makes the very same model again and it passes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from flywheel.errors import InvalidInput, NotFound
from flywheel.learning.gate import Decision
from flywheel.registry import Outcome, Release
from flywheel.store import audit, releases
from flywheel.store.database import Database, Session

WHEEL = "flywheel"
"""Who acts, in the audit log, when no person did."""

CANARY_SHARE = 0.5
"""The share of persons that a provisional model serves: two equal arms tell soonest."""


class Registry(Protocol):
    """What an act needs: a core, or just a store with a clock."""

    @property
    def database(self) -> Database:
        """Return the store that the releases are in."""

    @property
    def now(self) -> Callable[[], datetime]:
        """Return the clock."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A registry without a core, for those who need neither encoder nor index."""

    database: Database
    now: Callable[[], datetime]


_ACTS: Mapping[Decision, str] = {
    Decision.RELEASED: "release",
    Decision.PROVISIONAL: "canary",
    Decision.HELD: "hold",
}


def settle(db: Session, challenger: Release, turn_id: str | None, at: datetime, decision: Decision) -> Release:
    """Store a judged challenger, and let it serve as far as the gate says; return it as it stands.

    A canary that runs is replaced by a challenger that passed. One that serves everybody already goes on doing so.
    """
    stored = releases.put(db, challenger, turn_id)
    if decision is not Decision.HELD:
        share = 1.0 if decision is Decision.RELEASED else CANARY_SHARE
        stored = releases.promote(db, challenger.id, share, at)
    audit.put(db, WHEEL, _ACTS[decision], _subject(challenger), at)
    return stored


def promote(registry: Registry, release_id: str, person: str) -> Release:
    """Make a release serve everybody, whatever the gate said.

    Raises:
        NotFound: there is no such release.
        ArtefactError: its stored parameters are not those that were judged.
    """
    with registry.database.begin() as db:
        promoted = releases.promote(db, release_id, 1.0, registry.now())
        audit.put(db, person, "promote", _subject(promoted), registry.now())
    return promoted


def roll_back(registry: Registry, release_id: str, person: str) -> Release:
    """Take a release out of service for good and return it; its parent serves again, or the defaults without one.

    The parent of a canary, which still serves the canary's control, can be taken back too.

    Raises:
        NotFound: there is no such release.
        InvalidInput: it serves nobody.
        ArtefactError: the parameters to go back to are not those that were released.
    """
    with registry.database.begin() as db:
        release = _found(db, release_id)
        canary = releases.canary_over(db, release_id)
        if canary is not None:
            releases.withdraw_control(db, canary)
        elif release.serving:
            releases.roll_back(db, release.learner)
        else:
            raise InvalidInput(f"release {release_id} of {release.learner} does not serve, so it cannot be taken back")
        audit.put(db, person, "roll back", _subject(release), registry.now())
    return replace(release, serving=False, outcome=Outcome.ROLLED_BACK, share=1.0)


def hold(registry: Registry, release_id: str, person: str) -> Release:
    """Take a canary out of service without a verdict on it, and return it; one that is held already stays held.

    Raises:
        NotFound: there is no such release.
        InvalidInput: it serves everybody, or was taken back.
        ArtefactError: the parameters to go back to are not those that were released.
    """
    with registry.database.begin() as db:
        release = _found(db, release_id)
        if release.outcome is Outcome.CANARY and release.serving:
            releases.roll_back(db, release.learner, Outcome.HELD)
        elif release.outcome is not Outcome.HELD:
            raise InvalidInput(f"release {release_id} of {release.learner} is no canary: roll it back, or promote it")
        audit.put(db, person, "hold", _subject(release), registry.now())
    return replace(release, serving=False, outcome=Outcome.HELD, share=1.0)


def _found(db: Session, release_id: str) -> Release:
    release = releases.find(db, release_id)
    if release is None:
        raise NotFound(f"there is no release {release_id}")
    return release


def _subject(release: Release) -> str:
    return f"{release.learner} {release.id}"
