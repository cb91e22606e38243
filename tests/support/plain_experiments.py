"""Running and ended experiments once more, from raw rows; see `recompute_report`."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import NormalDist
from typing import Any

from tests.support.plain_case import Case
from tests.support.plain_statistics import t_quantile
from tests.support.raw_ledger import Row, votes

Said = dict[str, list[float]]
_DAY = timedelta(days=1)
_AGAIN = {"follow_up", "reroute", "regenerate", "question_edited", "escalate"}
_SPOKEN = {"edit", "citation_up", "citation_down", "more_like_this"}


def of(case: Case) -> dict[str, Any]:
    """Return what runs at the report's moment, and the stored results of what ended within its time."""
    rows = sorted(case.tables("experiment"), key=lambda one: (one["created_at"], one["id"]))
    known = [one for one in rows if one["created_at"] <= case.seen]
    running = [one for one in known if _was(one["started_at"], case.seen) and not _was(one["ended_at"], case.seen)]
    ended = [one for one in known if _was(one["ended_at"], case.seen) and one["ended_at"] >= case.window.start]
    return {"running": [_analysed(case, one) for one in running], "ended": [{"result": one["result"]} for one in ended]}


def _was(at: datetime | None, seen: datetime) -> bool:
    return at is not None and at <= seen


def _analysed(case: Case, row: Row) -> dict[str, Any]:
    questions = {one["id"]: one for one in case.tables("question") if one["deleted_at"] is None}
    answers = {one["id"]: one for one in case.tables("answer") if one["question_id"] in questions}
    exposures = [
        one
        for one in sorted(case.tables("exposure"), key=lambda one: (one["at"], one["id"]))
        if one["experiment_id"] == row["id"] and one["at"] <= case.seen and one["answer_id"] in answers
    ]
    ripe = [one for one in exposures if one["at"] + _DAY <= case.seen]
    done: dict[str, list[Row]] = defaultdict(list)
    for signal in sorted(case.tables("signal"), key=lambda one: (one["at"], one["id"])):
        done[signal["answer_id"]].append(signal)
    arms = [one["name"] for one in row["arms"]]
    said = {name: _said(name, ripe, done, answers) for name in (row["metric"], *row["guardrails"])}
    people = {arm: {one["person"] for one in exposures if one["arm"] == arm} for arm in arms}
    compared = {arm: _sequence(said[row["metric"]][arm], said[row["metric"]][arms[0]], row["plan"]) for arm in arms[1:]}
    pairs = [(said[name][arm], said[name][arms[0]]) for name in row["guardrails"] for arm in arms[1:]]
    guarded = [{"difference": _for_ever(*pair)} for pair in pairs]
    return {
        "days": (case.seen - row["started_at"]).total_seconds() / 86_400,
        "exposures": {arm: sum(one["arm"] == arm for one in exposures) for arm in arms},
        "persons": {arm: len(some) for arm, some in people.items()},
        "ripe": len(ripe),
        "compared": compared,
        "guarded": guarded,
        "balance": _balance([len(some) for some in people.values()], [one["share"] for one in row["arms"]]),
        "crossed": sum(map(len, people.values())) - len(set().union(*people.values())),
        "winner": None,
    }


def _said(
    name: str, ripe: Sequence[Row], done: Mapping[str, Sequence[Row]], answers: Mapping[str, Row]
) -> dict[str, Said]:
    found: dict[str, Said] = defaultdict(lambda: defaultdict(list))
    for one in ripe:
        soon = [row for row in done[one["answer_id"]] if row["at"] <= one["at"] + _DAY]
        found[one["arm"]][one["person"]] += _values(name, soon, answers[one["answer_id"]]["timings_ms"])
    return found


def _values(name: str, done: Sequence[Row], timings: Mapping[str, float]) -> list[float]:
    if name == "feedback_rate":
        return [float(bool(votes(done)) or any(row["kind"] in _SPOKEN for row in done))]
    if name == "satisfaction":
        return [float(one) for one in votes(done).values()]
    if name == "asked_again":
        return [float(any(row["kind"] in _AGAIN for row in done))]
    return [float(timings.get("total", sum(timings.values())) > 10_000)] if timings else []


def _spoken(said: Said) -> list[list[float]]:
    return [values for values in said.values() if values]


