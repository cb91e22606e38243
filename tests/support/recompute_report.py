"""Compute the numbers of a stored report again from raw tables: SQL and the standard library, no code of the product.

    python -m tests.support.recompute_report DATABASE [REPORT_ID]

DATABASE is a SQLite file or a `postgresql://` address; without an id the newest report is checked. Every number under
`numbers`, `figures`, `sections` and `sources` is compared to the digit (relative 1e-9). What is not covered is listed:
`JUSTIFIED` says of which numbers nothing but chance or a model could give them again, and why; anything else that is
not covered fails.
"""

import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support import plain_sections as sections
from tests.support import plain_votes
from tests.support.plain_case import Case
from tests.support.plain_statistics import difference, quantile, share_by_person
from tests.support.raw_ledger import Ledger, Row, Span, Tables, moment, votes

_DRAWN = "drawn by chance from a seeded generator of NumPy, in the order of its vectorised draws"
JUSTIFIED: Mapping[str, str] = {
    r"sections/topics/numbers/(topics|failures)/\d+/growth/p": f"a permutation test, {_DRAWN}",
    r"sections/drift/numbers/(auc|p|growth_p)": f"a classifier two-sample test, {_DRAWN}",
    r"sections/drift/numbers/routes/\w+/p": f"a permutation test, {_DRAWN}",
    r"sections/drift/numbers/grown/\d+/.*": "a topic of the section before, where it is checked",
    r"sections/topics/numbers/(topics|failures)/\d+/levers/\w+": "a judgement by rules; that they add up is checked",
}
"""Paths of numbers that are taken from the report, and why."""


@dataclass
class Found:
    """How many numbers were compared, which differ, and which nobody computed."""

    compared: int = 0
    wrong: list[str] = field(default_factory=list)
    uncovered: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)


def check(where: str, report_id: str | None = None) -> Found:
    """Compare a report with what the ledger says."""
    tables = Tables(where)
    stored = [row for row in tables("report") if report_id in (None, row["id"])]
    row = max(stored, key=lambda one: one["made_at"])
    content = row["content"]
    found = Found()
    expected = recompute(tables, row)
    for part in ("numbers", "figures", "sources", "sections"):
        told = _plain(_keyed(content[part]))
        _compare(found, part, told, expected.get(part, {}))
    return found


def recompute(tables: Tables, row: Row) -> dict[str, Any]:
    """Return what a report's numbers should be, shaped as its content."""
    content = row["content"]
    seen = moment(content["made_at"])
    ledger = Ledger(tables, seen, content["last_signal"])
    steps = [ledger.span(moment(one["from"]), moment(one["to"])) for one in content["numbers"]["trend"]]
    compared = 1 if content["kind"] == "monthly" else 4
    window, weeks = steps[-1], steps[-1 - compared : -1]
    before = ledger.span(weeks[0].start, window.start)
    numbers = _numbers(window, before, weeks, seen >= window.end)
    numbers["trend"] = [_trend(one, told) for one, told in zip(steps, content["numbers"]["trend"], strict=True)]
    case = Case(tables, row, ledger, window, before)
    return {
        "numbers": numbers,
        "figures": _figures(numbers, window),
        "sections": sections.of(case),
        "sources": sections.sources(case),
    }


def _numbers(window: Span, before: Span, weeks: Sequence[Span], is_over: bool) -> dict[str, Any]:
    counted = _counted(window)
    measures = _measures(counted)
    past = [_measures(_counted(one)) for one in weeks if one.answers]
    changes: dict[str, Any] = {}
    for key, value in measures.items():
        values = [found for one in past if (found := one[key]) is not None]
        hidden = key in ("questions", "corrections", "cost") and not is_over
        if value is None or not values or hidden:
            changes[key] = None
        else:
            mean = sum(values) / len(values)
            changes[key] = {"mean_before": mean, "periods": len(values), "change": value - mean}
    said = {"satisfied": (_said(window), _said(before)), "answered": (_given(window), _given(before))}
    verdict = {
        name: {
            "now": _mean(now),
            "before": _mean(then),
            "n_now": len(now),
            "n_before": len(then),
            "persons_now": len({person for person, _ in now}),
            "persons_before": len({person for person, _ in then}),
            "difference": difference(now, then),
        }
        for name, (now, then) in said.items()
    }
    return {**counted, "changes": changes, "verdict": verdict, "routes": _routes(window)}


