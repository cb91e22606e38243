"""Decide whether to answer at all, and from what.

*Confidence* is the probability that what was found answers the question: a logistic function of a few signals of the
shortlist and the evidence. Its coefficients were fitted by `tests/benchmarks/confidence.py` on questions of real
organisations' handbooks, with questions of other organisations and of no organisation as those that nothing answers. On
its dev questions (n = 150): AUC .88, Brier .135, calibration error .07; at the line 78 % of the answerable are
answered, and 80 % of the others are not (93 % of those about anything at all, 83 % of those of another organisation). A
`thresholds` release may recalibrate it (slope and intercept on the log-odds) and move the line.

Surprising: what people pointed at when the like was asked before can be the answer without having a word in common with
the question. Where the memory gives the first passage half of the votes or more, that share is the confidence
(`retrieval/memory.py`, `share`).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flywheel.answering.evidence import Evidence, weight_covered, word_weights
from flywheel.answering.synonyms import spoken_of
from flywheel.answering.words import content_words
from flywheel.errors import ArtefactError
from flywheel.model import Hit
from flywheel.registry import Release

ANSWER_FROM = 0.26
"""The default line: the lowest at which four of five questions that nothing answers stay unanswered (dev questions)."""

SIGNALS = ("dense", "lead", "spread", "unit_cosine", "passage_coverage", "all_coverage", "agreement")
"""Names of the signals, all about 0 to 1; see `signals`."""

COEFFICIENTS: Mapping[str, float] = {
    "dense": 2.95,
    "lead": 2.77,
    "spread": 2.03,
    "unit_cosine": 2.51,
    "passage_coverage": 1.45,
    "all_coverage": 1.79,
    "agreement": 1.04,
}
INTERCEPT = -6.82

_MORE_LIKELY_THAN_NOT = 0.5
_NEAR = 6  # passages that count as the best


class Verdict(StrEnum):
    """What to do with a question."""

    ANSWER = "answer"
    VERIFIED = "verified"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, the confidence in [0, 1] behind it, and the reason in plain words.

    `missing` are the things that the question names and nothing readable mentions; `remembered` says that earlier
    questions alone speak for the first passage.
    """

    verdict: Verdict
    confidence: float
    why: str
    missing: tuple[str, ...] = ()
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where answering begins, and how confidence is recalibrated: log-odds times slope plus intercept."""

    answer: float = ANSWER_FROM
    slope: float = 1.0
    intercept: float = 0.0

    @classmethod
    def of(cls, release: Release | None) -> "Thresholds":
        """Return the thresholds of a release, or the defaults where none serves.

        Raises:
            ArtefactError: a value is not a number or out of its range.
        """
        if release is None:
            return cls()
        found = {name: release.artefact.get(name, default) for name, default in _DEFAULTS.items()}
        numbers = {name: float(value) for name, value in found.items() if isinstance(value, int | float)}
        if len(numbers) < len(found) or not all(math.isfinite(value) for value in numbers.values()):
            raise ArtefactError("the thresholds are not all numbers")
        if not 0 < numbers["answer"] < 1 or numbers["slope"] <= 0:
            raise ArtefactError("the threshold is not between 0 and 1, or the slope is not positive")
        return cls(**numbers)


_DEFAULTS: Mapping[str, float] = {"answer": ANSWER_FROM, "slope": 1.0, "intercept": 0.0}


def decide(
    signals_found: Mapping[str, float],
    verified: float,
    thresholds: Thresholds,
    missing: tuple[str, ...] = (),
    remembered: float = 0.0,
) -> Decision:
    """Return the verdict for a question; `verified` is the probability that a verified answer fits, in [0, 1].

    `remembered` is the share of earlier questions' votes that the first passage has, in [0, 1].
    A verified answer that is likely to fit goes before everything else: people have agreed with it once. A question
    about something that nothing mentions (`missing`, see `unknown`) is not answered with what was said of its likes.
    """
    if verified >= _MORE_LIKELY_THAN_NOT:
        return Decision(
            Verdict.VERIFIED, verified, f"A verified answer fits with a probability of {verified * 100:.0f} %."
        )
    if missing:
        named = ", ".join(f"“{one}”" for one in missing)
        return Decision(Verdict.ABSTAIN, 0.0, f"No readable passage mentions {named}.", missing)
    found = confidence(signals_found, thresholds)
    if found >= thresholds.answer:
        why = f"Confidence {found * 100:.0f} % is above the line of {thresholds.answer * 100:.0f} %."
        return Decision(Verdict.ANSWER, found, why)
    if remembered >= max(_MORE_LIKELY_THAN_NOT, thresholds.answer):
        why = f"When the like was asked before, {remembered * 100:.0f} % of what people pointed at was this passage."
        return Decision(Verdict.ANSWER, remembered, why, remembered=True)
    return Decision(
        Verdict.ABSTAIN, found, f"Confidence {found * 100:.0f} % is below the line of {thresholds.answer * 100:.0f} %."
    )


def confidence(signals_found: Mapping[str, float], thresholds: Thresholds) -> float:
    """Return the probability that the question can be answered from what was found, in [0, 1]; 0 without signals."""
    if not signals_found:
        return 0.0
    log_odds = INTERCEPT + sum(weight * signals_found[name] for name, weight in COEFFICIENTS.items())
    return 1 / (1 + math.exp(-(thresholds.slope * log_odds + thresholds.intercept)))


def remembered(hits: Sequence[Hit]) -> float:
    """Return the share of earlier questions' votes that the first passage has, in [0, 1]; 0 where no memory serves."""
    first = next((hit for hit in hits if hit.is_passage), None)
    return first.features.get("remembered", 0.0) if first else 0.0


def signals(question: str, hits: Sequence[Hit], evidence: Sequence[Evidence]) -> dict[str, float]:
    """Return the signals by name; empty when nothing was found.

    dense             the best cosine of a passage or unit
    lead              how far the best passage is ahead of the tenth passage
    spread            how far it is ahead of the average passage of the shortlist
    unit_cosine       the best cosine of a quotable unit
    passage_coverage  the share of the question's word weight that the best single passage has, title included
    all_coverage      the share of the question's content words that stand anywhere in the best passages
    agreement         1 when meaning and words agree on a passage among their first three
    """
    found = [hit for hit in hits if hit.is_passage]
    if not found or not evidence:
        return {}
    dense = sorted((hit.features.get("dense", 0.0) for hit in found), reverse=True)
    weights = word_weights(question, found)
    near = [f"{hit.title} {' '.join(hit.heading_path)} {hit.text}" for hit in found[:_NEAR]]
    everywhere = set(spoken_of(list(weights), content_words(" ".join(near))))
    return {
        "dense": max(dense[0], *(one.cosine for one in evidence)),
        "lead": dense[0] - dense[min(9, len(dense) - 1)],
        "spread": dense[0] - sum(dense) / len(dense),
        "unit_cosine": max(one.cosine for one in evidence),
        "passage_coverage": max(weight_covered(weights, text) for text in near),
        "all_coverage": len(everywhere) / max(len(weights), 1),
        "agreement": float(any(_both_like(hit) for hit in found)),
    }


def _both_like(hit: Hit) -> bool:
    return 1 <= hit.features.get("dense_rank", 0) <= 3 and 1 <= hit.features.get("bm25_rank", 0) <= 3
