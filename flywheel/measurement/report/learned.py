"""What was learned, from a turn's evidence: the verdict on each learner, why, and what the others lack.

A verdict says in short what was decided, and as `evidence` the gate's whole reason.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flywheel.measurement import plain_verdicts
from flywheel.measurement.section import Line, Section
from flywheel.measurement.watch import ACT, LOOK
from flywheel.registry import Release

Learned = Mapping[str, Any]

_DECISIONS = {"released": "released", "provisional": "serves half of the people", "held": "held"}


def verdicts(learned: Learned) -> list[dict[str, str]]:
    """Return a verdict on each learner that was tried."""
    return [
        {
            "learner": name,
            "outcome": _DECISIONS[told["decision"]],
            "short": plain_verdicts.short(told),
            "evidence": " ".join([told["reason"], *told["notes"]]),
            "release": told["challenger"]["id"],
        }
        for name, told in sorted(learned.get("learners", {}).items())
        if plain_verdicts.was_tried(told)
    ]


def untried(learned: Learned) -> str:
    """Return what the learners that were not tried lack."""
    return plain_verdicts.untried(learned.get("learners", {}))


def merged(evidence: Sequence[Learned]) -> Learned:
    """Return the newest turn's evidence, with each learner's newest verdict that changed what serves, if there is one.

    `evidence` is of turns, oldest first.
    """
    if not evidence:
        return {}
    learners = dict(evidence[-1].get("learners", {}))
    for one in evidence[:-1]:
        learners |= {
            name: told
            for name, told in one.get("learners", {}).items()
            if told["decision"] != "held" and learners.get(name, {"decision": "held"})["decision"] == "held"
        }
    return {**evidence[-1], "learners": learners}


def watched(releases: Sequence[Release], start: datetime, seen: datetime) -> list[str]:
    """Return what the watch did to releases between two moments, and how canaries fared when last looked at then."""
    told = []
    for one in releases:
        done: Any = one.evidence.get(ACT)
        look: Any = one.evidence.get(LOOK)
        if _within(done, start, seen):
            told.append(f"{one.learner}, {done['fate']} by the watch: {done['reason']}")
        elif _within(look, start, seen):
            told.append(f"{one.learner}: {look['reason']}")
    return told


def source(learned: Learned) -> str:
    """Return in a sentence what there was to learn from."""
    if not learned:
        return "The wheel has not turned in this time."
    if not learned["questions"]:
        return "There is nothing to learn from yet: votes on answers and their sources teach the wheel."
    recall = learned["shortlist_recall"]
    found = "" if recall["value"] is None else (
        f" Of {recall['wanted']} passages that people wanted, the shortlists held {recall['listed']}."
    )  # fmt: skip
    return (
        f"{learned['questions']} questions had a trusted judgement: {learned['n_train']} to learn from, "
        f"{learned['n_heldout']} newer ones held out.{found}"
    )


def coincidences(learned: Learned) -> list[str]:
    """Return what began to serve with this turn, for a sentence that claims no more than that."""
    words = {"released": "began to serve everybody", "provisional": "began to serve half of the people"}
    return [
        f"a {name} release {words[told['decision']]}"
        for name, told in sorted(learned.get("learners", {}).items())
        if plain_verdicts.was_tried(told) and told["decision"] in words
    ]


def challenges(learned: Learned) -> dict[str, Any]:
    """Return both sides' nDCG@10 of each learner of rankings that was tried, for the chart."""
    return {
        name: {side: told[side]["ndcg_at_10"] for side in ("champion", "challenger")}
        | {"low": told["low"], "high": told["high"], "n": told["n_heldout"]}
        for name, told in sorted(learned.get("learners", {}).items())
        if told["challenger"] is not None and told["n_heldout"] and "ndcg_at_10" in told["challenger"]
    }


def section(learned: Learned, watched: Sequence[str]) -> Section:
    """Return what was learned, and what the watch did, as a section."""
    said = [f"{one['learner']}: {one['outcome']}. {one['short']}" for one in verdicts(learned)]
    lines = [*said, *filter(None, [untried(learned)]), source(learned), *watched]
    numbers = {
        name: {
            "decision": told["decision"],
            "n_heldout": told["n_heldout"],
            "difference": told.get("difference"),
            "low": told.get("low"),
            "high": told.get("high"),
            "p_adjusted": told.get("p_adjusted"),
        }
        for name, told in sorted(learned.get("learners", {}).items())
    }
    return Section("learned", "What was learned", tuple(Line(one) for one in lines), {"learners": numbers})


def _within(noted: Any, start: datetime, seen: datetime) -> bool:
    return isinstance(noted, Mapping) and start <= datetime.fromisoformat(str(noted["at"])) <= seen