def _counted(span: Span) -> dict[str, Any]:
    said = _said(span)
    became = [outcome(one) for one in span.answers]
    took = [ms for one in span.answers if (ms := milliseconds(one)) is not None]
    usage = [one["usage"] for one in span.answers if one["usage"]]
    priced = [one.get("cost") for one in usage]
    return {
        "questions": len({one["question_id"] for one in span.answers}),
        "answered": share_by_person(_given(span)),
        "satisfied": share_by_person(said),
        "no_signal": share_by_person(_of_asker(span, [not one["done"] for one in span.answers])),
        "feedback": plain_votes.feedback(span),
        "people": {name: share_by_person(_of_asker(span, [one == name for one in became])) for name in _OUTCOMES},
        "corrections": {
            "suggested": len(span.corrections),
            "approved": sum(one["state"] == "approved" for one in span.corrections),
        },
        "latency_ms": {"median": quantile(took, 0.5), "p95": quantile(took, 0.95)},
        "cost": {
            "answers": len(usage),
            "prompt_tokens": sum(one.get("prompt_tokens") or 0 for one in usage),
            "completion_tokens": sum(one.get("completion_tokens") or 0 for one in usage),
            "unreported": sum(one.get("unreported") or 0 for one in usage),
            "cost": None if None in priced else sum(priced),
        },
    }


_OUTCOMES = ("satisfied", "probably", "unsatisfied", "answered", "silent")


def _measures(counted: Mapping[str, Any]) -> dict[str, float | None]:
    return {
        "questions": counted["questions"],
        "answered": counted["answered"]["value"],
        "satisfied": counted["satisfied"]["value"],
        "probably": counted["people"]["probably"]["value"],
        "by_person": counted["people"]["answered"]["value"],
        "no_signal": counted["no_signal"]["value"],
        "feedback": counted["feedback"]["per_1000"],
        "corrections": counted["corrections"]["suggested"],
        "time": counted["latency_ms"]["median"],
        "cost": counted["cost"]["cost"],
    }


def outcome(answer: Row) -> str:
    """Return what became of an answer: votes first, then a person's answer, then what was done."""
    cast = list(votes(answer["done"]).values())
    if cast:
        return "satisfied" if 2 * sum(cast) > len(cast) else "unsatisfied"
    kinds = {row["kind"] for row in answer["done"]}
    replied = any(
        row["kind"] == "human_reply" and row["person"] != answer["question"]["person"] for row in answer["done"]
    )
    if replied or "edit" in kinds:
        return "answered"
    if kinds & {"regenerate", "abandon", "escalate", "citation_down", "reroute"}:
        return "unsatisfied"
    stayed = any(
        row["kind"] == "citation_click" and not plain_votes.is_hasty(row, answer["done"]) for row in answer["done"]
    )
    return "probably" if stayed or kinds & {"copy", "share", "citation_up", "more_like_this"} else "silent"


def milliseconds(answer: Row) -> float | None:
    """Return how long an answer took."""
    timings = answer["timings_ms"]
    return timings.get("total", sum(timings.values())) if timings else None


def _said(span: Span) -> list[tuple[str, float]]:
    return [(person, float(yes)) for one in span.answers for person, yes in votes(one["done"]).items()]


def _given(span: Span) -> list[tuple[str, float]]:
    return _of_asker(span, [not one["abstained"] for one in span.answers])


def _of_asker(span: Span, values: Sequence[bool]) -> list[tuple[str, float]]:
    return [(one["question"]["person"], float(value)) for one, value in zip(span.answers, values, strict=True)]


def _mean(said: Sequence[tuple[str, float]]) -> float | None:
    return sum(value for _, value in said) / len(said) if said else None


def _trend(span: Span, told: Row) -> Row:
    cast = _said(span)
    return {**share_by_person(cast), "period": told["period"]}


def _routes(window: Span) -> list[Row]:
    cast: dict[str, list[tuple[str, float]]] = defaultdict(list)
    size: Counter[str] = Counter()
    for one in window.answers:
        route = sections.route(one) or "none"
        size[route] += 1
        cast[route] += [(person, float(yes)) for person, yes in votes(one["done"]).items()]
    busiest = sorted(size, key=lambda one: (-size[one], one))
    return [{**share_by_person(cast[one]), "route": one} for one in busiest]


def _dollars(amount: float) -> str:
    """Return an amount with cents, or with two significant digits where it is less than a dollar."""
    places = 1 - math.floor(math.log10(amount)) if 0 < amount < 0.1 else 2
    return f"${amount:,.{places}f}"


