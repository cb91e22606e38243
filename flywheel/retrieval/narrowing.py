"""Find passages of some sources only: what an administrator allows a channel to be answered from.

The indexes know nothing of sources, so they are asked for more until enough of what they bring is of these. What the
store says counts: which source a passage is from is read from its document.
"""

from collections.abc import Callable, Sequence

from flywheel.ports import Scored
from flywheel.store import origins, sources
from flywheel.store.database import Database

_WIDER = 8
"""How many times as much an index is asked for when too little was of the wanted sources."""

Ask = Callable[[int], Sequence[Scored]]
"""Asks an index for so many passages; it brings fewer only when it has no more."""


def narrowed(database: Database, wanted: frozenset[str], depth: int, ask: Ask) -> list[Scored]:
    """Return up to `depth` of what an index brings, best first, of the wanted sources; no sources mean all."""
    if not wanted:
        return list(ask(depth))
    asked = depth
    while True:
        found = ask(asked)
        with database.read() as db:
            inside = sources.within(db, [one.passage_id for one in found], wanted)
        kept = [one for one in found if one.passage_id in inside]
        if len(kept) >= depth or len(found) < asked:
            return kept[:depth]
        asked *= _WIDER


def rests_on(database: Database, verified_id: str, wanted: frozenset[str]) -> bool:
    """Tell whether a verified answer came from documents, all of them of the wanted sources; no sources mean all."""
    if not wanted:
        return True
    with database.read() as db:
        behind = origins.sources_behind(db, verified_id)
    return bool(behind) and behind <= wanted
