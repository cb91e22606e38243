"""The sections of a report once more, each from raw rows; see `recompute_report`."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from tests.support import plain_topics, plain_votes
from tests.support.plain_case import Case
from tests.support.plain_statistics import clustered_share, kappa, mean, quantile, raked, ranks, share, weighted_share
from tests.support.raw_ledger import Row, Span, moment, votes


def of(case: Case) -> dict[str, Any]:
    """Return the numbers of each section by its key."""
    told = {one["key"]: one["numbers"] for one in case.report["content"]["sections"]}
    numbers = {
        "learned": learned(case),
        "experiments": plain_votes.experiments(case),
        "topics": plain_topics.topics(case, told["topics"]),
        "drift": plain_topics.drift(case),
        "stall": plain_topics.stall(case),
        "bias": bias(case),
        "gaming": plain_votes.gaming(case),
        "review": review(case),
        "thresholds": thresholds(case),
        "trends": trends(case),
        "sources": sources_section(case),
    }
    numbers["matrix"] = plain_topics.matrix(case, told["matrix"], told["topics"])
    return {key: {"numbers": one} for key, one in numbers.items()}


def route(answer: Row) -> str:
    """Return the retriever that a person asked for, else the likeliest; nothing where several are."""
    return (answer["routing"] or {}).get("asked_for", "") or plain_topics.likeliest(answer)


def learned(case: Case) -> dict[str, Any]:
    """Return the verdicts of the turn that made the report, or of the turns of its time."""
    turns = [one for one in case.tables("turn") if one["state"] == "finished"]
    mine = [one for one in turns if one["id"] == case.report["turn_id"]]
    if not mine:
        until = min(case.window.end, case.seen)
        within = [one for one in turns if case.window.start <= one["finished_at"] < until]
        mine = sorted(within, key=lambda one: (one["finished_at"], one["id"]))
    found: dict[str, Row] = dict(mine[-1]["evidence"].get("learners", {})) if mine else {}
    for one in mine[:-1]:
        for name, told in one["evidence"].get("learners", {}).items():
            if told["decision"] != "held" and found.get(name, {"decision": "held"})["decision"] == "held":
                found[name] = told
    keys = ("n_heldout", "difference", "low", "high", "p_adjusted")
    return {"learners": {name: {key: told.get(key) for key in keys} for name, told in found.items()}}


def bias(case: Case) -> dict[str, Any]:
    """Return how far the satisfied share can be believed, now and before."""
    return {"now": _bias(case.window), "before": _bias(case.before)}


def _bias(span: Span) -> dict[str, Any]:
    asked = Counter(one["question"]["person"] for one in span.answers)
    margins = {one["id"]: _margins(one, asked) for one in span.answers}
    cast = {one["id"]: votes(one["done"]) for one in span.answers}
    voted = [one for one in span.answers if cast[one["id"]]]
    said = [(one["question"]["person"], _mean(cast[one["id"]].values())) for one in voted]
    n, yes = len(span.answers), sum(value for _, value in said)
    weighted = None
    if len(said) >= 10:
        weights = raked(list(margins.values()), [margins[one["id"]] for one in voted])
        weighted = weighted_share(said, weights)
    kinds: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one, (_, value) in zip(voted, said, strict=True):
        for pair in margins[one["id"]].items():
            kinds[pair].append(value)
    means = [(_mean(values), pair) for pair, values in kinds.items() if len(values) >= 10]
    least = min(means)[0] if means else None
    by_voter: dict[str, list[bool]] = defaultdict(list)
    for some in cast.values():
        for person, helped in some.items():
            by_voter[person].append(helped)
    total = sum(map(len, by_voter.values()))
    five = sum(sorted(map(len, by_voter.values()), reverse=True)[:5])
    return {
        "answers": n,
        "voted": len(said),
        "plain": yes / len(said) if said else None,
        "weighted": weighted,
        "worst": yes / n if n else None,
        "best": (yes + n - len(said)) / n if n else None,
        "least_satisfied": None if least is None else {"value": least},
        "cautious": None if least is None else (yes + (n - len(said)) * least) / n,
        "votes": total,
        "voters": len(by_voter),
        "votes_of_five": five,
        "share_of_five": five / total if total else None,
        "middle_person": median(_mean(some) for some in by_voter.values()) if by_voter else None,
    }


def _margins(answer: Row, asked: Mapping[str, int]) -> dict[str, str]:
    times = asked[answer["question"]["person"]]
    return {
        "asker": "seldom" if times < 3 else "sometimes" if times < 10 else "much",
        "route": route(answer) or "none",
        "surface": answer["question"]["surface"],
        "channel": answer["question"]["channel"] or "none",
    }


def thresholds(case: Case) -> dict[str, Any]:
    """Return what is in force, what waits, and what was breached, with the values of the window."""
    rows = [one for one in case.tables("threshold") if one["at"] <= case.seen]
    last = {(one["metric"], one["segment"]): one for one in rows if one["state"] in ("confirmed", "retired")}
    newest = {(one["metric"], one["segment"]): one for one in rows}
    standing = [one for _, one in sorted(last.items()) if one["state"] == "confirmed"]
    waiting = [one for _, one in sorted(newest.items()) if one["state"] == "proposed"]
    breaches = [
        one
        for one in sorted(case.tables("breach"), key=lambda row: (row["began_at"], row["id"]))
        if one["began_at"] <= min(case.seen, case.window.end)
        and (one["ended_at"] is None or max(one["began_at"], one["ended_at"]) >= case.window.start)
    ]
    return {
        "in_force": [_threshold(case, one) for one in standing],
        "proposed": [_threshold(case, one) for one in waiting],
        "breaches": [{**{k: v for k, v in one["detail"].items() if k != "over"}, "ended_at": None} for one in breaches],
    }


def _threshold(case: Case, row: Row) -> dict[str, Any]:
    some = [one for one in case.window.answers if row["segment"] in _segments(one)]
    made = _observed(row["metric"], some) or {}
    return {"id": row["id"], "threshold": row["value"], **made}


def _segments(answer: Row) -> tuple[str, ...]:
    return "all", f"surface:{answer['question']['surface']}", f"route:{route(answer)}"


def _observed(metric: str, some: Sequence[Row]) -> dict[str, Any] | None:
    asker = [(one["question"]["person"], one) for one in some]
    if metric == "satisfaction":
        return clustered_share([(who, float(yes)) for one in some for who, yes in votes(one["done"]).items()])
    if metric == "answered_share":
        return clustered_share([(who, float(not one["abstained"])) for who, one in asker])
    if metric == "no_signal_share":
        return clustered_share([(who, float(not one["done"])) for who, one in asker])
    took = [one["timings_ms"].get("total", sum(one["timings_ms"].values())) for one in some if one["timings_ms"]]
    if metric != "latency_p95_ms" or not took:
        return None
    low, high = ranks(took, 0.95)
    persons = len({who for who, one in asker if one["timings_ms"]})
    return {"value": quantile(took, 0.95), "low": low, "high": high, "n": len(took), "persons": persons}


def review(case: Case) -> dict[str, Any]:
    """Return what was reviewed, what waits, how right sampled answers were, and how two reviewers agree."""
    items = {row["id"]: row for row in case.tables("review_item")}
    stood: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(case.tables("review_verdict"), key=lambda one: (one["at"], one["id"])):
        gone = row["undone_at"] is not None and row["undone_at"] <= case.seen
        if row["at"] <= case.seen and not gone and row["item_id"] in items:
            stood[row["item_id"]].append(row)
    ours = {name: said for name, said in stood.items() if any(_within(case, one) for one in said)}
    sampled = {
        items[name]["detail"].get("answer_id") or items[name]["subject"]: said[-1]["verdict"]
        for name, said in ours.items()
        if _is_sample(items[name], said)
    }
    silent = [
        items[name]["detail"].get("answer_id") or items[name]["subject"]
        for name, said in ours.items()
        if _is_sample(items[name], said) and not items[name]["detail"].get("votes")
    ]
    pairs: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, said in stood.items():
        if items[name]["wanted"] >= 2 and len(said) >= 2:
            pairs[items[name]["kind"]].append((said[0]["verdict"], said[1]["verdict"]))
    return {
        "verdicts": sum(_within(case, one) for said in ours.values() for one in said),
        "judged": Counter(items[name]["kind"] for name in ours),
        "waiting": _waiting(case, items, stood),
        "sampled": _right(sampled, list(sampled)),
        "sampled_without_votes": _right(sampled, silent),
        "agreement": {kind: _agreement(some, f"{case.report['period']} {kind}") for kind, some in pairs.items()},
    }


def _within(case: Case, verdict: Row) -> bool:
    return bool(case.window.start <= verdict["at"] < case.window.end)


def _is_sample(item: Row, said: Sequence[Row]) -> bool:
    differ = len(said) == 2 and said[0]["verdict"] != said[1]["verdict"]
    return bool(item["kind"] == "sample" and not differ and said[-1]["verdict"] != "cannot tell")


def _waiting(case: Case, items: Mapping[str, Row], stood: Mapping[str, Sequence[Row]]) -> Counter[str]:
    """Return what waited, by kind: an answer that is settled settles every item about it; suggestions by their rows."""
    settled = {name for name, said in stood.items() if _is_settled(items[name], said)}
    done = settled | {about for name in settled if (about := _about(items[name])) is not None}
    kinds = {"doubted_label", "quarantine", "alarm", "disagreement", "judge_sample", "sample"}
    found: Counter[str] = Counter()
    for row in items.values():
        was_open = row["state"] == "open" or (row["reviewed_at"] is not None and row["reviewed_at"] > case.seen)
        away = [(moment(first), moment(last)) for first, last in (row["detail"] or {}).get("away", ())]
        was_open = was_open and not any(first <= case.seen < last for first, last in away)
        if row["kind"] in kinds and row["at"] <= case.seen and was_open and not {row["id"], _about(row)} & done:
            found[row["kind"]] += 1
    for row in case.tables("correction"):
        if row["at"] <= case.seen and (row["reviewed_at"] is None or row["reviewed_at"] > case.seen):
            found["correction"] += 1
    return found


def _is_settled(item: Row, said: Sequence[Row]) -> bool:
    words = {one["verdict"] for one in said}
    return bool(len(said) >= item["wanted"] and said and (len(words) == 1 or len(said) > item["wanted"]))


def _about(item: Row) -> str | None:
    if item["kind"] not in ("disagreement", "judge_sample", "sample", "correction"):
        return None
    return str(item["detail"].get("answer_id") or item["subject"])


def _right(words: Mapping[str, str], names: Sequence[str]) -> dict[str, Any]:
    found = share(sum(words[one] == "right" for one in names), len(names))
    return {**found, "n": found["total"]}


def _agreement(pairs: Sequence[tuple[str, str]], seed: str) -> dict[str, Any]:
    same = share(sum(one == other for one, other in pairs), len(pairs))
    value, low, high = kappa(pairs, seed)
    return {**same, "n": same["total"], "kappa": value, "kappa_low": low, "kappa_high": high}


def trends(case: Case) -> dict[str, Any]:
    """Return how the frozen questions fared, from the metric log."""
    until = min(case.window.end, case.seen)
    told = next(one["numbers"] for one in case.report["content"]["sections"] if one["key"] == "trends")
    dataset, found = told.get("dataset", "frozen"), dict[str, Any]()
    for name in ("ndcg_at_10", "recall_at_10", "route_and_found", "route_reached", "found_given_route"):
        rows = [one for one in case.tables("record") if (one["metric"], one["segment"]) == (name, "all")]
        rows = [one for one in rows if one["dataset"] == dataset and one["at"] < until]
        rows.sort(key=lambda one: (one["at"], one["id"]))
        if not rows:
            continue
        if name in ("route_reached", "found_given_route"):
            found[name] = rows[-1]["value"]
            continue
        series: dict[str, list[Row]] = defaultdict(list)
        for one in rows:
            series[one["dataset_hash"]].append(one)
        pairs = [pair for some in series.values() for pair in pairwise(some)]
        fresh = sorted((pair for pair in pairs if pair[1]["at"] >= case.window.start), key=lambda pair: pair[1]["at"])
        newest = {key: rows[-1][key] for key in ("value", "low", "high", "n")}
        steps = [_step(*pair) for pair in fresh]
        found[name] = {**newest, "steps": steps}
    return found


def _step(before: Row, after: Row) -> dict[str, Any]:
    then, now = before["scores"] or {}, after["scores"] or {}
    if not then or then["persons"] != now.get("persons"):
        return _apart(before, after)
    gains = [one - other for other, one in zip(then["scores"], now["scores"], strict=True)]
    told: dict[str, Any] = {"difference": sum(gains) / len(gains), "n": after["n"]}
    if not any(gains):
        return {**told, "low": 0.0, "high": 0.0}
    found = mean([(str(person), gain) for person, gain in zip(now["persons"], gains, strict=True)])
    _, low, high = found if found and len(set(now["persons"])) >= 6 else (None, None, None)
    return {**told, "low": low, "high": high}


def _apart(before: Row, after: Row) -> dict[str, Any]:
    """Return the difference of two independent estimates, its interval from theirs."""
    by = after["value"] - before["value"]
    if None in (before["low"], before["high"], after["low"], after["high"]):
        return {"difference": by, "n": after["n"], "low": None, "high": None}
    down = math.hypot(after["value"] - after["low"], before["high"] - before["value"])
    up = math.hypot(after["high"] - after["value"], before["value"] - before["low"])
    return {"difference": by, "n": after["n"], "low": by - down, "high": by + up}


def sources(case: Case) -> dict[str, Any]:
    """Return the stale and the contradicted sources that everybody in the channel may read, at most ten of each."""
    named, _ = _sources(case)
    return {kind: some[:10] for kind, some in named.items()}


def sources_section(case: Case) -> dict[str, Any]:
    """Return how many there are, and how many may not be named."""
    named, hidden = _sources(case)
    return {kind: {"named": len(named[kind]), "not_named": hidden[kind]} for kind in named}


def _sources(case: Case) -> tuple[dict[str, list[Row]], Counter[str]]:
    against = _against(case)
    channel = case.report["content"]["channel"]
    readable = {"public"} if channel is None else {"public", f"channel:{channel}"}
    labels: dict[str, set[str]] = defaultdict(set)
    for row in case.tables("document_access"):
        labels[row["document_id"]].add(row["label"])
    documents: dict[str, list[Row]] = defaultdict(list)
    for row in case.tables("document"):
        documents[row["external_id"]].append(row)
    cited = Counter(name for one in case.window.answers for name in {row["external_id"] for row in one["cited"]})
    found: dict[str, list[Row]] = {"stale": [], "contradicted": []}
    hidden: Counter[str] = Counter()
    for name in sorted({*cited, *against} & set(documents), key=lambda one: (-cited[one], one)):
        may = all(labels[row["id"]] & readable for row in documents[name])
        for kind, is_so in _kinds(case, documents[name], cited[name], against.get(name, {})).items():
            if is_so and may:
                found[kind].append({"cited": cited[name]})
            hidden[kind] += is_so and not may
    return found, hidden


def _kinds(case: Case, documents: Sequence[Row], cited: int, against: Mapping[str, Any]) -> dict[str, bool]:
    updated = max((row["updated_at"] for row in documents if row["updated_at"]), default=None)
    old = cited >= 2 and updated is not None and updated < case.seen - timedelta(days=365)
    return {
        "stale": old or len(against.get("outdated", ())) >= 2 or bool(against.get("expired")),
        "contradicted": len(against.get("wrong", ())) >= 2 or bool(against.get("corrected")),
    }


def _against(case: Case) -> dict[str, dict[str, Any]]:
    """Return what people said against each source, in the window and before it."""
    doubted = _quarantined(case)
    found: dict[str, dict[str, Any]] = defaultdict(lambda: {"wrong": set(), "outdated": set(), "corrected": 0})
    first: dict[str, str] = {}
    for one in (*case.before.answers, *case.window.answers):
        done = [row for row in one["done"] if row["person"] not in doubted]
        if one["cited"]:
            first[one["id"]] = one["cited"][0]["external_id"]
            unhappy = {person for person, yes in votes(done).items() if not yes}
            for reason in ("wrong", "outdated"):
                told = {row["person"] for row in done if row["detail"].get("reason") == reason}
                found[first[one["id"]]][reason] |= told & unhappy
    for one in (*case.before.corrections, *case.window.corrections):
        source = first.get(one["answer_id"])
        believed = one["state"] == "approved" and one["person"] not in doubted
        if source is not None and believed and not one["source"]:
            found[source]["corrected"] += 1
    for name in _expired(case):
        found[name]["expired"] = True
    return found


def _expired(case: Case) -> list[str]:
    """Return the sources that waiting verified answers name."""
    verified = {row["id"]: row for row in case.tables("verified_answer")}
    last = {}
    for row in sorted(case.tables("audit"), key=lambda one: (one["at"], one["id"])):
        if row["act"] in ("expire", "kept", "dropped") and row["at"] <= case.seen:
            last[row["subject"]] = row["act"]
    waiting = [verified[one] for one, act in last.items() if act == "expire" and one in verified]
    return [row["source"] for row in waiting if row["source"]]


def _quarantined(case: Case) -> set[str]:
    return {
        row["subject"]
        for row in case.tables("review_item")
        if row["kind"] == "quarantine"
        and row["at"] <= case.seen
        and not (row["verdict"] == "trusted" and row["reviewed_at"] and row["reviewed_at"] <= case.seen)
    }


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)