def _figures(numbers: Mapping[str, Any], window: Span) -> dict[str, Any]:
    """Return the value of each figure as it should read."""

    def percent(one: Mapping[str, Any]) -> str:
        return "no data" if one["value"] is None else f"{100 * one['value']:.0f} %"

    def seconds(ms: float | None) -> str:
        return "no data" if ms is None else f"{ms / 1000:.2f} s"

    def ends(one: Mapping[str, Any], scale: int = 100, unit: str = " %") -> str:
        if one["low"] is None:
            return ""
        return f"; 95 % interval {scale * one['low']:.0f} to {scale * one['high']:.0f}{unit}"

    def of(one: Mapping[str, Any], what: str) -> str:
        return f"{one['count']} of {one['total']} {what}{ends(one)}"

    cost, feedback, people = numbers["cost"], numbers["feedback"], numbers["people"]
    answered, total = numbers["answered"], len(window.answers)
    p95 = numbers["latency_ms"]["p95"]
    tokens = cost["prompt_tokens"] + cost["completion_tokens"]
    money = "not priced" if cost["cost"] is None else _dollars(cost["cost"])
    per_thousand = "no data" if feedback["per_1000"] is None else f"{feedback['per_1000']:.0f}"
    spoken = f"{feedback['given']} on {feedback['n']} answers where people were asked"
    missing = f"; {cost['unreported']} calls were not counted by their server" if cost["unreported"] else ""
    shown = {
        "questions": (str(numbers["questions"]), "1 answer" if total == 1 else f"{total} answers"),
        "answered": (percent(answered), f"{total - answered['count']} not answered{ends(answered)}"),
        "satisfied": (percent(numbers["satisfied"]), of(numbers["satisfied"], "votes")),
        "probably": (
            percent(people["probably"]),
            of(people["probably"], "answers used, copied or shared without a vote"),
        ),
        "by_person": (percent(people["answered"]), of(people["answered"], "answers")),
        "no_signal": (percent(numbers["no_signal"]), of(numbers["no_signal"], "answers")),
        "feedback": (per_thousand, f"{spoken}{ends(feedback, 1, '')}"),
        "corrections": (str(numbers["corrections"]["suggested"]), f"{numbers['corrections']['approved']} approved"),
        "time": (
            seconds(numbers["latency_ms"]["median"]),
            "nothing was answered" if p95 is None else f"median; 95 % within {seconds(p95)}",
        ),
        "cost": (
            (money, f"{tokens:,} tokens for {cost['answers']} answers{missing}")
            if cost["answers"]
            else ("none", "no answer used a language model")
        ),
    }
    return {key: {"value": value, "note": note} for key, (value, note) in shown.items()}


def _keyed(value: Any) -> Any:
    """Return lists of things with a key as a mapping, so that paths say what they are about."""
    if isinstance(value, list) and value and all(isinstance(one, dict) and "key" in one for one in value):
        return {one["key"]: one for one in value}
    return value


def _plain(value: Any) -> Any:
    """Return a value without what names things: lists of ids and of quoted questions."""
    if isinstance(value, Mapping):
        return {
            key: _plain(one) for key, one in value.items() if key not in ("answers", "lines", "examples", "updated_at")
        }
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _compare(found: Found, path: str, told: Any, expected: Any) -> None:
    for where, value in _leaves(path, told):
        wanted = _at(expected, where[len(path) + 1 :]) if where != path else expected
        if wanted is _MISSING:
            if any(re.fullmatch(pattern, where) for pattern in JUSTIFIED):
                found.taken.append(where)
            elif not _is_told_elsewhere(where):
                found.uncovered.append(where)
        elif not _same(value, wanted):
            found.wrong.append(f"{where}: the report says {value!r}, the ledger {wanted!r}")
        else:
            found.compared += 1


_MISSING = object()


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield every number with its path; of the figures their words too."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _leaves(f"{path}/{key}", one)
    elif isinstance(value, list | tuple):
        for n, one in enumerate(value):
            yield from _leaves(f"{path}/{n}", one)
    elif (isinstance(value, int | float) and not isinstance(value, bool)) or value is None or _is_word(path):
        yield path, value


def _is_word(path: str) -> bool:
    return re.fullmatch(r"figures/\w+/(value|note)", path) is not None


def _is_told_elsewhere(path: str) -> bool:
    """Tell whether a value without a number stands here: no owner, no address, no date."""
    return re.search(r"/(owner|url|ended_at|change|label|lever|adopted)$", path) is not None


def _at(value: Any, path: str) -> Any:
    for part in path.split("/"):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, Sequence) and not isinstance(value, str) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return _MISSING
    return value


def _same(told: Any, wanted: Any) -> bool:
    if isinstance(told, int | float) and isinstance(wanted, int | float):
        return math.isclose(told, wanted, rel_tol=1e-9, abs_tol=1e-12)
    return bool(told == wanted)


def main() -> int:
    """Check one report and say what came of it."""
    found = check(*sys.argv[1:3])
    said = f"{found.compared} numbers agree, {len(found.wrong)} do not, {len(found.uncovered)} are not covered"
    lines = [f"{said}; {len(found.taken)} are taken from the report for a reason.", *found.wrong, *found.uncovered]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found.wrong or found.uncovered else 0


if __name__ == "__main__":
    sys.exit(main())
