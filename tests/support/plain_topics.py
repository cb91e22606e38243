"""The sections on what people ask about once more, from raw rows; see `recompute_report`.

Which questions make a topic is found by clustering vectors, and which lever a failure needs is a judgement by rules:
the members and the counts of levers are taken from the report. What is counted of them, and of questions, routes,
segments and turns, is computed here.
"""

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from tests.support.plain_case import Case
from tests.support.plain_statistics import Z, difference, holm, share_by_person, t_quantile, t_tail
from tests.support.raw_ledger import Row, votes

Said = list[tuple[str, float]]


def asked(case: Case) -> list[Row]:
    """Return the first answer to each question of the window and of the weeks before, at most the newest 5,000."""
    found: dict[str, Row] = {}
    suggested = (*case.before.corrections, *case.window.corrections)
    corrected = {one["answer_id"] for one in suggested if one["state"] != "rejected"}
    for is_now, span in ((False, case.before), (True, case.window)):
        for one in span.answers:
            week = (one["answered_at"] - case.window.start) // timedelta(days=7)
            found.setdefault(one["question_id"], {**one, "is_now": is_now, "week": week, "votes": votes(one["done"])})
    return [{**one, "failed": _failed(one, corrected)} for one in list(found.values())[-5_000:]]


def _failed(one: Row, corrected: set[str]) -> bool:
    yes = sum(one["votes"].values())
    no = len(one["votes"]) - yes
    went = any(row["kind"] == "escalate" for row in one["done"])
    return bool(one["abstained"] or no >= max(yes, 1) or one["id"] in corrected or went)


