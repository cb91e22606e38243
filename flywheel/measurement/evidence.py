"""Write a turn's evidence as plain JSON, complete enough for anybody to compute the verdicts again.

`heldout` lists the questions, a number for each one's person (no names) and whether its target was seen in training;
each learner's `per_question` lists both sides' nDCG@10 in the same order. The differences, clustered by person, give
difference, interval and p as `learning/statistics.py` says, with NumPy's generator started at `seed`; p
counts one imagined loss besides (`statistics.doubted`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from flywheel.curation.dataset import Dataset
from flywheel.curation.labels import Labelling
from flywheel.curation.split import Split
from flywheel.learning.challenge import Challenge
from flywheel.learning.comparison import Comparison
from flywheel.learning.gate import Verdict
from flywheel.learning.trial import persons, seen
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
        "heldout": _heldout(
            [one.question_id for one in split.heldout], persons(split.heldout).tolist(), seen(split).tolist()
        ),
    }


def of_verdict(verdict: Verdict, made: Challenge, parts: Split, champion: str | None) -> dict[str, object]:
    """Return one learner's verdict with every number; `champion` is the release it was up against.

    A learner whose questions are not the turn's names its own under `heldout`.
    """
    trial, metric = made.trial, named(made.trial.metric)
    facts = dict(trial.facts)
    recall = facts.pop("recall_at_5", None)
    also = recall if isinstance(recall, Mapping) else {}
    sides = {
        side: {"id": one, metric: mean} | ({"recall_at_5": also[side]} if side in also else {})
        for side, one, mean in (
            ("champion", champion, _mean(trial.champion.tolist())),
            ("challenger", made.id, _mean(trial.challenger.tolist())),
        )
    }
    told = {
        "decision": verdict.decision.value,
        "reason": verdict.reason,
        "notes": list(verdict.notes),
        "slot": made.slot,
        "metric": trial.metric,
        "n_train": len(parts.train),
        "n_heldout": len(trial.champion),
        **sides,
        **_compared(verdict.overall),
        "p_adjusted": verdict.p_adjusted,
        "level": verdict.allowance.level,
        "try": verdict.allowance.number,
        "tested": verdict.tested,
        **facts,
        "seen": _compared(verdict.seen),
        "unseen": _compared(verdict.unseen),
        "segments": [asdict(one) for one in verdict.segments],
        "per_question": {
            "champion": _rounded(trial.champion.tolist()),
            "challenger": _rounded(trial.challenger.tolist()),
        },
    }
    if trial.question_ids != tuple(one.question_id for one in parts.heldout):
        told["heldout"] = _heldout(trial.question_ids, trial.persons.tolist(), trial.seen.tolist())
    return told


def of_untrained(reason: str, parts: Split, champion: str | None) -> dict[str, object]:
    """Return the verdict on a learner that had too little to learn from."""
    return {
        "decision": "held",
        "reason": reason,
        "notes": [],
        "n_train": len(parts.train),
        "n_heldout": len(parts.heldout),
        "champion": {"id": champion},
        "challenger": None,
    }


def named(metric: str) -> str:
    """Return a metric's name as keys have it: nDCG@10 is `ndcg_at_10`."""
    return metric.lower().replace("@", "_at_")


def summary(verdict: Mapping[str, object]) -> dict[str, object]:
    """Return a verdict without its values per question, which stay with the turn."""
    return {name: value for name, value in verdict.items() if name not in ("per_question", "heldout")}


def _heldout(question_ids: Sequence[str], persons: Sequence[int], seen: Sequence[bool]) -> dict[str, object]:
    return {"question_ids": list(question_ids), "persons": list(persons), "seen": list(seen)}


def _shortlist_recall(dataset: Dataset) -> Mapping[str, object]:
    found = share(dataset.listed, dataset.positives)
    return {"value": found.value, "listed": found.count, "wanted": found.total, "low": found.low, "high": found.high}


def _compared(one: Comparison) -> dict[str, object]:
    return {"difference": one.difference, **{name: value for name, value in asdict(one).items() if name not in _SIDES}}


_SIDES = frozenset({"champion", "challenger", "difference", "metric"})


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _rounded(values: list[float]) -> list[float]:
    return [round(value, _DIGITS) for value in values]
