"""A turn's verdicts in plain words, a sentence or two each, and one line for the learners that were not tried.

The whole reason, with interval, p and level, stays in the turn's evidence, from which these words are made.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flywheel.learning.gate import ENOUGH_PERSONS, ENOUGH_TO_LOOK, ENOUGH_TO_TEST
from flywheel.measurement.evidence import named

_NEED = re.compile(r"(?P<have>\d+) (?P<what>.+); .*?(?P<need>\d+)(?: are needed)?\.?$")
_UNITS = ("judgements", "liked answers", "judged", "votes")
"""What a need is of, if not of questions; the first that stands in its sentence."""
_WORDS: Mapping[str, str] = {"judged": "judged answers"}
_OTHERWISE = " Otherwise it would have passed"
_END = re.compile(r"(?<=[a-z)])\. (?=[A-Za-z])")
_FIRST_CLAUSE = re.compile(r"[;,]|\.$")


def was_tried(told: Mapping[str, Any]) -> bool:
    """Tell whether a learner had enough to make a challenger."""
    return told["challenger"] is not None


def short(told: Mapping[str, Any]) -> str:
    """Return why a challenger that was tried is released or held."""
    if "tested" not in told:  # the evidence of a turn of an earlier version
        return _objection(told["reason"])
    gain = _gain(told)
    if told["decision"] == "released":
        return f"Better: {gain}. It serves everybody."
    if told["decision"] == "provisional":
        return (
            f"Better so far: {gain}, fewer than {ENOUGH_TO_TEST}. "
            "Half of the people get it now, and how both halves fare decides."
        )
    return _held(told, gain)


def of_release(evidence: Mapping[str, Any]) -> str:
    """Return what the gate said of a release, without what it did, which others may have changed since."""
    if "tested" not in evidence:
        return str(evidence.get("reason", ""))
    return short(evidence) if evidence["decision"] == "held" else f"{_gain(evidence)}."


def untried(learners: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what the learners that were not tried lack, the one with the smallest need first; nothing if all were."""
    waiting: list[tuple[int, str]] = []
    lacking: dict[str, list[str]] = defaultdict(list)
    for name, told in sorted(learners.items()):
        if was_tried(told):
            continue
        reason = str(told["reason"]).removeprefix("Too little data: ")
        need = _NEED.match(reason)
        if need:
            waiting.append((int(need["need"]), f"{name} ({need['have']} of {_amount(need)})"))
        else:
            lacking[_clause(reason)].append(name)
    lines = [line for _, line in sorted(waiting)]
    lines += [f"{' and '.join(names)} ({why})" for why, names in sorted(lacking.items())]
    return f"Not tried yet: {', '.join(lines)}." if lines else ""


def _held(told: Mapping[str, Any], gain: str) -> str:
    if not told["tested"]:
        return f"Too early to tell: {_obstacle(told)}."
    if told["difference"] <= 0:
        return f"Not better: {gain}."
    if told["p_adjusted"] >= told["level"]:
        return f"Perhaps better, but it may be chance: {gain}; a gain of {told['smallest']:.3f} would have shown."
    return f"Better ({gain}), but held: {_objection(told['reason'])}"


def _gain(told: Mapping[str, Any]) -> str:
    metric = told["metric"]
    champion, challenger = (told[side][named(metric)] or 0.0 for side in ("champion", "challenger"))
    return f"{metric} {champion:.3f} → {challenger:.3f} on {told['n_heldout']} newer questions"


def _obstacle(told: Mapping[str, Any]) -> str:
    n, persons = told["n_heldout"], told["persons"]
    if n < ENOUGH_TO_LOOK:
        return f"{n} of the {ENOUGH_TO_LOOK} newer questions that a verdict needs"
    if persons < ENOUGH_PERSONS:
        return f"{persons} of the {ENOUGH_PERSONS} people that a verdict needs judged the {n} newer questions"
    if told["difference"] == 0:
        return f"on the {n} newer questions it does what serves now"
    return f"{_gain(told)}, but too few people saw any difference"


def _objection(reason: str) -> str:
    """Return what was held against a challenger that passed the test: sentences without the test's numbers."""
    before, otherwise, _ = reason.partition(_OTHERWISE)
    said = before if otherwise else _END.split(reason)[0]
    return f"{said.rstrip('.')}."


def _amount(need: re.Match[str]) -> str:
    unit = next((one for one in _UNITS if one in need["what"]), "questions")
    return f"{int(need['need']):,} {_WORDS.get(unit, unit)}"


def _clause(reason: str) -> str:
    first = _FIRST_CLAUSE.split(reason)[0]
    return first[:1].lower() + first[1:]
