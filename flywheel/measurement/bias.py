"""How far the satisfied share can be believed: who votes is not who asks, and most people do not vote.

    weighted        voted answers count as their kind does among all answers (`weighting.py`): who asks much, which
                    route, which surface, which channel
    worst, best     all without a vote are dissatisfied, or satisfied: whatever they think, the truth lies between
                    (Manski, 1989)
    cautious        all without a vote are as the least satisfied kind of those who vote; an assumption, and named
    busiest five    the share of all votes that five people cast
    middle person   the median over voters of the share of yes in what each says: nobody counts more than anybody else

The unit is an answer, its value the share of yes among its live votes. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from flywheel.measurement.baselines import likeliest
from flywheel.measurement.estimates import Estimate
from flywheel.measurement.section import Line, Section
from flywheel.measurement.weighting import ENOUGH, Levels, Voted, weighted, weights
from flywheel.measurement.window import Window
from flywheel.registry import Record
from flywheel.store.ledger import Exchange

BUSIEST = 5
FEW, MANY = 3, 10
"""Questions in the window from which on somebody asks now and then, and from which on much."""
_APART = 0.05
"""Points between the plain and the weighted share from which on a report remarks on it."""
_SELDOM, _SOMETIMES, _MUCH = "seldom", "sometimes", "much"
_ASKERS: Mapping[str, str] = {
    _SELDOM: f"those who asked fewer than {FEW} questions",
    _SOMETIMES: f"those who asked {FEW} to {MANY - 1} questions",
    _MUCH: f"those who asked {MANY} questions or more",
}


@dataclass(frozen=True, slots=True)
class Bias:
    """What is known of a window. Shares lie in [0, 1]; None where nothing can be said.

    `plain` is the share of yes of voted answers; `least` names the least satisfied kind of answer with its share.
    """

    answers: tuple[str, ...]
    voted: tuple[str, ...]
    plain: float | None
    weighted: Estimate | None
    worst: float | None
    best: float | None
    least: tuple[str, float] | None
    cautious: float | None
    votes: int
    voters: int
    of_five: int
    middle: float | None

    @property
    def silent(self) -> tuple[str, ...]:
        """Return the answers without a vote."""
        known = frozenset(self.voted)
        return tuple(one for one in self.answers if one not in known)

    @property
    def share_of_five(self) -> float | None:
        """Return the share of all votes that the five busiest voters cast."""
        return self.of_five / self.votes if self.votes else None


def of(window: Window) -> Bias:
    """Return how far the satisfied share of a window can be believed."""
    population = levels_of(window.exchanges)
    votes = {one.answer.id: window.votes(one) for one in window.exchanges}
    voted = {
        one.answer.id: Voted(one.question.person, population[one.answer.id], _mean(votes[one.answer.id].values()))
        for one in window.exchanges
        if votes[one.answer.id]
    }
    said = list(voted.values())
    made = weights(list(population.values()), [one.levels for one in said]) if len(said) >= ENOUGH else []
    least = _least(said)
    by_voter: dict[str, list[bool]] = defaultdict(list)
    for some in votes.values():
        for person, helped in some.items():
            by_voter[person].append(helped)
    n, yes = len(population), sum(one.yes for one in said)
    return Bias(
        answers=tuple(population),
        voted=tuple(voted),
        plain=yes / len(said) if said else None,
        weighted=weighted(said, made) if made else None,
        worst=yes / n if n else None,
        best=(yes + n - len(said)) / n if n else None,
        least=least,
        cautious=(yes + (n - len(said)) * least[1]) / n if least else None,
        votes=sum(map(len, by_voter.values())),
        voters=len(by_voter),
        of_five=sum(sorted(map(len, by_voter.values()), reverse=True)[:BUSIEST]),
        middle=median(_mean(some) for some in by_voter.values()) if by_voter else None,
    )


def levels_of(exchanges: Sequence[Exchange]) -> dict[str, Levels]:
    """Return the levels of each answer on the margins, by answer id."""
    asked = Counter(one.question.person for one in exchanges)
    return {
        one.answer.id: {
            "asker": _volume(asked[one.question.person]),
            "route": likeliest(one) or "none",
            "surface": one.question.surface.value,
            "channel": one.question.channel or "none",
        }
        for one in exchanges
    }


def told(window: Window, before: Window) -> Section:
    """Return what a report says; `before` is what the window is compared with."""
    now, then = of(window), of(before)
    lines = [*_weighted(now, then), *_bounds(now), *_busiest(now)] if now.votes else [Line("Nobody voted.")]
    return Section("bias", "Who votes, and who does not", tuple(lines), _numbers(now, then))


def records_of(window: Window, at: datetime) -> list[Record]:
    """Return the records of a window's figures."""
    found, period = of(window), window.period
    made = []
    if found.weighted is not None:
        one = found.weighted
        made.append(Record(at, "satisfaction_weighted", one.value, one.n, one.low, one.high, dataset=period))
    for metric, value, n in (
        ("satisfaction_low_bound", found.worst, len(found.answers)),
        ("satisfaction_high_bound", found.best, len(found.answers)),
        ("votes_share_of_five", found.share_of_five, found.votes),
    ):
        if value is not None:
            made.append(Record(at, metric, value, n, dataset=period))
    return made


