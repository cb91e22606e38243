"""What people are to mind: proposed thresholds, breaches, and votes that part from behaviour.

Everything here is harmless to repeat: what was proposed or put up for review is not proposed or put up again.
"""

from flywheel.core import Core
from flywheel.measurement import breaches, gaming, thresholds
from flywheel.store import thresholds as stored
from flywheel.store.thresholds import Breach


def mind(core: Core) -> None:
    """Propose what is due, look for breaches and for gaming, and put up what a person should look at."""
    thresholds.propose(core)
    breaches.check(core)
    gaming.raise_alarms(core)


def glance(core: Core) -> list[Breach]:
    """Do every hour what a turn does at length: look for breaches, and propose where nothing was proposed so far."""
    with core.database.read() as db:
        is_new = not stored.history(db)
    if is_new:
        thresholds.propose(core)
    return breaches.check(core)
