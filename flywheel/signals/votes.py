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
_OF_SOURCE = frozenset({SignalKind.CITATION_UP, SignalKind.CITATION_DOWN})


def votes(core: Core, answer_id: str) -> Mapping[str, bool]:
    """Return each voter's live vote on an answer: True when it helped."""
    with core.database.read() as db:
        return live_votes(signals.of_answer(db, answer_id))


def cast(core: Core, vote: Signal) -> bool:
    """Store a vote by a button; return False, and store nothing, when the person's live vote was that button's already.

    A reaction that says the same is no reason to refuse: it may be taken back.
    """
    with core.database.begin() as db:
        given = _standing(signals.of_answer(db, vote.answer_id)).get(vote.person)
        if given and given[-1].kind is vote.kind:
            return given[-1].key == vote.key
        return signals.put(db, vote)


def source_vote(ledger: Iterable[Signal], person: str, passage_id: str) -> bool | None:
    """Return what a person says of a source of an answer: True when it was useful, None when they said nothing.

    `ledger` holds the signals of the answer, oldest first; the last word counts.
    """
    said = [
        one.kind is SignalKind.CITATION_UP
        for one in ledger
        if one.kind in _OF_SOURCE and one.person == person and one.detail.get("passage_id") == passage_id
    ]
    return said[-1] if said else None


def live_votes(ledger: Iterable[Signal]) -> dict[str, bool]:
    """Return the live votes in the signals of one answer, which come oldest first."""
    return {person: bool(_verdict(given[-1])) for person, given in _standing(ledger).items() if given}


def _standing(ledger: Iterable[Signal]) -> dict[str, list[Signal]]:
    """Return the votes of each person that were not taken back, oldest first."""
    standing: dict[str, list[Signal]] = {}
    for signal in ledger:
        if _verdict(signal) is not None:
            standing.setdefault(signal.person, []).append(signal)
        elif signal.kind is SignalKind.REACTION_REMOVED:
            standing[signal.person] = [one for one in standing.get(signal.person, ()) if not _took_back(signal, one)]
    return standing


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
