"""Tell a replay: a line per week for the terminal, everything as plain JSON, and whether anything made it worse.

*Worse* is a week at whose end held-out questions do significantly worse than at its beginning: the 95 % interval of the
paired difference in nDCG@10 lies below zero. That may be a release's doing, or that of a verified answer which meets a
question that it does not fit; `verified_wrong` says how many such there are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flywheel.measurement.replay.material import Material
from flywheel.measurement.replay.measuring import METRICS, Measured
from flywheel.measurement.replay.weeks import Script, Week
from flywheel.measurement.retrieval_set import Judged

HEAD = (
    f"{'week':>4} {'asked':>6} {'answered':>8} {'right':>6} {'votes':>6} {'yes':>5} "
    f"{'nDCG@10':>8} {'r@1':>6} {'r@5':>6} {'satisfied':>9}  turn"
)
_YES = ("thumbs_up", "citation_up", "more_like_this")
_NO = ("thumbs_down", "citation_down")
_SERVES = frozenset({"released", "provisional"})


def line(week: Week) -> str:
    """Return a week as a line under `HEAD`; shares are of what was asked, or of the held-out questions."""
    asked, measured = week.done.get("asked", 0), week.measured
    yes, no = _votes(week)
    cells = [
        f"{week.number:>4} {asked:>6}",
        f"{_percent(week.answered, asked):>8} {_percent(week.right, asked):>6}",
        f"{yes + no:>6} {_percent(yes, yes + no):>5}",
        f"{measured.mean('ndcg_at_10'):>8.3f}",
        f"{measured.mean('recall_at_1'):>6.3f} {measured.mean('recall_at_5'):>6.3f}",
        f"{measured.mean('satisfied'):>9.3f} ",
        turned(week),
    ]
    return " ".join(cells).rstrip()


def reasons(week: Week) -> list[str]:
    """Return a sentence for each thing that the watch did, and for each learner what became of its challenger."""
    watched = [f"watch: {one}" for one in week.watched]
    return watched + [f"{name}: {told['decision']}. {told['reason']}" for name, told in _learners(week).items()]


def turned(week: Week) -> str:
    """Return in a few words what a turn did: what serves since, and how many challengers were held."""
    if week.turn is None:
        return ""
    if week.turn.error:
        return f"failed: {week.turn.error}"
    told = _learners(week)
    serving = [f"{name} {told[name]['decision']}" for name in released(week)]
    tried = held(week)
    waiting = [f"{', '.join(tried)} held"] if tried else []
    watched = [one.partition(":")[0] for one in week.watched]
    return "; ".join([*watched, *serving, *waiting]) or "nothing to try yet"


def released(week: Week) -> list[str]:
    """Return the learners of which something new came to serve in a week."""
    return [name for name, told in _learners(week).items() if told["decision"] in _SERVES]


def held(week: Week) -> dict[str, str]:
    """Return the challengers that a week's turn held, by learner: their releases' ids."""
    tried = {name: told.get("challenger") for name, told in _learners(week).items() if told["decision"] not in _SERVES}
    return {name: str(one["id"]) for name, one in tried.items() if one}


def would_have(last: Week, found: Mapping[str, Measured]) -> dict[str, dict[str, Any]]:
    """Return for each held challenger what it would have changed, with its interval."""
    return {
        name: {metric: measured.interval(metric, last.measured) for metric in METRICS}
        for name, measured in found.items()
    }


def would_have_line(learner: str, told: Mapping[str, Any]) -> str:
    """Return a sentence on a held challenger."""
    ndcg, first = told["ndcg_at_10"], told["recall_at_1"]
    return (
        f"held {learner} would have changed nDCG@10 by {ndcg['value']:+.3f} "
        f"({ndcg['low']:+.3f} to {ndcg['high']:+.3f}) and recall@1 by {first['value']:+.3f}."
    )


def subtitle(script: Script) -> str:
    """Return in one line who played."""
    habits = script.habits
    return (
        f"{habits.people} people ({_share(habits.attackers)} attack), {habits.questions} questions a week "
        f"({_share(habits.repeat)} again), {_share(habits.feedback)} judged, {_share(habits.noise)} wrongly; "
        f"{len(script.material.heldout)} held-out questions"
    )


def summary(weeks: Sequence[Week]) -> str:
    """Return in two sentences what the weeks came to, and whether any turn made things worse."""
    first, last = weeks[0].measured, weeks[-1].measured
    gain = last.interval("ndcg_at_10", first)
    said = (
        f"nDCG@10 on {_n(first)} held-out questions: {first.mean('ndcg_at_10'):.3f} before, "
        f"{last.mean('ndcg_at_10'):.3f} after {_weeks(weeks[-1].number)} "
        f"({gain['value']:+.3f}, 95 % interval {gain['low']:+.3f} to {gain['high']:+.3f})."
    )
    bad = worse(weeks)
    if not bad:
        return f"{said} No week made it significantly worse."
    return f"{said} Significantly worse at the end of week {', '.join(map(str, bad))}."


def content(script: Script, weeks: Sequence[Week]) -> dict[str, Any]:
    """Return everything as plain JSON; `seconds` are the only values that differ between two runs of a script."""
    return {
        "seed": script.seed,
        "habits": asdict(script.habits),
        **_sizes(script.material),
        "weeks": [_week(weeks, n, script.material.heldout) for n in range(len(weeks))],
        "worse": worse(weeks),
    }


def worse(weeks: Sequence[Week]) -> list[int]:
    """Return the numbers of the weeks that made held-out questions significantly worse."""
    changes = [(week.number, _change(weeks, n)) for n, week in enumerate(weeks)]
    return [number for number, change in changes if change is not None and change["high"] < 0]


def _week(weeks: Sequence[Week], n: int, heldout: Sequence[Judged]) -> dict[str, Any]:
    week = weeks[n]
    yes, no = _votes(week)
    return {
        "week": week.number,
        "asked": week.done.get("asked", 0),
        "answered": week.answered,
        "right": week.right,
        "done": dict(sorted(week.done.items())),
        "votes": {"yes": yes, "no": no},
        "watched": list(week.watched),
        "turn": None if week.turn is None else _turn(week),
        "measured": {"n": _n(week.measured), **{name: week.measured.interval(name) for name in METRICS}},
        "seen": week.measured.among([bool(week.wanted & one.relevance.keys()) for one in heldout]),
        "unseen": week.measured.among([not week.wanted & one.relevance.keys() for one in heldout]),
        "change": _change(weeks, n),
        "seconds": round(week.seconds, 1),
    }


def _turn(week: Week) -> dict[str, Any]:
    assert week.turn is not None
    evidence = week.turn.evidence or {}
    return {
        "state": week.turn.state.value,
        "error": week.turn.error,
        "snapshot": week.turn.snapshot,
        **{
            name: evidence.get(name) for name in ("questions", "n_train", "n_heldout", "straddling", "shortlist_recall")
        },
        "learners": {
            name: {key: told.get(key) for key in ("decision", "reason", "champion", "challenger", "difference")}
            for name, told in _learners(week).items()
        },
    }


def _change(weeks: Sequence[Week], n: int) -> dict[str, float] | None:
    return weeks[n].measured.interval("ndcg_at_10", weeks[n - 1].measured) if n else None


def _learners(week: Week) -> Mapping[str, Mapping[str, Any]]:
    evidence = (week.turn.evidence if week.turn is not None else None) or {}
    found = evidence.get("learners")
    return found if isinstance(found, dict) else {}


def _votes(week: Week) -> tuple[int, int]:
    return sum(week.done.get(one, 0) for one in _YES), sum(week.done.get(one, 0) for one in _NO)


def _sizes(material: Material) -> dict[str, int]:
    return {"documents": len(material.documents), "pool": len(material.asked), "heldout": len(material.heldout)}


def _n(measured: Measured) -> int:
    return len(measured.values[METRICS[0]])


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def _percent(count: int, total: int) -> str:
    return _share(count / total) if total else "–"


def _weeks(number: int) -> str:
    return "1 week" if number == 1 else f"{number} weeks"
