"""Who says that an answer helped. One live vote per person: the last one; the earlier ones stay in the ledger.

Buttons and 👍 👎 reactions are both votes. Taking a reaction away takes that person's vote away, unless a button
was pressed since.
"""

from collections.abc import Iterable, Mapping

from flywheel.core import Core
from flywheel.model import Signal, SignalKind
from flywheel.store import signals

VOTE = "vote"
"""The key in a reaction's detail that holds `up` or `down` where the reaction counts as a vote."""


def votes(core: Core, answer_id: str) -> Mapping[str, bool]:
    """Return each voter's live vote on an answer: True when it helped."""
    with core.database.read() as db:
        return live_votes(signals.of_answer(db, answer_id))


def live_votes(ledger: Iterable[Signal]) -> dict[str, bool]:
    """Return the live votes in the signals of one answer, which come oldest first."""
    live: dict[str, Signal] = {}
    for signal in ledger:
        if _verdict(signal) is not None:
            live[signal.person] = signal
        elif signal.kind is SignalKind.REACTION_REMOVED and _took_away(live.get(signal.person), signal):
            del live[signal.person]
    return {person: bool(_verdict(signal)) for person, signal in live.items()}


def _verdict(signal: Signal) -> bool | None:
    match signal.kind:
        case SignalKind.THUMBS_UP:
            return True
        case SignalKind.THUMBS_DOWN:
            return False
        case SignalKind.REACTION_ADDED if VOTE in signal.detail:
            return signal.detail[VOTE] == "up"
        case _:
            return None


def _took_away(live: Signal | None, removed: Signal) -> bool:
    return (
        live is not None
        and live.kind is SignalKind.REACTION_ADDED
        and live.detail.get("reaction") == removed.detail.get("reaction")
    )
