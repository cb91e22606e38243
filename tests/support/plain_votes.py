"""The sections on votes and on asking for them once more, from raw rows; see `recompute_report`."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from statistics import median
from typing import Any

from tests.support import plain_experiments
from tests.support.plain_case import Case
from tests.support.plain_statistics import Z, binomial_tail, fisher, holm, mean, poisson_tail, share
from tests.support.raw_ledger import Row, Span, votes

VOICES = ("behaviour", "judge", "reviewers")
Pair = tuple[int, int]


@dataclass(frozen=True)
class Cast:
    """One live vote: on which answer, by whom, whose question, yes or no, and seconds after the answer."""

    answer: str
    voter: str
    asker: str
    yes: bool
    seconds: float


@dataclass(frozen=True)
class Heard:
    """The votes of a span, the answers that are contradicted, who asked, its weeks, and what others say."""

    cast: tuple[Cast, ...]
    contradicted: frozenset[str]
    askers: frozenset[str]
    weeks: float
    marks: Mapping[str, Mapping[str, bool]]


def experiments(case: Case) -> dict[str, Any]:
    """Return the rate of feedback and how many experiments were tried."""
    known = [one for one in case.tables("experiment") if one["created_at"] <= case.seen]
    started = [one for one in known if one["started_at"] and one["started_at"] <= case.seen]
    ended = [one for one in started if one["ended_at"] and one["ended_at"] <= case.seen]
    lately = case.seen - timedelta(days=30)
    return {
        **plain_experiments.of(case),
        "feedback": feedback(case.window),
        "velocity": {
            "started_30_days": sum(one["started_at"] > lately for one in started),
            "ended_30_days": sum(one["ended_at"] > lately for one in ended),
            "started": len(started),
            "ended": len(ended),
            "won": sum(one["result"].get("finding") == "winner" for one in ended),
            "adopted": sum(one["adopted_at"] is not None and one["adopted_at"] <= case.seen for one in ended),
        },
    }


def feedback(span: Span) -> dict[str, Any]:
    """Return feedback per 1,000 answers that people in Slack were asked about."""
    asked = [
        one for one in span.answers if one["question"]["surface"] not in ("api", "terminal") and not one["abstained"]
    ]
    given = [(one["question"]["person"], float(len(givers(one["done"])))) for one in asked]
    found = mean(given)
    if found is None:
        return {"per_1000": None, "low": None, "high": None, "n": 0, "given": 0}
    value, low, high = found
    return {
        "per_1000": 1000 * value,
        "low": None if low is None else max(0.0, 1000 * low),
        "high": None if high is None else 1000 * high,
        "n": len(asked),
        "given": int(sum(count for _, count in given)),
    }


def givers(done: Sequence[Row]) -> set[str]:
    """Return who said on purpose what they think of an answer."""
    spoken = {"edit", "citation_up", "citation_down", "more_like_this"}
    return set(votes(done)) | {row["person"] for row in done if row["kind"] in spoken}


def gaming(case: Case) -> dict[str, Any]:
    """Return how far votes agree with the other voices, and what was suspected."""
    now, before = heard(case, case.window), heard(case, case.before)
    return {
        "agreement": [_agreement(now, voice) for voice in VOICES],
        "before": [_agreement(before, voice) for voice in VOICES],
        "looked_at": _suspected(now, before),
    }


def heard(case: Case, span: Span) -> Heard:
    """Return what stands beside the votes of a span."""
    corrected = {one["answer_id"] for one in span.corrections}
    left = {one["id"] for one in span.answers if one["id"] in corrected or _is_left(one)}
    cast = tuple(
        Cast(one["id"], voter, one["question"]["person"], yes, _seconds(one, voter))
        for one in span.answers
        for voter, yes in sorted(votes(one["done"]).items())
    )
    denied = {one.answer for one in cast if not one.yes}
    weeks = (min(span.end, case.seen) - span.start) / timedelta(weeks=1)
    askers = frozenset(one["question"]["person"] for one in span.answers)
    marks = {"behaviour": {one["id"]: one["id"] not in left for one in span.answers}, **_outside(case, span)}
    return Heard(cast, frozenset(left | denied), askers, weeks, marks)


def _outside(case: Case, span: Span) -> dict[str, dict[str, bool]]:
    ids = {one["id"] for one in span.answers}
    given: dict[str, list[float]] = defaultdict(list)
    for row in case.tables("judgement"):
        is_mark = row["metric"] in ("correctness", "answer_relevance", "faithfulness") and row["value"] is not None
        if row["answer_id"] in ids and is_mark and row["at"] <= case.seen:
            given[row["answer_id"]].append(row["value"])
    items = {row["id"]: row for row in case.tables("review_item")}
    said: dict[str, bool] = {}
    for row in sorted(case.tables("review_verdict"), key=lambda one: (one["at"], one["id"])):
        item = items.get(row["item_id"])
        stands = span.start <= row["at"] <= case.seen and not (row["undone_at"] and row["undone_at"] <= case.seen)
        if item is None or not stands or row["verdict"] not in ("right", "wrong"):
            continue
        answer = item["detail"].get("answer_id") or item["subject"]
        if item["kind"] in ("disagreement", "judge_sample", "sample", "correction") and answer in ids:
            said[answer] = row["verdict"] == "right"
    return {"judge": {one: sum(some) / len(some) >= 0.5 for one, some in given.items()}, "reviewers": said}


def _is_left(answer: Row) -> bool:
    return any(_is_against(answer, row) for row in answer["done"])


def _is_against(answer: Row, row: Row) -> bool:
    if row["kind"] == "edit" and "text" in row["detail"]:
        changed = (
            1 - SequenceMatcher(None, answer["text"][:3_000], row["detail"]["text"][:3_000], autojunk=False).ratio()
        )
        return changed >= 0.5
    plain = {"follow_up", "abandon", "regenerate", "escalate", "citation_down", "reroute", "edit"}
    return row["kind"] in plain or (row["kind"] == "citation_click" and is_hasty(row, answer["done"]))


def is_hasty(click: Row, done: Sequence[Row]) -> bool:
    """Tell whether a source was left for something else within half a minute."""
    return any(
        row["kind"] in {"citation_click", "thumbs_down", "regenerate", "reroute"}
        and row["detail"] != click["detail"]
        and row["person"] == click["person"]
        and click["at"] < row["at"] <= click["at"] + timedelta(seconds=30)
        for row in done
    )


def _seconds(answer: Row, voter: str) -> float:
    kinds = ("thumbs_up", "thumbs_down", "reaction_added")
    at = [row["at"] for row in answer["done"] if row["person"] == voter and row["kind"] in kinds][-1]
    return float((at - answer["answered_at"]).total_seconds())


def _agreement(found: Heard, voice: str) -> dict[str, Any]:
    cast: dict[str, list[bool]] = defaultdict(list)
    for one in found.cast:
        cast[one.answer].append(one.yes)
    known = found.marks[voice]
    pairs = [(2 * sum(some) > len(some), known[one]) for one, some in cast.items()
             if one in known and 2 * sum(some) != len(some)]  # fmt: skip
    n, yes, well = len(pairs), sum(vote for vote, _ in pairs), sum(good for _, good in pairs)
    both = sum(vote and good for vote, good in pairs)
    spread = yes * (n - yes) * well * (n - well)
    r = (n * both - yes * well) / math.sqrt(spread) if spread else None
    if r is None or n <= 3:
        return {"r": r, "low": None, "high": None, "n": n}
    if abs(r) >= 1:
        return {"r": r, "low": r, "high": r, "n": n}
    wide = Z / math.sqrt(n - 3)
    return {"r": r, "low": math.tanh(math.atanh(r) - wide), "high": math.tanh(math.atanh(r) + wide), "n": n}


def _suspected(now: Heard, before: Heard) -> list[dict[str, Any]]:
    found = [*_parted(now, before), *_bystanders(now, before), *_eager(now, before), *_strangers(now, before)]
    found += _hasty(now, before)
    adjusted = holm([one["p"] for one in found])
    made = [{**one, "adjusted": p} for one, p in zip(found, adjusted, strict=True)]
    return sorted(made, key=lambda one: (round(one["adjusted"], 9), round(one["p"], 9), one["what"], one["persons"]))


def _found(what: str, p: float, votes_: Sequence[Cast], /, **numbers: Any) -> dict[str, Any]:
    counts: dict[str, int] = defaultdict(int)
    for one in votes_:
        counts[one.voter] += 1
    busiest = tuple(sorted(counts, key=lambda one: (-counts[one], one))[:5])
    return {"what": what, "p": p, "persons": busiest, **numbers}


def _parted(now: Heard, before: Heard) -> list[dict[str, Any]]:
    yes, usual = _yes(now.cast), _yes(before.cast)
    found = []
    for voice in VOICES if usual[1] else ():
        against, earlier = _against(now, voice), _against(before, voice)
        if against[1] and earlier[1]:
            bad = _bad(now, voice)
            cast = [one for one in now.cast if one.yes and one.answer in bad]
            p = max(fisher(yes, usual), fisher(against, earlier))
            told = {"yes": yes, "yes_before": usual, "against": against, "against_before": earlier}
            found.append(_found("parted", p, cast, **told))
    return found


def _bad(found: Heard, voice: str) -> set[str]:
    if voice == "behaviour":
        return set(found.contradicted)
    return {one for one, good in found.marks[voice].items() if not good}


def _against(found: Heard, voice: str) -> Pair:
    liked = {one.answer for one in found.cast if one.yes and one.answer in found.marks[voice]}
    return len(liked & _bad(found, voice)), len(liked)


def _own(found: Heard) -> Pair:
    liked = {one.answer for one in found.cast if one.yes and one.voter == one.asker}
    return len(liked & found.contradicted), len(liked)


def _bystanders(now: Heard, before: Heard) -> list[dict[str, Any]]:
    usual = (_own(now)[0] + _own(before)[0], _own(now)[1] + _own(before)[1])
    pushed = [one for one in now.cast if one.yes and one.voter != one.asker]
    if not usual[1] or not pushed:
        return []
    rate = min(1.0, (share(*usual)["high"] or 1.0) + 0.05)

    def judged(what: str, cast: Sequence[Cast]) -> dict[str, Any]:
        on = {one.answer for one in cast}
        seen = len(on & now.contradicted), len(on)
        return _found(what, binomial_tail(*seen, rate), cast, contradicted=seen, usual=usual, rate=rate)

    theirs = [[one for one in some if one.yes] for _, some in sorted(_others(now).items())]
    return [judged("bystanders", pushed), *(judged("person", some) for some in theirs if len(some) >= 8)]


def _eager(now: Heard, before: Heard) -> list[dict[str, Any]]:
    usual_yes = _yes(before.cast)
    if not usual_yes[1]:
        return []
    rate = share(*usual_yes)["high"] or 1.0
    cast, earlier, found = _others(now), _others(before), []
    for person, some in sorted(cast.items()):
        if len(some) < 8:
            continue
        rest = [len(one) for voter, one in cast.items() if voter != person]
        usual = max(1.0, len(earlier.get(person, ())) / before.weeks * now.weeks, median(rest) if rest else 0.0)
        p = max(poisson_tail(len(some), usual), binomial_tail(*_yes(some), rate))
        told = {"yes": _yes(some), "yes_usual": usual_yes, "votes": len(some), "votes_usual": usual}
        found.append({**_found("eager", p, some, **told), "persons": (person,)})
    return found


def _others(found: Heard) -> dict[str, list[Cast]]:
    theirs: dict[str, list[Cast]] = defaultdict(list)
    for one in found.cast:
        if one.voter != one.asker:
            theirs[one.voter].append(one)
    return theirs


def _strangers(now: Heard, before: Heard) -> list[dict[str, Any]]:
    known = now.askers | before.askers
    strange = [one for one in now.cast if one.voter not in known]
    if not strange or not before.cast:
        return []
    cast, usual = (len(strange), len(now.cast)), (sum(one.voter not in known for one in before.cast), len(before.cast))
    theirs, rest = _yes(strange), _yes([one for one in now.cast if one.voter in known])
    p = max(fisher(cast, usual), fisher(theirs, rest))
    return [_found("strangers", p, strange, cast=cast, cast_before=usual, yes=theirs, yes_of_others=rest)]


def _hasty(now: Heard, before: Heard) -> list[dict[str, Any]]:
    said, earlier = [one for one in now.cast if one.yes], [one for one in before.cast if one.yes]
    quick = [one for one in said if 0 <= one.seconds < 5]
    if not quick:
        return []
    usual = sum(0 <= one.seconds < 5 for one in earlier), len(earlier)
    rate, seen = max(0.05, share(*usual)["high"] or 0.0), (len(quick), len(said))
    return [_found("hasty", binomial_tail(*seen, rate), quick, hasty=seen, hasty_before=usual, rate=rate)]


def _yes(cast: Sequence[Cast]) -> Pair:
    return sum(one.yes for one in cast), len(cast)
