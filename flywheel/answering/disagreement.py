"""Find out when two documents disagree, and which of them is newer.

A company's documents contradict each other mostly because one is old. Two signs are used: two units say the same
thing with other values (numbers, codes, names), or two documents have the same topic by their titles
("Expenses", "Expenses (2024 rules)"). In both cases the newer date wins; without dates nothing is decided.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from flywheel.answering.evidence import Evidence
from flywheel.answering.units import UnitKind
from flywheel.answering.words import content_words, names, numbers, stem
from flywheel.model import Hit

_WORTH_COMPARING = 0.6  # of the best unit's score
_SAME_WORDS = 0.5
_SAME_MEANING = 0.75
_ALMOST = 0.8  # of both, where the titles do not say that the documents are about one thing
_SUPERSEDED = 0.25
_APART = timedelta(days=1)
_OLD_TITLE = "rules page set setup guide notes old archive former previous version"
_OLD_WORDS = frozenset(map(stem, _OLD_TITLE.split()))


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two units about one thing with different values, from documents of different dates."""

    newer: Evidence
    older: Evidence


def newest_first(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence with units of superseded documents moved down."""
    old = superseded([one.hit for one in evidence])
    moved = [replace(one, score=one.score - _SUPERSEDED) if one.hit.document_id in old else one for one in evidence]
    return sorted(moved, key=lambda one: -one.score)


def superseded(hits: Sequence[Hit]) -> frozenset[str]:
    """Return the ids of documents for which a newer one with the same topic in its title is among the hits."""
    documents = {hit.document_id: hit for hit in hits}.values()
    return frozenset(
        old.document_id
        for old in documents
        for new in documents
        if _is_older(old, new) and _topic(old.title) and _topic(old.title) == _topic(new.title)
    )


def disagreement(evidence: Sequence[Evidence]) -> Disagreement | None:
    """Return the disagreement that the best unit is part of, or None."""
    if not evidence:
        return None
    best = evidence[0]
    for other in evidence[1:]:
        if other.score < _WORTH_COMPARING * best.score:
            return None
        if _same_subject(best, other) and _other_values(best, other):
            if _is_older(other.hit, best.hit):
                return Disagreement(newer=best, older=other)
            if _is_older(best.hit, other.hit):
                return Disagreement(newer=other, older=best)
    return None


def _is_older(one: Hit, other: Hit) -> bool:
    if one.document_id == other.document_id or one.updated_at is None or other.updated_at is None:
        return False
    return one.updated_at + _APART <= other.updated_at


def _topic(title: str) -> frozenset[str]:
    bare = re.sub(r"\b(?:19|20)\d\d\b", "", title)
    return frozenset(content_words(bare)) - _OLD_WORDS


def _same_subject(one: Evidence, other: Evidence) -> bool:
    if one.hit.document_id == other.hit.document_id or _models(one.hit.title) != _models(other.hit.title):
        return False
    if one.unit.kind is UnitKind.ROW or other.unit.kind is UnitKind.ROW:
        return one.unit.kind is other.unit.kind and _first_cell(one) == _first_cell(other) and _near_titles(one, other)
    mine, theirs = (_described(each) for each in (one, other))
    alike = len(mine & theirs) / max(min(len(mine), len(theirs)), 1)
    cosine = float(one.vector @ other.vector)
    if _near_titles(one, other):
        return alike >= _SAME_WORDS or cosine >= _SAME_MEANING
    return alike >= _ALMOST and cosine >= _ALMOST


def _near_titles(one: Evidence, other: Evidence) -> bool:
    mine, theirs = _topic(one.hit.title), _topic(other.hit.title)
    return 2 * len(mine & theirs) >= len(mine | theirs) > 0


def _models(title: str) -> frozenset[str]:
    """Return the numbers of a title that are no years: "Eddy 2" and "Eddy 3" are two things, not two dates."""
    return frozenset(number for number in numbers(title) if not re.fullmatch(r"(?:19|20)\d\d", number))


def _first_cell(one: Evidence) -> str:
    return re.split(r"[|;]", one.unit.text.strip("| "))[0].strip().lower()


def _described(one: Evidence) -> frozenset[str]:
    return frozenset(word for word in content_words(one.unit.text) if not any(sign.isdigit() for sign in word))


def _other_values(one: Evidence, other: Evidence) -> bool:
    mine, theirs = numbers(one.unit.text), numbers(other.unit.text)
    if mine and theirs:
        return bool(mine - theirs) and bool(theirs - mine)
    mine, theirs = names(one.unit.text), names(other.unit.text)
    return bool(mine - theirs) and bool(theirs - mine)
