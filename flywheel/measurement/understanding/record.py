"""The ledger of two windows as of the moment they were read: what credit is given by, and nothing newer.

Shortlists are read for those answers alone that somebody said something about, or that failed.
"""

from collections.abc import Iterable, Mapping, Sequence

from flywheel.measurement.understanding import cases
from flywheel.measurement.understanding.cases import Case
from flywheel.measurement.window import Window
from flywheel.model import Correction, Signal
from flywheel.store import documents, places, sources
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange, Ledger, with_shortlists

_AT_ONCE = 400


def ledger_of(db: Session, window: Window, before: Window) -> Ledger:
    """Return the ledger of what was said about the answers of both windows."""
    exchanges = [one for part in (before, window) for one in part.exchanges]
    about = {answer_id: done for part in (before, window) for answer_id, done in part.about.items()}
    corrections = [one for one in cases.suggested(window, before) if one.answer_id in about]
    said = {one.answer_id for one in corrections} | {answer_id for answer_id, done in about.items() if done}
    complete = with_shortlists(db, [one for one in exchanges if one.answer.id in said])
    signals = sorted((one for done in about.values() for one in done), key=lambda one: (one.at, one.key))
    known = _known(db, signals)
    return Ledger(
        tuple(complete), tuple(signals), tuple(corrections), _sources(db, corrections), frozenset(known), known
    )


def owners(db: Session, passage_ids: Iterable[str], readable: frozenset[str]) -> dict[str, str]:
    """Return the owners of passages by id, of documents that everybody with the labels may read alone."""
    found: dict[str, str] = {}
    ordered = sorted(set(passage_ids))
    for start in range(0, len(ordered), _AT_ONCE):
        some = ordered[start : start + _AT_ONCE]
        open_to_all = [one for one, place in places.of(db, some).items() if place.labels & readable]
        found |= documents.owners_of(db, open_to_all)
    return found


def exchanges_of(db: Session, failed: Sequence[Case], ledger: Ledger) -> dict[str, Exchange]:
    """Return the exchanges of failed cases with their shortlists, and those of a ledger, by answer id."""
    there = {one.answer.id: one for one in ledger.exchanges}
    rest = with_shortlists(db, [one.exchange for one in failed if one.id not in there])
    return {**there, **{one.answer.id: one for one in rest}}


def _sources(db: Session, corrections: Iterable[Correction]) -> Mapping[str, tuple[str, ...]]:
    return {one.id: sources.passages_named(db, one.source) for one in corrections if one.source}


def _known(db: Session, signals: Iterable[Signal]) -> dict[str, str]:
    """Return the documents that signals name and that are in the index, each with its first passage."""
    names = sorted({one.detail["external_id"] for one in signals if one.detail.get("external_id")})
    found = {name: sources.passage_of(db, passage_id=None, external_id=name) for name in names}
    return {name: passage[0] for name, passage in found.items() if passage is not None}
