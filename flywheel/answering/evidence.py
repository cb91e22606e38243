"""Weigh every quotable unit of the best passages against the question.

A unit's *score* mixes what it means (cosine between question and unit), which of the question's words it has
(*coverage*, rare words counting more) and what kind of thing is asked for ("who", "when", "how much", "how to").
Both writers and the decision to answer at all look at the same evidence, so it is gathered once.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from flywheel.answering.layout import shown
from flywheel.answering.synonyms import spoken_of
from flywheel.answering.units import Unit, UnitKind, units_of
from flywheel.answering.words import content_words, covered
from flywheel.model import Hit, Kind
from flywheel.ports import Encoder

PASSAGES = 10
"""Passages read closely."""
READING = 1200
"""Characters of units encoded per question, in one batch: about 100 ms of one core, so words choose first."""
_READ_OF_UNIT = 240
"""Characters of one unit that are encoded; what a sentence is about stands at its beginning."""
LONGEST_UNIT = 500
"""Characters; what is longer cannot be quoted whole beside its source mark."""

_COSINE, _COVERAGE, _HINT, _PASSAGE = 0.5, 0.3, 0.15, 0.4
_DOCUMENT = 0.5  # of the score of the best passage of the same document
_NOTHING_NEW = 0.15
_LEAST_NEW = 2  # content words that a unit must have beyond the question's to be news
_RANK = 0.02  # per rank, when units must be left out
_NEAR_WEIGHT = 0.6  # a question word in the title or heading counts less than one in the unit itself

_FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|none|unlimited|free)\b", re.IGNORECASE
)
_OFTEN = re.compile(
    r"\b(?:every|each|per|daily|weekly|monthly|yearly|once|twice|hourly|times|quarterly|continuously)\b", re.IGNORECASE
)
_RATE = re.compile(r"\d.*(?:\bper\b|/|\b(?:seconds?|minutes?|hours?|days?|weeks?|months?)\b)")
_MONEY = re.compile(
    r"(?:\b[A-Z]{3}\b|[$€£])\D{0,3}\d|\d\s?(?:[$€£]|\b[A-Z]{3}\b)|\b(?:free|price|cost)\b", re.IGNORECASE
)
_WHEN = re.compile(
    r"\d{4}|\b(?:jan|feb|march|april|may|june|july|aug|sept|oct|nov|dec)"
    r"|day\b|daily|week|month|year|hour|minute|\d:\d\d",
    re.IGNORECASE,
)
_WHO = re.compile(r"@|\b[A-Z]\w+ (?:de |van )?[A-Z]\w+|\b(?:[Tt]eam|[Mm]anager|[Ll]ead|[Oo]wner|[Dd]irector|[Dd]esk)\b")
_WHERE = re.compile(r"\b(?:in|on|at|under|next to|beside|behind|floor|street|page|folder|channel)\b|#\w+")
_BECAUSE = re.compile(r"\b(?:because|causes?|caused|reasons?|since|due to|so that|therefore|why)\b", re.IGNORECASE)
_WHY = re.compile(r"\bwhy\b|\bcauses?\b|\bcaused\b|\breasons?\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_HINTS = (
    (_WHY, _BECAUSE),
    (re.compile(r"\b(?:what|which) year\b"), _YEAR),
    (re.compile(r"\bhow often\b"), _OFTEN),
    (re.compile(r"\bhow fast\b|\brate\b"), _RATE),
    (re.compile(r"\b(?:price|costs?|fee|how much (?:is|are|does|do|can|may))\b"), _MONEY),
    (re.compile(r"\bhow (?:much|many|long|far|big|large|old|soon|late|early)\b"), _FIGURE),
    (re.compile(r"\b(?:when|until when|what time|which day|deadline|since when)\b"), _WHEN),
    (re.compile(r"\b(?:who|whom|whose)\b"), _WHO),
    (re.compile(r"\b(?:number|phone|address|limit|budget|capacity|size|port|version|date|allowance)\b"), _FIGURE),
    (re.compile(r"\b(?:where|which (?:channel|room|floor|folder))\b"), _WHERE),
)
_CODE_WANTED = re.compile(r"\b(?:command|script|code|snippet|query)\b")
_ABOUT_ITSELF = re.compile(
    r"^(?:last )?(?:updated|author|owner|date|source|version|status)\s*:[^.;]*\.?$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A unit weighed. `score` orders units of one question; `cosine` and `coverage` are in [0, 1] and [-1, 1]."""

    hit: Hit
    unit: Unit
    score: float
    cosine: float
    coverage: float
    vector: NDArray[np.float32]


def gather(encoder: Encoder, question: str, hits: Sequence[Hit]) -> list[Evidence]:
    """Return the units of the best passages, best first; empty when there are no hits or nothing quotable."""
    weights = word_weights(question, hits)
    candidates = _candidates(_with_their_documents(hits)[:PASSAGES], weights)
    if not candidates:
        return []
    vectors = encoder.encode([question, *(_in_context(hit, unit) for hit, unit in candidates)])
    best = max(hit.score for hit, _ in candidates)
    asked = list(weights)
    found = []
    for (hit, unit), vector in zip(candidates, vectors[1:], strict=True):
        cosine = float(vectors[0] @ vector)
        coverage = _coverage(hit, unit, weights)
        prior = hit.score / best if best > 0 else 1.0
        score = _COSINE * cosine + _COVERAGE * coverage + _PASSAGE * max(prior, 0.0)
        score += _HINT * (hint(question, unit, _heading(hit)) - _unfit(question, hit, unit))
        score -= _NOTHING_NEW * (_news(unit, asked) < _LEAST_NEW)
        found.append(Evidence(hit, unit, score, cosine, coverage, vector))
    return sorted(found, key=lambda one: -one.score)