def topics(case: Case, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers of topics, as far as they follow from the counts that `told` has, and of segments."""
    cases = asked(case)
    failed = [one for one in cases if one["failed"]]
    now = sum(one["is_now"] for one in cases)
    return {
        "questions": now,
        "questions_before": len(cases) - now,
        "weeks": _weeks(case),
        "left_out": len({one["question_id"] for one in (*case.before.answers, *case.window.answers)}) - len(cases),
        "in_no_topic": now - sum(one["questions"] for one in told["topics"]),
        "topics": [_topic(case, cases, one) for one in told["topics"]],
        "failures": [_topic(case, failed, one) for one in told["failures"]],
        "segments": _segments(case, cases),
    }


def _weeks(case: Case) -> int:
    return round((case.window.end - case.before.start).days / 7)


def _topic(case: Case, cases: Sequence[Row], told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is counted of a topic's members, and what its share of all questions was and is."""
    named = set(told["members"])
    its = [one for one in cases if one["id"] in named]
    size = sum(one["is_now"] for one in its)
    newest = {*told["answers"], *told["failed_answers"]} <= named
    broken = [one for one in its if one["failed"]]
    levers = sum(told["levers"].values()) == len(broken) and newest
    growth = changed([one["id"] in named for one in cases], cases)
    channel = case.report["content"]["channel"]
    readable = {"public"} if channel is None else {"public", f"channel:{channel}"}
    return {
        "questions": size,
        "questions_before": len(its) - size,
        "persons": len({one["question"]["person"] for one in its}),
        "unquotable": sum(not set(one["question"]["labels"]) <= readable for one in its),
        "share": growth["now"],
        "share_before": growth["before"],
        "growth": growth,
        "satisfied": share_by_person(_cast(its)),
        "no_signal": share_by_person([(one["question"]["person"], float(not one["done"])) for one in its]),
        "failed": share_by_person([(one["question"]["person"], float(one["failed"] and levers)) for one in its]),
    }


def changed(hits: Sequence[bool], cases: Sequence[Row]) -> dict[str, Any]:
    """Return a share now and before, and its change with the interval of persons' weeks as witnesses."""
    sides = {is_now: [n for n, one in enumerate(cases) if one["is_now"] is is_now] for is_now in (True, False)}
    now, before = (_of_side(hits, cases, rows) for rows in (sides[True], sides[False]))
    change, wide = now[0] - before[0], Z * math.sqrt(now[1] + before[1])
    told: dict[str, Any] = {
        "now": now[0], "before": before[0], "change": change, "n_now": len(sides[True]),
        "n_before": len(sides[False]), "low": None, "high": None,
    }  # fmt: skip
    blocks = {(one["question"]["person"], one["week"]) for one, hit in zip(cases, hits, strict=True) if hit}
    if not all(sides.values()) or sum(hits) < 5 or len(blocks) < 4:
        return {**told, "p": None}
    return {**told, "low": max(-1.0, change - wide), "high": min(1.0, change + wide)}


def _of_side(hits: Sequence[bool], cases: Sequence[Row], rows: Sequence[int]) -> tuple[float, float]:
    """Return the share of some questions and its variance, what one person asks in one week being one witness."""
    if not rows:
        return 0.0, 0.0
    part = sum(hits[row] for row in rows) / len(rows)
    pulls: dict[tuple[str, int], float] = defaultdict(float)
    for row in rows:
        pulls[cases[row]["question"]["person"], cases[row]["week"]] += hits[row] - part
    return part, sum(pull * pull for pull in pulls.values()) / len(rows) ** 2


def matrix(case: Case, told: Mapping[str, Any], numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers of the priority matrix from those of the topics: what is worth most first."""
    failed = sum(one["failed"] for one in asked(case))
    points = []
    for topic in (one for one in numbers["topics"] if one["lever"] is not None):
        volume = topic["questions"] + topic["questions_before"]
        counted = topic["failed"]  # compared with the ledger where it stands
        effort = told["effort"][topic["lever"]]  # stated, not counted
        point = {"volume": volume, "dissatisfaction": counted["value"], "effort": effort}
        label = topic["label"] or ""
        points.append((-volume * (counted["low"] or 0.0) / effort, label, point))
    ordered = sorted(points, key=lambda one: one[:2])
    levers = told["levers"] if sum(told["levers"].values()) == failed else {}
    return {
        "points": [{**point, "worth": -worth} for worth, _, point in ordered],
        "levers": levers,
        "effort": told["effort"],
        "failed": failed,
        "weeks": _weeks(case),
    }


def drift(case: Case) -> dict[str, Any]:
    """Return how many questions were compared, and the shares of the routes."""
    cases = asked(case)
    now = [one for one in cases if one["is_now"]]
    before = [one for one in cases if not one["is_now"]]
    sample = [*_spaced(now), *_spaced(before)]
    routes = sorted({likeliest(one) for one in cases} - {""})
    found: dict[str, Any] = {
        "now": len(_spaced(now)),
        "before": len(_spaced(before)),
        "persons": len({one["question"]["person"] for one in sample}),
        "routes": {},
    }
    if min(len(now), len(before)) < 30 or found["persons"] < 8:
        found |= {"auc": None, "p": None, "growth_p": None}
    for route in routes:
        found["routes"][route] = changed([likeliest(one) == route for one in cases], cases)
    return found


def _spaced(rows: Sequence[Row], most: int = 1_500) -> Sequence[Row]:
    if len(rows) <= most:
        return rows
    return [rows[round(place * (len(rows) - 1) / (most - 1))] for place in range(most)]


def stall(case: Case) -> dict[str, Any]:
    """Return how the wheel fared in its last four turns."""
    turns = [one for one in case.tables("turn") if one["state"] == "finished" and one["finished_at"] < case.seen]
    turns.sort(key=lambda one: (one["finished_at"], one["id"]))
    last = [one["evidence"].get("learners", {}) for one in turns][-4:]
    newest: dict[str, Any] = {}
    for told in last:
        newest |= {name: one for name, one in told.items() if one.get("challenger") is not None}
    tested = sum(any(one.get("tested") for one in told.values()) for told in last)
    return {"turns": len(last), "tested": tested, "learners": [_learner(one) for _, one in sorted(newest.items())]}


def _learner(told: Mapping[str, Any]) -> dict[str, Any]:
    n, smallest = int(told.get("n_heldout") or 0), told.get("smallest")
    gain = told.get("difference") if n else None
    missing = None
    if n and smallest:
        missing = max(0, math.ceil(n * (smallest / max(0.01, gain or 0.0)) ** 2) - n)
    return {"heldout": n, "gain": gain, "smallest": smallest if n else None, "missing": missing}


def _segments(case: Case, cases: Sequence[Row]) -> list[dict[str, Any]]:
    made: list[tuple[str, str, list[Row]]] = []
    for name, value_of in _values(case, cases).items():
        values = sorted({value_of(one) for one in cases})
        if len(values) > 1:
            made += [(name, value, [one for one in cases if value_of(one) == value]) for value in values if value]
    gaps = []
    for _, _, its in made:
        inside = {one["id"] for one in its}
        rest = [one for one in cases if one["id"] not in inside]
        gaps += [_gap(_cast(its), _cast(rest)), _gap(_given(its), _given(rest))]
    adjusted = iter(holm([one[1] for one in gaps if one is not None]))
    ps = [None if one is None else next(adjusted) for one in gaps]
    return [
        {
            "questions": len(its),
            "persons": len({one["question"]["person"] for one in its}),
            "satisfied": _counted(_cast(its)),
            "answered": _counted(_given(its)),
            **{
                f"{what}_{part}": value
                for place, what in ((2 * n, "satisfied"), (2 * n + 1, "answered"))
                for part, value in (("gap", (gaps[place] or (None,))[0]), ("p", ps[place]))
            },
        }
        for n, (_, _, its) in enumerate(made)
    ]


def _values(case: Case, cases: Sequence[Row]) -> dict[str, Callable[[Row], str]]:
    before = {one["question"]["person"] for one in cases if not one["is_now"]}
    counts = Counter(one["question"]["person"] for one in cases)
    kinds, covered = {}, 0
    for person in sorted(counts, key=lambda one: (-counts[one], one)):
        heavy = covered < 0.25 * len(cases) and counts[person] >= 5
        kinds[person] = "new" if person not in before and before else "heavy" if heavy else "regular"
        covered += counts[person]
    owners = _owners(case)
    channels = _channels(case)

    def channel(one: Row) -> str:
        surface, where = one["question"]["surface"], one["question"]["channel"]
        if surface == "direct_message":
            return "direct messages"
        if surface in ("api", "terminal") or where is None:
            return "outside Slack"
        return f"<#{where}>" if where in channels else "other channels"

    def length(one: Row) -> str:
        text = one["question"]["standalone"] or one["question"]["text"]
        plain = re.sub(r"(?<=\d)[,\u00a0\u202f](?=\d{3}(?!\d))", "", text.lower())
        words = len(re.findall(r"[^\W_]+(?:['’.\-][^\W_]+)*", plain))
        return "short" if words <= 4 else "long" if words >= 13 else "medium"

    return {
        "route": likeliest,
        "channel": channel,
        "asker": lambda one: kinds[one["question"]["person"]],
        "owner": lambda one: "owner" if one["question"]["person"] in owners else "no owner",
        "length": length,
    }


def _owners(case: Case) -> set[str]:
    named = {row["owner"] for row in case.tables("document") if row["owner"]}
    lower = {one.lower() for one in named}
    return named | {
        row["id"] for row in case.tables("person") if {row["name"].lower(), row["address"].lower()} & lower
    }  # fmt: skip


def _channels(case: Case) -> set[str]:
    marks = {row["name"]: row["value"] for row in case.tables("mark")}
    channel = case.report["content"]["channel"]
    known = json.loads(marks.get("channels:open", "[]"))
    return {*known, *([channel] if channel else [])}


def likeliest(one: Row) -> str:
    """Return the likeliest retriever of an answer, nothing where several are."""
    ranked = sorted(one["route"].items(), key=lambda pair: -pair[1])
    is_tied = len(ranked) > 1 and ranked[0][1] == ranked[1][1]
    return ranked[0][0] if ranked and not is_tied else ""


def _cast(cases: Sequence[Row]) -> Said:
    return [(person, float(vote)) for one in cases for person, vote in sorted(one["votes"].items())]


def _given(cases: Sequence[Row]) -> Said:
    return [(one["question"]["person"], float(not one["abstained"])) for one in cases]


def _counted(said: Said) -> dict[str, Any]:
    return share_by_person(said)


def _gap(its: Said, rest: Said) -> tuple[float, float] | None:
    persons = [len({person for person, _ in side}) for side in (its, rest)]
    if min(len(its), len(rest)) < 10 or min(persons) < 5:
        return None
    found = difference(its, rest)
    if found is None or found["low"] is None:
        return None
    freedom = max(1.0, found["alike"] - 1)
    error = (found["high"] - found["low"]) / 2 / t_quantile(freedom)
    if error == 0:
        return found["value"], 1.0 if abs(found["value"]) < 1e-12 else 0.0
    return found["value"], 2 * t_tail(abs(found["value"]) / error, freedom)
