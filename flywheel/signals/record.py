"""Write one signal into the ledger.

Whoever delivers the same thing twice writes it once: the key names the act, not the delivery.
"""

import hashlib

from flywheel.core import Core
from flywheel.model import Signal, SignalKind
from flywheel.store import signals


def record(core: Core, signal: Signal) -> bool:
    """Store a signal; return False when it was stored before."""
    with core.database.begin() as db:
        return signals.put(db, signal)


def signal_key(kind: SignalKind, answer_id: str, person: str, moment: str) -> str:
    """Return the key of one act. `moment` tells two acts of a kind apart: Slack's `action_ts` or `event_ts`."""
    act = "\x1f".join((kind.value, answer_id, person, moment))
    return f"{kind.value}:{hashlib.sha256(act.encode()).hexdigest()[:40]}"