def _known(treated: Said, control: Said) -> dict[str, Any]:
    arms = [_spoken(treated), _spoken(control)]
    n = [sum(map(len, one)) for one in arms]
    means = [sum(map(sum, one)) / count if count else None for one, count in zip(arms, n, strict=True)]
    first, second = means
    estimate = None if first is None or second is None else first - second
    found = {"treated": first, "control": second, "n": n, "persons": list(map(len, arms)), "estimate": estimate}
    return {**found, "low": None, "high": None}


def _is_enough(known: Mapping[str, Any]) -> bool:
    return known["estimate"] is not None and min(known["n"]) >= 20 and min(known["persons"]) >= 6


def _sequence(treated: Said, control: Said, plan: Mapping[str, float]) -> dict[str, Any]:
    """Return the difference within O'Brien and Fleming's bound up to the planned information."""
    known: dict[str, Any] = {**_known(treated, control), "gathered": 0.0}
    if not _is_enough(known):
        return known
    alpha, planned = plan["alpha"], plan["information"]
    arms = [_spoken(treated), _spoken(control)]
    variances, effective = [_jackknife(one) for one in arms], [_kish(one) for one in arms]
    information = 1 / sum(variances)
    parts = sum(v * v / max(k - 1, 1.0) for v, k in zip(variances, effective, strict=True))
    freedom = max(1.0, sum(variances) ** 2 / parts)
    z = NormalDist().inv_cdf(1 - alpha / 4)
    bound = z - 0.5826 / math.sqrt(56)
    stretch = t_quantile(freedom, 1 - alpha / 4) / z
    wide = bound * stretch * math.sqrt(max(planned, information)) / information
    low, high = max(-1.0, known["estimate"] - wide), min(1.0, known["estimate"] + wide)
    return {**known, "low": low, "high": high, "gathered": min(1.0, information / planned)}


def _jackknife(arm: Sequence[Sequence[float]]) -> float:
    """Return the variance of a mean with persons left out one at a time; that of single values at least."""
    n, persons = sum(map(len, arm)), len(arm)
    shrunk = (sum(map(sum, arm)) + 1) / (n + 2)
    moves = [(sum(one) - shrunk * len(one)) / max(1 - len(one) / n, 1 / n) / n for one in arm]
    clustered = math.fsum(move * move for move in moves) * (persons - 1) / persons
    return max(clustered, shrunk * (1 - shrunk) / n)


def _kish(arm: Sequence[Sequence[float]]) -> float:
    return float(sum(map(len, arm)) ** 2 / sum(len(one) ** 2 for one in arm))


def _for_ever(treated: Said, control: Said) -> dict[str, Any]:
    """Return the difference within the asymptotic confidence sequence that has no end."""
    known = _known(treated, control)
    if not _is_enough(known):
        return known
    variance, n = sum(_clustered(_spoken(one)) for one in (treated, control)), sum(known["n"])
    rho = (-2 * math.log(0.05) + math.log(1 - 2 * math.log(0.05))) / 130
    seen = variance * n * n * rho + 1
    wide = math.sqrt(seen / (n * n * rho) * math.log(seen / 0.05**2))
    return {**known, "low": max(-1.0, known["estimate"] - wide), "high": min(1.0, known["estimate"] + wide)}


def _clustered(arm: Sequence[Sequence[float]]) -> float:
    n, effective = sum(map(len, arm)), _kish(arm)
    shrunk = (sum(map(sum, arm)) + 1) / (n + 2)
    squares = math.fsum((sum(one) - shrunk * len(one)) ** 2 for one in arm)
    return max(squares * effective / max(effective - 1, 1.0) / n**2, shrunk * (1 - shrunk) / n)


def _balance(persons: Sequence[int], shares: Sequence[float]) -> dict[str, Any]:
    """Return the sequential multinomial test, and of two arms the chi-square's p."""
    prior = [20.0 * share for share in shares]
    weight = _log_beta([a + n for a, n in zip(prior, persons, strict=True)]) - _log_beta(prior)
    weight -= sum(n * math.log(share) for n, share in zip(persons, shares, strict=True))
    total = sum(persons)
    expected = [total * one for one in shares]
    square = sum((n - e) ** 2 / e for n, e in zip(persons, expected, strict=True)) if total else 0.0
    p = min(1.0, math.exp(-max(weight, 0.0)))
    found: dict[str, Any] = {"persons": list(persons), "shares": list(shares), "p": p}
    return found | ({"chi_square_p": math.erfc(math.sqrt(square / 2))} if len(shares) == 2 else {})


def _log_beta(parts: Sequence[float]) -> float:
    return sum(map(math.lgamma, parts)) - math.lgamma(sum(parts))
