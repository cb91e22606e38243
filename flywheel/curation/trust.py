"""How far each person's word can be trusted: how well it agrees with what all the others said.

A person's *trust* is the mean of a Beta distribution that begins at (2, 2) and grows by the beliefs of their opinions
(`opinions.py`): one more agreed for each that the others bear out, one more disagreed for each that they do not. What
is verified counts as several persons' word. Who is trusted with less than `LEAST`, and that for certain, is in
quarantine: their votes train nothing until somebody has looked at them. Agreement is weighed by the trust of those
agreed with, so that a few who agree with each other and with nobody else lose it together. An opinion has to be borne
out with the index's word and without it: with it alone an attacker who mixed up near-equal answers came to .54
(banking77), without it five colluding ones to .76.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from flywheel.curation.opinions import Asked, Opinion, beliefs
from flywheel.store.standing import Standing

FULL = 0.8
"""Who agrees four fifths as well as the median person counts in full."""
ROUNDS = 3
_CERTAIN_VOICES = 5
"""Where something is verified, this many persons who always agree are counted in when agreement is weighed."""
_QUARANTINED = 0.02


@dataclass(frozen=True, slots=True)
class Trust:
    """Every person's standing, by id.

    `typical` is the median trust of those whom the others know; `cleared` are persons whom a reviewer has let out of
    quarantine.
    """

    standings: Mapping[str, Standing] = field(default_factory=dict)
    typical: float = 0.5
    cleared: frozenset[str] = frozenset()

    def of(self, person: str) -> float:
        """Return a person's trust; nobody's word is doubted before the others have said something."""
        return self.standings.get(person, Standing()).value

    def weight(self, person: str) -> float:
        """Return what a person's word is multiplied by, in (0, 1]: less than 1 only for who agrees less than most."""
        standing = self.standings.get(person, Standing())
        if not standing.judged:
            return 1.0
        return min(1.0, standing.value / (FULL * self.typical))

    def is_quarantined(self, person: str) -> bool:
        """Tell whether a person's votes wait for a reviewer."""
        return person not in self.cleared and self.standings.get(person, Standing()).is_quarantined

    @property
    def quarantined(self) -> frozenset[str]:
        """Return everybody in quarantine."""
        return frozenset(person for person in self.standings if self.is_quarantined(person))


def judge(topics: Iterable[tuple[Sequence[Opinion], Asked]]) -> Trust:
    """Return the trust that people's opinions on several topics (passages, routes) give them together."""
    heard = [(tuple(opinions), asked) for opinions, asked in topics]
    trust = Trust()
    for _ in range(ROUNDS):
        weights = {person: _weight(one) for person, one in trust.standings.items()}
        trust = _round(heard, weights)
    return trust


def _weight(standing: Standing) -> float:
    return _QUARANTINED if standing.is_quarantined else standing.value


def _round(heard: Sequence[tuple[Sequence[Opinion], Asked]], weights: Mapping[str, float]) -> Trust:
    agreed: dict[str, float] = defaultdict(float)
    disagreed: dict[str, float] = defaultdict(float)
    acts: Counter[str] = Counter(one.person for opinions, _ in heard for one in opinions)
    for opinions, asked in heard:
        rates, judged = _agreement(opinions, beliefs(opinions, asked, weights, strict=True))
        telling = _telling([*rates.values(), *([1.0] * _CERTAIN_VOICES if acts[""] else [])])
        for person, rate in rates.items():
            agreed[person] += telling * judged[person] * rate
            disagreed[person] += telling * judged[person] * (1 - rate)
    standings = {person: Standing(agreed[person], disagreed[person], acts[person]) for person in sorted(acts) if person}
    return Trust(standings, median([one.value for one in standings.values() if one.judged] or [0.5]))


def _agreement(opinions: Sequence[Opinion], believed: Mapping[str, float]) -> tuple[dict[str, float], Counter[str]]:
    """Return the mean belief of each person's opinions, and how many of them were judged."""
    of_person: dict[str, list[float]] = defaultdict(list)
    for one in opinions:
        if one.key in believed:
            of_person[one.person].append(believed[one.key])
    rates = {person: sum(values) / len(values) for person, values in of_person.items()}
    return rates, Counter({person: len(values) for person, values in of_person.items()})


def _telling(rates: Sequence[float]) -> float:
    """Return how much agreement says, in [0, 1]: nothing where the median person agrees with the others by chance.

    On 819 questions that each had a passage of their own, near questions rightly got different answers.
    """
    return max(0.0, 2 * median(rates) - 1) if rates else 0.0
