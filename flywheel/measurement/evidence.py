"""Write a turn's evidence as plain JSON, complete enough for anybody to compute the verdicts again.

`heldout` lists the questions, a number for each one's person (no names) and whether its target was seen in training;
each learner's `per_question` lists both sides' nDCG@10 in the same order. The differences, clustered by person, give
difference, interval and p as `learning/statistics.py` says, with NumPy's generator started at `seed`.
"""

from collections.abc import Mapping
from dataclasses import asdict

from flywheel.curation.dataset import Dataset
from flywheel.curation.labels import Labelling
from flywheel.curation.split import Split
from flywheel.learning.challenge import Challenge, persons, seen
from flywheel.learning.gate import Comparison, Verdict
from flywheel.measurement.week import share

SCOPE = (
    "Champion and challenger order the same stored shortlists of up to 40 passages; what retrieval did not list, "
    "neither can find. shortlist_recall says how much of what people wanted was listed."
)
_DIGITS = 10


def of_data(labelling: Labelling, dataset: Dataset, split: Split, seed: int) -> dict[str, object]:
    """Return what was learned from and what was held out."""
    return {
        "snapshot": labelling.snapshot,
        "seed": seed,
        "metric": "nDCG@10",
        "scope": SCOPE,
        "acts": labelling.acts,
        "labels": len(labelling.labels),
        "left_out_acts": dict(labelling.left_out),
        "questions": len(dataset.groups),
        "left_out_questions": dict(dataset.left_out),
        "n_train": len(split.train),
        "n_heldout": len(split.heldout),
        "straddling": split.straddling,
        "shared_persons": split.shared_persons,
        "boundary": None if split.boundary is None else split.boundary.isoformat(),
        "shortlist_recall": _shortlist_recall(dataset),
        "heldout": {
            "question_ids": [one.question_id for one in split.heldout],
            "persons": persons(split).tolist(),
            "seen": seen(split).tolist(),
        },
    }


def of_verdict(verdict: Verdict, made: Challenge, split: Split, champion: str | None) -> dict[str, object]:
    """Return one learner's verdict with every number; `champion` is the release it was up against."""
    return {
        "decision": verdict.decision.value,
        "reason": verdict.reason,
        "notes": list(verdict.notes),
        "n_train": len(split.train),
        "n_heldout": len(split.heldout),
        "champion": {"id": champion, **_means(made.champion.ndcg.tolist(), made.champion.recall.tolist())},
        "challenger": {"id": made.id, **_means(made.challenger.ndcg.tolist(), made.challenger.recall.tolist())},
        **_compared(verdict.overall),
        "p_adjusted": verdict.p_adjusted,
        **made.facts,
        "seen": _compared(verdict.seen),
        "unseen": _compared(verdict.unseen),
        "per_question": {
            "champion": _rounded(made.champion.ndcg.tolist()),
            "challenger": _rounded(made.challenger.ndcg.tolist()),
        },
    }


def of_untrained(reason: str, split: Split, champion: str | None) -> dict[str, object]:
    """Return the verdict on a learner that had too few questions to learn from."""
    return {
        "decision": "held",
        "reason": reason,
        "notes": [],
        "n_train": len(split.train),
        "n_heldout": len(split.heldout),
        "champion": {"id": champion},
        "challenger": None,
    }


def summary(verdict: Mapping[str, object]) -> dict[str, object]:
    """Return a verdict without its values per question, which stay with the turn."""
    return {name: value for name, value in verdict.items() if name != "per_question"}


def _shortlist_recall(dataset: Dataset) -> Mapping[str, object]:
    found = share(dataset.listed, dataset.positives)
    return {"value": found.value, "listed": found.count, "wanted": found.total, "low": found.low, "high": found.high}


def _compared(one: Comparison) -> dict[str, object]:
    return {"difference": one.difference, **{name: value for name, value in asdict(one).items() if name not in _SIDES}}


_SIDES = frozenset({"champion", "challenger", "difference", "metric"})


def _means(ndcg: list[float], recall: list[float]) -> dict[str, float | None]:
    return {"ndcg_at_10": _mean(ndcg), "recall_at_5": _mean(recall)}


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _rounded(values: list[float]) -> list[float]:
    return [round(value, _DIGITS) for value in values]
