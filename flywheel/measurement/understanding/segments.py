"""Groups of people and questions that are served worse than the rest, beyond what chance does.

    route     the retriever that the question most likely needed
    channel   where it was asked; channels that not everybody may see are put together
    asker     new (asked nothing in the weeks before), heavy (asks most; together a quarter of all questions), regular
    owner     whether the asker owns a document
    length    short to four words, long from thirteen

Each value is compared with all the rest, in satisfied votes and in answered questions, with every person as one witness
(`measurement/clustered.py`); p is Holm-adjusted over everything that was compared.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flywheel.answering.words import words
from flywheel.learning.statistics import holm
from flywheel.measurement import clustered
from flywheel.measurement.baselines import foremost
from flywheel.measurement.understanding.cases import Case, said
from flywheel.measurement.week import Share, share_by_person
from flywheel.model import Surface

LEVEL = 0.05
FEWEST = 10
"""Values on each side of a comparison."""
FEWEST_PERSONS = 5
SHORT, LONG = 4, 13
"""Words of a question: short up to the first, long from the second."""
_HEAVY = 0.25
_HEAVY_FEWEST = 5
PRIVATE, DIRECT, ELSEWHERE = "other channels", "direct messages", "outside Slack"

Said = list[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Segment:
    """A group: satisfied votes, answered questions, and how far each lies from the rest with its adjusted p.

    A gap is negative where the group is served worse, None where nothing could be compared.
    """

    name: str
    value: str
    questions: int
    persons: int
    satisfied: Share
    answered: Share
    satisfied_gap: float | None = None
    satisfied_p: float | None = None
    answered_gap: float | None = None
    answered_p: float | None = None
    answers: tuple[str, ...] = ()

    @property
    def worse(self) -> tuple[str, ...]:
        """Return what it has less of than the rest beyond chance: satisfied, answered."""
        tested = (("satisfied", self.satisfied_gap, self.satisfied_p), ("answered", self.answered_gap, self.answered_p))
        return tuple(what for what, gap, p in tested if gap is not None and p is not None and gap < 0 and p < LEVEL)


@dataclass(frozen=True, slots=True)
class Gap:
    """A difference to the rest and its two-sided p before adjusting."""

    value: float
    p: float


def of(cases: Sequence[Case], open_channels: frozenset[str], owners: frozenset[str]) -> list[Segment]:
    """Return all segments; `open_channels` may be named, `owners` are the persons who own a document."""
    made: list[tuple[str, str, list[Case]]] = []
    for name, value_of in _values(cases, open_channels, owners).items():
        parts: dict[str, list[Case]] = defaultdict(list)
        for one in cases:
            parts[value_of(one)].append(one)
        if len(parts) > 1:
            made += [(name, value, parts[value]) for value in sorted(parts) if value]
    return _tested(cases, made)


def _values(
    cases: Sequence[Case], open_channels: frozenset[str], owners: frozenset[str]
) -> Mapping[str, Callable[[Case], str]]:
    kinds = _kinds(cases)
    return {
        "route": route,
        "channel": lambda one: _channel(one, open_channels),
        "asker": lambda one: kinds[one.person],
        "owner": lambda one: "owner" if one.person in owners else "no owner",
        "length": _length,
    }


def route(case: Case) -> str:
    """Return the retriever that a question most likely needed, or nothing where none stood out."""
    return foremost(case.exchange.answer.route)


def _channel(case: Case, open_channels: frozenset[str]) -> str:
    question = case.exchange.question
    if question.surface is Surface.DIRECT:
        return DIRECT
    if question.surface in (Surface.API, Surface.TERMINAL) or question.channel is None:
        return ELSEWHERE
    return f"<#{question.channel}>" if question.channel in open_channels else PRIVATE


def _kinds(cases: Sequence[Case]) -> dict[str, str]:
    """Return new, heavy or regular for each asker."""
    before = {one.person for one in cases if not one.is_now}
    counts = Counter(one.person for one in cases)
    kinds, covered = {}, 0
    for person in sorted(counts, key=lambda one: (-counts[one], one)):
        is_heavy = covered < _HEAVY * len(cases) and counts[person] >= _HEAVY_FEWEST
        kinds[person] = "heavy" if is_heavy else "regular"
        covered += counts[person]
    return {person: kind if person in before or not before else "new" for person, kind in kinds.items()}


def _length(case: Case) -> str:
    count = len(words(said(case.exchange.question)))
    return "short" if count <= SHORT else "long" if count >= LONG else "medium"


def _tested(cases: Sequence[Case], made: Sequence[tuple[str, str, list[Case]]]) -> list[Segment]:
    gaps = [(gap(_votes(its), _votes(rest)), gap(_answered(its), _answered(rest))) for its, rest in _sides(cases, made)]
    flat = [one for pair in gaps for one in pair]
    adjusted = iter(holm([one.p for one in flat if one is not None]))
    ps = [None if one is None else next(adjusted) for one in flat]
    return [
        _segment(name, value, its, list(zip(pair, ps[2 * place : 2 * place + 2], strict=True)))
        for place, ((name, value, its), pair) in enumerate(zip(made, gaps, strict=True))
    ]


def _sides(cases: Sequence[Case], made: Sequence[tuple[str, str, list[Case]]]) -> list[tuple[list[Case], list[Case]]]:
    found = []
    for _, _, its in made:
        inside = {one.id for one in its}
        found.append((its, [one for one in cases if one.id not in inside]))
    return found


def gap(its: Said, rest: Said) -> Gap | None:
    """Return how far the mean of what some said lies from the rest's; None where either side is too few to tell."""
    persons = [len({person for person, _ in side}) for side in (its, rest)]
    if min(len(its), len(rest)) < FEWEST or min(persons) < FEWEST_PERSONS:
        return None
    found = clustered.difference(its, rest)
    if found is None or found.low is None or found.high is None:
        return None
    from scipy.stats import t  # type: ignore[import-untyped]  # noqa: PLC0415 - only reports need it, no types

    error = (found.high - found.low) / 2 / float(t.ppf(0.975, found.freedom))
    if error == 0:
        return Gap(found.value, 1.0 if math.isclose(found.value, 0.0, abs_tol=1e-12) else 0.0)
    return Gap(found.value, float(2 * t.sf(abs(found.value) / error, found.freedom)))


def _votes(cases: Sequence[Case]) -> Said:
    return [(person, float(vote)) for one in cases for person, vote in sorted(one.votes.items())]


def _answered(cases: Sequence[Case]) -> Said:
    return [(one.person, float(not one.exchange.answer.abstained)) for one in cases]


def _segment(name: str, value: str, its: Sequence[Case], tested: Sequence[tuple[Gap | None, float | None]]) -> Segment:
    (satisfied_gap, satisfied_p), (answered_gap, answered_p) = tested
    return Segment(
        name=name,
        value=value,
        questions=len(its),
        persons=len({one.person for one in its}),
        satisfied=share_by_person((person, vote > 0) for person, vote in _votes(its)),
        answered=share_by_person((person, given > 0) for person, given in _answered(its)),
        satisfied_gap=None if satisfied_gap is None else satisfied_gap.value,
        satisfied_p=satisfied_p,
        answered_gap=None if answered_gap is None else answered_gap.value,
        answered_p=answered_p,
        answers=tuple(one.id for one in reversed(its) if one.is_now),
    )