def _with_their_documents(hits: Sequence[Hit]) -> list[Hit]:
    """Return the passages reordered: one whose document has a better passage moves towards it.

    A wording that misses a passage often finds its neighbour, since both are about one thing.
    """
    best: dict[str, float] = {}
    for hit in hits:
        best[hit.document_id] = max(best.get(hit.document_id, 0.0), hit.score)
    return sorted(hits, key=lambda hit: -(hit.score + _DOCUMENT * best[hit.document_id]))


def word_weights(question: str, hits: Sequence[Hit]) -> dict[str, float]:
    """Return each content word of the question with its weight; they add up to 1.

    The weight is the logarithm of how rare the word is among the hits: log(1 + n / (1 + hits that have it)), the idf
    of Robertson and Spärck Jones with the shortlist in the place of the collection.
    """
    wanted = content_words(question)
    counts = dict.fromkeys(wanted, 0)
    for hit in hits:
        for word in spoken_of(wanted, content_words(f"{hit.title} {' '.join(hit.heading_path)} {hit.text}")):
            counts[word] += 1
    raw = {word: math.log(1 + max(len(hits), 1) / (1 + count)) for word, count in counts.items()}
    total = sum(raw.values()) or 1.0
    return {word: weight / total for word, weight in raw.items()}


def weight_covered(weights: Mapping[str, float], text: str) -> float:
    """Return the share of the question's word weight that a text has, in [0, 1]."""
    return sum(weights[word] for word in spoken_of(list(weights), content_words(text)))


def hint(question: str, unit: Unit, heading: str = "") -> float:
    """Return 1 when the unit holds the kind of thing that the question word asks for, else 0.

    A reason may also be told by its heading ("Causes"), since the sentences below it do not repeat the word.
    """
    asked = question.lower()
    if _CODE_WANTED.search(asked):
        return float(unit.kind is UnitKind.CODE or "`" in unit.text)
    for wanted, pattern in _HINTS:
        if wanted.search(asked):
            return float(bool(pattern.search(unit.text if pattern is not _BECAUSE else f"{heading}: {unit.text}")))
    if re.search(r"\bhow\b", asked):
        return float(unit.kind in {UnitKind.ITEM, UnitKind.CODE})
    return 0.0


def _unfit(question: str, hit: Hit, unit: Unit) -> float:
    """Return how little a unit is made for quoting, in [0, 1]: captions, rows as reasons, code nobody asked for."""
    if hit.kind is Kind.IMAGE or (unit.kind is UnitKind.ROW and _WHY.search(question.lower())):
        return 0.7
    wants_code = _CODE_WANTED.search(question.lower()) or re.search(r"\bhow (?:do|can|to|should)\b", question.lower())
    return 0.0 if unit.kind is not UnitKind.CODE or wants_code else 0.7


def _news(unit: Unit, asked: list[str]) -> int:
    """Return how many content words a unit has that the question does not."""
    said = content_words(f"{unit.lead} {unit.text}")
    return len(said) - len(covered(said, asked))


def _candidates(hits: Sequence[Hit], weights: Mapping[str, float]) -> list[tuple[Hit, Unit]]:
    """Return units of `READING` characters in all: those with most of the question's words, in the best passages."""
    found = [
        (hit, unit)
        for hit in hits
        for unit in units_of(hit.text, hit.kind)
        if len(shown(unit)) <= LONGEST_UNIT and not unit.text.endswith(":") and not _ABOUT_ITSELF.match(unit.text)
    ]
    rank = {hit.passage_id: place for place, hit in enumerate(hits)}
    keyed = sorted(found, key=lambda one: rank[one[0].passage_id] * _RANK - _coverage(one[0], one[1], weights))
    lengths = accumulate(len(_in_context(hit, unit)) for hit, unit in keyed)
    return [one for one, length in zip(keyed, lengths, strict=True) if length <= READING] or keyed[:1]


def _coverage(hit: Hit, unit: Unit, weights: Mapping[str, float]) -> float:
    own = weight_covered(weights, f"{unit.lead} {unit.text}")
    near = weight_covered(weights, f"{unit.lead} {unit.text} {hit.title} {' '.join(hit.heading_path)}")
    return own + _NEAR_WEIGHT * (near - own)


def _heading(hit: Hit) -> str:
    return hit.heading_path[-1] if hit.heading_path else ""


def _in_context(hit: Hit, unit: Unit) -> str:
    place = _heading(hit) or hit.title
    lead = f" {unit.lead}" if unit.lead else ""
    return f"{place}:{lead} {unit.text}"[:_READ_OF_UNIT]
