"""Who says that an answer helped. One live vote per person: the last one; the earlier ones stay in the ledger.

Buttons and 👍 👎 reactions are both votes. Taking a reaction away takes that vote back, and what the person had said
before counts again.
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
    standing: dict[str, list[Signal]] = {}
    for signal in ledger:
        if _verdict(signal) is not None:
            standing.setdefault(signal.person, []).append(signal)
        elif signal.kind is SignalKind.REACTION_REMOVED:
            standing[signal.person] = [one for one in standing.get(signal.person, ()) if not _took_back(signal, one)]
    return {person: bool(_verdict(given[-1])) for person, given in standing.items() if given}


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


def _took_back(removed: Signal, vote: Signal) -> bool:
    return vote.kind is SignalKind.REACTION_ADDED and vote.detail.get("reaction") == removed.detail.get("reaction")