def _volume(asked: int) -> str:
    if asked < FEW:
        return _SELDOM
    return _SOMETIMES if asked < MANY else _MUCH


def _least(said: Sequence[Voted]) -> tuple[str, float] | None:
    """Return the least satisfied kind of voted answer that is large enough, in words, and its share of yes."""
    kinds: dict[tuple[str, str], list[float]] = defaultdict(list)
    for one in said:
        for margin, level in one.levels.items():
            kinds[margin, level].append(one.yes)
    means = {kind: _mean(values) for kind, values in kinds.items() if len(values) >= ENOUGH}
    if not means:
        return None
    worst = min(means, key=lambda kind: (means[kind], kind))
    return _words(*worst), means[worst]


def _words(margin: str, level: str) -> str:
    if margin == "asker":
        return _ASKERS[level]
    if margin == "channel":
        return "those in one channel" if level != "none" else "those outside of channels"
    return f"those answered from {level}" if margin == "route" else f"those asked by {level.replace('_', ' ')}"


def _weighted(now: Bias, then: Bias) -> list[Line]:
    one, plain = now.weighted, now.plain
    if one is None or plain is None or one.low is None or one.high is None:
        few = f"{len(now.voted)} of {len(now.answers)} answers have a vote"
        return [Line(f"{few}: too few to weight them back to who asks.", now.voted)]
    text = (
        f"Weighted back to who asks, {_percent(one.value)} are satisfied (95 % interval {_percent(one.low)} to "
        f"{_percent(one.high)}; {len(now.voted)} of {len(now.answers)} answers have a vote). Unweighted it is "
        f"{_percent(plain)}."
    )
    if abs(plain - one.value) >= _APART:
        text += f" Those who vote are {'more' if plain > one.value else 'less'} satisfied than those who ask."
    if then.weighted is not None:
        text += f" Before, weighted, it was {_percent(then.weighted.value)}."
    return [Line(text, now.voted)]


def _bounds(now: Bias) -> list[Line]:
    if not now.silent or now.worst is None or now.best is None:
        return []
    text = (
        f"{len(now.silent)} answers have no vote. Whatever those people think, between {_percent(now.worst)} and "
        f"{_percent(now.best)} of all are satisfied."
    )
    if now.least is not None and now.cautious is not None:
        text += (
            f" If they think as the least satisfied who vote do ({now.least[0]}, {_percent(now.least[1])}), it is "
            f"{_percent(now.cautious)}."
        )
    return [Line(text, now.silent)]


def _busiest(now: Bias) -> list[Line]:
    if now.voters == 0 or now.middle is None:
        return []
    middle = f"The middle person says yes to {_percent(now.middle)} of what they vote on."
    if now.voters <= BUSIEST:
        return [Line(f"Only {now.voters} {'person' if now.voters == 1 else 'people'} voted. {middle}", now.voted)]
    cast = f"{now.of_five} of {now.votes} votes come from the five busiest of {now.voters} people who voted"
    return [Line(f"{cast} ({_percent(now.of_five / now.votes)}). {middle}", now.voted)]


def _numbers(now: Bias, then: Bias) -> dict[str, object]:
    return {"now": _plainly(now), "before": _plainly(then)}


def _plainly(one: Bias) -> dict[str, object]:
    made = one.weighted
    return {
        "answers": len(one.answers),
        "voted": len(one.voted),
        "plain": one.plain,
        "weighted": None if made is None else {"value": made.value, "low": made.low, "high": made.high, "n": made.n},
        "worst": one.worst,
        "best": one.best,
        "least_satisfied": None if one.least is None else {"who": one.least[0], "value": one.least[1]},
        "cautious": one.cautious,
        "votes": one.votes,
        "voters": one.voters,
        "votes_of_five": one.of_five,
        "share_of_five": one.share_of_five,
        "middle_person": one.middle,
    }


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"
