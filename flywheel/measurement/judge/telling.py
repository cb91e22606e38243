"""Say in plain sentences what a judge did, whether it is to be trusted, and what it cost."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from flywheel.measurement import money
from flywheel.measurement.judge.calibration import LEAST, Calibration
from flywheel.measurement.judge.marks import OVERALL
from flywheel.measurement.judge.scores import Score
from flywheel.measurement.section import Line, Section
from flywheel.measurement.week import Share

KEY, TITLE = "judge", "A model as judge"
_COUNTED = ("calls", "unreported", "prompt_tokens", "completion_tokens")


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to say of one judge: answer ids judged, still to be judged, compared with people, and seen
    differently; scores and calibrations by metric; runs without a usable reply; and how many of its labels were judged
    more than once, and the same each time.
    """

    judge: str
    judged: tuple[str, ...]
    waiting: tuple[str, ...]
    scores: Mapping[str, Score]
    calibrations: Mapping[str, Calibration]
    compared: tuple[str, ...]
    disagreed: tuple[str, ...]
    unread: int
    steady: Share


def section(parts: Sequence[Told], spent: Sequence[Mapping[str, object]], *, has_model: bool) -> Section:
    """Return the section; `spent` are the usages of the window's judgements, `has_model` whether one is configured."""
    if not parts:
        said = (
            "No answer of this time was judged by a model yet, so there are no scores."
            if has_model
            else "No language model is configured: nothing was judged by one, and no score here pretends otherwise."
        )
        return Section(KEY, TITLE, (Line(said),), {"judges": {}})
    cost = costs(spent)
    lines = [line for one in parts for line in _lines(one)]
    numbers = {one.judge: _numbers(one) for one in parts}
    return Section(KEY, TITLE, (*lines, Line(_cost(cost))), {"judges": numbers, "cost": cost})


def costs(spent: Sequence[Mapping[str, object]]) -> dict[str, float | None]:
    """Return calls, tokens and US dollars; dollars are None unless every call's are known."""
    counts: dict[str, float | None] = {name: sum(_number(one.get(name)) for one in spent) for name in _COUNTED}
    priced = [one["cost"] for one in spent if isinstance(one.get("cost"), int | float)]
    counts["cost"] = sum(map(_number, priced)) if spent and len(priced) == len(spent) else None
    return counts


def _lines(one: Told) -> list[Line]:
    agreed = one.calibrations[OVERALL]
    unread = f" {one.unread} of its replies could not be read and count as not judged." if one.unread else ""
    same = (
        f" Asked again, it gave {_percent(one.steady.value)} of its marks the same."
        if one.steady.value is not None
        else ""
    )
    said = f"{one.judge[:1].upper()}{one.judge[1:]} judged {_answers(len(one.judged))}.{same}{unread}"
    lines = [Line(said, one.judged), _trust(one, agreed)]
    if agreed.is_trusted:
        lines += [
            Line(
                f"{metric.replace('_', ' ').capitalize()} {made.value:.2f} of 1 "
                f"(95 % {made.low:.2f}–{made.high:.2f}, n = {len(made.answers)} in a random sample).",
                made.answers,
            )
            for metric, made in one.scores.items()
            if metric != OVERALL and one.calibrations[metric].agreement is not None
        ]
    if one.disagreed:
        lines.append(
            Line(
                f"People's votes say otherwise on {_answers(len(one.disagreed))}; each goes to the review queue.",
                one.disagreed,
            )
        )
    if one.waiting:
        lines.append(Line(f"Still to be judged by the next turn: {_answers(len(one.waiting))}.", one.waiting))
    return lines


def _trust(one: Told, agreed: Calibration) -> Line:
    if agreed.agreement is None:
        return Line(
            f"It cannot be compared with people yet: they judged {_answers(agreed.labelled)} that it judged too, and "
            f"{2 * LEAST} of both kinds are needed. Until then none of its scores is shown.",
            one.compared,
        )
    equal, kappa = agreed.agreement.equal, agreed.agreement.kappa
    if kappa is None or equal.value is None:
        return Line("People and judge said the same of every answer, so agreement beyond chance cannot be told.")
    found = (
        f"It agrees with people on {_percent(equal.value)} of {equal.total} answers "
        f"(95 % interval {_percent(equal.low)} to {_percent(equal.high)}); kappa {kappa:.2f} "
        f"({agreed.agreement.low:.2f} to {agreed.agreement.high:.2f}), {agreed.agreement.words}."
    )
    if agreed.is_trusted:
        return Line(found, one.compared)
    return Line(f"{found} Below 0.40 its scores are not to be trusted, so none is shown.", one.compared)


def _cost(cost: Mapping[str, float | None]) -> str:
    tokens = _number(cost["prompt_tokens"]) + _number(cost["completion_tokens"])
    asked = f"Judging took {_number(cost['calls']):,.0f} calls and {tokens:,.0f} tokens"
    if cost["cost"] is not None:
        return f"{asked}, {money.written(cost['cost'])}, besides what the answers cost."
    unknown = _number(cost["unreported"])
    missing = f" ({unknown:,.0f} calls not reported)" if unknown else ""
    return f"{asked}{missing}; what that costs is not known."


def _numbers(one: Told) -> dict[str, object]:
    return {
        "judged": len(one.judged),
        "waiting": len(one.waiting),
        "unread": one.unread,
        "steady": asdict(one.steady),
        "disagreed": len(one.disagreed),
        "trusted": one.calibrations[OVERALL].is_trusted,
        "scores": {
            metric: {"value": made.value, "low": made.low, "high": made.high, "n": len(made.answers)}
            for metric, made in one.scores.items()
        },
        "agreement": {metric: asdict(made) for metric, made in one.calibrations.items()},
    }


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{100 * share:.0f} %"


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count} answers"


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
