"""Alarms when votes rise beyond what is usual: of one person, on one answer, on one passage; or when many are changed.

What is *usual* for a day is the mean of the subject's own days before, or the median of all others', whichever is
more. A day's count is alarming when a Poisson process of that rate reaches it less than once in a million days, so
that fifty people watched for a year raise no alarm by chance. Whoever is alarmed decides; an alarm changes no label.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median

from flywheel.model import Signal, SignalKind
from flywheel.signals.votes import VOTE

ALPHA = 1e-6
LEAST = 15
"""Fewer votes on one day are no burst, however quiet it usually is."""
_UP = frozenset({SignalKind.THUMBS_UP, SignalKind.CITATION_UP})
_DOWN = frozenset({SignalKind.THUMBS_DOWN, SignalKind.CITATION_DOWN})
KINDS = _UP | _DOWN | {SignalKind.REACTION_ADDED}
"""Signals that may be votes; whoever reads no others misses no alarm."""


class Burst(StrEnum):
    """What rose."""

    PERSON = "votes_of_one_person"
    ANSWER = "votes_on_one_answer"
    PASSAGE = "votes_on_one_passage"
    FLIPS = "changed_votes"


@dataclass(frozen=True, slots=True)
class Alarm:
    """A day on which `count` votes were cast where `usual` are; `subject` is the person's, answer's or passage's id.

    `chance` is the probability of as many by chance. `persons` are those who voted.
    """

    kind: Burst
    subject: str
    day: date
    count: int
    usual: float
    chance: float
    persons: tuple[str, ...]


def alarms(signals: Iterable[Signal], since: date | None = None) -> list[Alarm]:
    """Return the alarms of the days from `since` on, the oldest first."""
    votes = [(one, up) for one in signals if (up := _verdict(one)) is not None]
    found = [
        *_rises(Burst.PERSON, ((one.person, one) for one, _ in votes)),
        *_rises(Burst.ANSWER, ((one.answer_id, one) for one, _ in votes)),
        *_rises(Burst.PASSAGE, ((one.detail["passage_id"], one) for one, _ in votes if "passage_id" in one.detail)),
        *_rises(Burst.FLIPS, (("everybody", one) for one in _flips(votes))),
    ]
    wanted = [one for one in found if since is None or one.day >= since]
    return sorted(wanted, key=lambda one: (one.day, one.kind, one.subject))


def tail(count: int, usual: float) -> float:
    """Return the probability that a Poisson variable with mean `usual` is `count` or more."""
    term = math.exp(-usual + count * math.log(usual) - math.lgamma(count + 1))
    total, k = 0.0, count
    while term > total * 1e-12 and term > 0:
        total += term
        k += 1
        term *= usual / k
    return min(1.0, total)


def _rises(kind: Burst, cast: Iterable[tuple[str, Signal]]) -> Iterator[Alarm]:
    days: dict[str, dict[date, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, signal in cast:
        days[subject][signal.at.date()].append(signal.person)
    typical = {subject: median(len(people) for people in its.values()) for subject, its in days.items()}
    for subject, its in sorted(days.items()):
        if max(map(len, its.values())) < LEAST:
            continue
        others = [value for name, value in typical.items() if name != subject]
        for day, people in sorted(its.items()):
            usual = max(1.0, median(others) if others else 0.0, _before(its, day))
            chance = tail(len(people), usual)
            if len(people) >= LEAST and chance < ALPHA and (others or _has_history(its, day)):
                yield Alarm(kind, subject, day, len(people), usual, chance, tuple(sorted(set(people))))


def _before(days: Mapping[date, list[str]], day: date) -> float:
    counts = [len(people) for one, people in days.items() if one < day]
    return sum(counts) / len(counts) if counts else 0.0


def _has_history(days: Mapping[date, list[str]], day: date) -> bool:
    return any(one < day for one in days)


def _verdict(signal: Signal) -> bool | None:
    if signal.kind is SignalKind.REACTION_ADDED and VOTE in signal.detail:
        return signal.detail[VOTE] == "up"
    return True if signal.kind in _UP else False if signal.kind in _DOWN else None


def _flips(votes: Iterable[tuple[Signal, bool]]) -> Iterator[Signal]:
    said: Counter[tuple[str, str, str]] = Counter()
    for signal, up in sorted(votes, key=lambda vote: (vote[0].at, vote[0].key)):
        about = signal.person, signal.answer_id, signal.detail.get("passage_id", "")
        now = 1 if up else -1
        if said[about] == -now:
            yield signal
        said[about] = now
