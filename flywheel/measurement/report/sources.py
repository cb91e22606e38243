"""Sources that need their owners: stale ones that many answers stand on, and contradicted ones.

    stale           cited by at least two answers of the week, and unchanged for a year; or at least two people called
                    answers that stand on it outdated; or a verified answer that names it has lost its support
    contradicted    at least two people called answers that stand on it wrong, or an approved correction replaced such
                    an answer and names no other source: one that does says that retrieval brought the wrong one

Votes and corrections of the week and of the weeks before count, of people who are not in quarantine. A source is named
only where everybody in the channel may read it; the others are counted.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flywheel.measurement.report.reading import Reading
from flywheel.measurement.section import Line, Section
from flywheel.measurement.window import Window
from flywheel.model import CorrectionState, Reason
from flywheel.signals.votes import live_votes
from flywheel.store import cited
from flywheel.store.cited import Source
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange

OLD = timedelta(days=365)
OFTEN = 2
"""Answers of the week that must cite a source before its age matters."""
PEOPLE = 2
"""How many must say the same before a source is named."""
_MOST = 10


@dataclass(slots=True)
class Finding:
    """What is known against one source: the answers of the week that cite it, and those that speak against it."""

    cited: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    outdated: set[str] = field(default_factory=set)
    corrected: int = 0
    expired: int = 0


@dataclass(frozen=True, slots=True)
class Sources:
    """The content's `sources`, and the section of the report that tells of them."""

    content: dict[str, Any]
    section: Section


def told(db: Session, reading: Reading) -> Sources:
    """Return which sources need their owners."""
    found = findings(db, reading)
    known = cited.named(db, found)
    seen, readable = reading.window.seen, reading.window.readable
    kinds = {"stale": _stale, "contradicted": _contradicted}
    entries: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    hidden = dict.fromkeys(kinds, 0)
    for name in sorted(set(found) & set(known), key=lambda one: (-len(found[one].cited), one)):
        for kind, why in kinds.items():
            reason = why(found[name], known[name], seen)
            if reason and _readable(known[name], readable):
                entries[kind].append(_entry(found[name], known[name], reason))
            elif reason:
                hidden[kind] += 1
    shown = {kind: some[:_MOST] for kind, some in entries.items()}
    return Sources(shown, _section(shown, entries, hidden))


def findings(db: Session, reading: Reading) -> dict[str, Finding]:
    """Return what speaks against each source that was cited, by name."""
    found: dict[str, Finding] = defaultdict(Finding)
    doubted = cited.quarantined(db, reading.window.seen)
    for window in (reading.before, reading.window):
        for one in window.exchanges:
            for name in dict.fromkeys(source.external_id for source in one.answer.citations):
                found[name].cited += [one.answer.id] if window is reading.window else []
            _hear(found, one, window, doubted)
    _correct(found, reading, doubted)
    for lost in cited.expired(db, reading.window.seen):
        if lost.source:
            found[lost.source].expired += 1
    return dict(found)


def _hear(found: Mapping[str, Finding], one: Exchange, window: Window, doubted: frozenset[str]) -> None:
    done = [signal for signal in window.about[one.answer.id] if signal.person not in doubted]
    first = one.answer.citations[0].external_id if one.answer.citations else None
    unhappy = {person for person, yes in live_votes(done).items() if not yes}
    for signal in done:
        reason = signal.detail.get("reason") if signal.person in unhappy else None
        if first and reason in (Reason.OUTDATED, Reason.WRONG):
            said = found[first].outdated if reason == Reason.OUTDATED else found[first].wrong
            said.add(signal.person)
            found[first].against.append(one.answer.id)


def _correct(found: Mapping[str, Finding], reading: Reading, doubted: frozenset[str]) -> None:
    windows = (reading.before, reading.window)
    first = {
        one.answer.id: one.answer.citations[0].external_id
        for window in windows
        for one in window.exchanges
        if one.answer.citations
    }
    for correction in (one for window in windows for one in window.suggested):
        name = first.get(correction.answer_id)
        agreed = correction.state is CorrectionState.APPROVED and correction.person not in doubted
        if name is not None and agreed and not correction.source:
            found[name].corrected += 1
            found[name].against.append(correction.answer_id)


def _stale(one: Finding, source: Source, seen: datetime) -> str:
    reasons = []
    if len(one.cited) >= OFTEN and source.updated_at is not None and source.updated_at < seen - OLD:
        reasons.append(f"unchanged since {source.updated_at:%Y-%m-%d}")
    if len(one.outdated) >= PEOPLE:
        reasons.append(f"{len(one.outdated)} people called answers from it outdated")
    if one.expired:
        reasons.append("a verified answer that names it has lost its support")
    return "; ".join(reasons)


def _contradicted(one: Finding, _: Source, __: datetime) -> str:
    reasons = []
    if len(one.wrong) >= PEOPLE:
        reasons.append(f"{len(one.wrong)} people called answers from it wrong")
    if one.corrected:
        noun = "correction" if one.corrected == 1 else "corrections"
        reasons.append(f"{one.corrected} approved {noun} replaced answers from it")
    return "; ".join(reasons)


def _readable(source: Source, readable: frozenset[str]) -> bool:
    return all(not labels.isdisjoint(readable) for labels in source.labels)


def _entry(one: Finding, source: Source, why: str) -> dict[str, Any]:
    return {
        "title": source.title,
        "external_id": source.external_id,
        "url": source.url,
        "owner": source.owner,
        "updated_at": None if source.updated_at is None else source.updated_at.isoformat(),
        "answers": list(dict.fromkeys([*one.against, *one.cited])),
        "cited": len(one.cited),
        "why": why,
    }


def _section(
    shown: Mapping[str, list[dict[str, Any]]], entries: Mapping[str, list[dict[str, Any]]], hidden: Mapping[str, int]
) -> Section:
    lines = [
        Line(f"{kind.capitalize()}: “{one['title']}”, cited by {_many(one['cited'])}, {_owned(one)}: {one['why']}.",
             tuple(one["answers"]))
        for kind, some in shown.items()
        for one in some
    ]  # fmt: skip
    for kind, n in hidden.items():
        if n:
            many = f"{n} {kind} source{'' if n == 1 else 's'}"
            lines.append(Line(f"{many} cannot be named here: not everybody may read {'it' if n == 1 else 'them'}."))
    if not lines:
        lines = [Line("No source that answers stand on is known to be stale or contradicted.")]
    numbers = {kind: {"named": len(entries[kind]), "not_named": hidden[kind]} for kind in entries}
    return Section("sources", "Sources that need their owners", tuple(lines), numbers)


def _many(answers: int) -> str:
    return "1 answer" if answers == 1 else f"{answers} answers"


def _owned(one: Mapping[str, Any]) -> str:
    return f"owned by {one['owner']}" if one["owner"] else "no owner known"
