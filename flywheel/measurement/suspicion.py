"""Suspect that votes are pushed: what would be unlikely if people voted on answers as they found them.

    parted        more votes say yes than before, while more of the answers with a yes are contradicted than before;
                  the same with judge and reviewers in the place of behaviour
    bystanders    answers that others than the asker voted yes on are contradicted more often than those that askers did
    person        the same for the yes-votes of one person on others' answers
    eager         one person votes on far more of others' answers than they and the others usually do, and says yes to
                  nearly everything
    strangers     a larger share of votes comes from people who never ask than before, and they say yes more than others
    hasty         yes-votes within `HASTY` seconds of the answer, before anybody has read it

Where two things must come together, p is the larger of both (Berger, 1982). All are adjusted together (Holm, 1979), so
that at one look the chance of any alarm is at most `ALPHA`. A suspicion accuses nobody: a person looks. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import median

from flywheel.curation.bursts import tail
from flywheel.learning.statistics import holm
from flywheel.measurement import tails
from flywheel.measurement.vote_evidence import Evidence, Voice, Vote
from flywheel.measurement.week import share

ALPHA = 0.005
"""The chance of any suspicion at one look at quiet votes. Two looks a week, at the last week and at the last four, make
one alarm in a hundred quiet weeks at the most."""
HASTY = 5.0
"""Seconds: at 240 words a minute (Brysbaert, 2019), twenty words; answers have more."""
USUALLY_HASTY = 0.05
"""The share of yes-votes that may be hasty: people who know the answer, or trust a known source."""
TOLERATED = 0.05
"""How much more often others' yes-votes may be contradicted than askers' own: they know less of what was needed."""
LEAST_PUSHED = 8
"""Yes-votes on others' answers from which on a person is looked at."""


class What(StrEnum):
    """What is suspected."""

    PARTED = "parted"
    BYSTANDERS = "bystanders"
    PERSON = "person"
    EAGER = "eager"
    STRANGERS = "strangers"
    HASTY = "hasty"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Something unlikely, in words without names, with p by itself and among all that was looked at.

    `persons` are those whose votes they are, for administrators alone; `answers` those they are on.
    """

    what: What
    text: str
    p: float
    persons: tuple[str, ...]
    answers: tuple[str, ...]
    numbers: Mapping[str, object] = field(default_factory=dict)
    adjusted: float = 1.0

    @property
    def is_alarming(self) -> bool:
        """Tell whether a person should look."""
        return self.adjusted < ALPHA


def suspicions(now: Evidence, before: Evidence) -> list[Suspicion]:
    """Return everything that was looked at, the least likely first; `before` is what is usual.

    What differs in p by less than a billionth counts as equally likely, so that the order hangs on no rounding.
    """
    found = [*_parted(now, before), *_bystanders(now, before), *_eager(now, before)]
    found += [*_strangers(now, before), *_hasty(now, before)]
    adjusted = holm([one.p for one in found])
    made = [replace(one, adjusted=p) for one, p in zip(found, adjusted, strict=True)]
    return sorted(made, key=lambda one: (round(one.adjusted, 9), round(one.p, 9), one.what, one.persons))


def _parted(now: Evidence, before: Evidence) -> Iterator[Suspicion]:
    yes, usual = _yes(now.votes), _yes(before.votes)
    if not usual[1]:
        return
    rise = tails.fisher(yes, usual)
    for voice in Voice:
        against, earlier = _against(now, voice), _against(before, voice)
        if not against[1] or not earlier[1]:
            continue
        text = (
            f"More votes say yes ({_of(yes)}, before {_of(usual)}), and more of the answers with a yes are "
            f"{_SAID[voice]} ({_of(against)}, before {_of(earlier)})."
        )
        bad = _bad(now, voice)
        votes = [one for one in now.votes if one.yes and one.answer_id in bad]
        numbers = _lists(yes=yes, yes_before=usual, against=against, against_before=earlier) | {"voice": voice.value}
        p = max(rise, tails.fisher(against, earlier))
        yield Suspicion(What.PARTED, text, p, _busiest(votes), _answers(votes), numbers)


def _bystanders(now: Evidence, before: Evidence) -> Iterator[Suspicion]:
    own = _contradicted(before)
    here = _contradicted(now)
    usual = (own[0] + here[0], own[1] + here[1])
    pushed = [one for one in now.votes if one.yes and not one.is_own]
    if not usual[1] or not pushed:
        return
    rate = min(1.0, (share(*usual).high or 1.0) + TOLERATED)
    yield _contradiction(What.BYSTANDERS, pushed, now, (usual, rate))
    for _, cast in sorted(_on_others(now).items()):
        votes = [one for one in cast if one.yes]
        if len(votes) >= LEAST_PUSHED:
            yield _contradiction(What.PERSON, votes, now, (usual, rate))


def _contradiction(what: What, votes: Sequence[Vote], now: Evidence, usual: tuple[tuple[int, int], float]) -> Suspicion:
    """Return how unlikely it is that so many of the answers that these votes say yes to are contradicted."""
    own, rate = usual
    on = {one.answer_id for one in votes}
    seen = len(on & now.contradicted), len(on)
    who = "One person's yes-votes are" if what is What.PERSON else "Yes-votes of others than the asker are"
    text = f"{who} on answers that are contradicted ({_of(seen)}; of answers that askers themselves liked: {_of(own)})."
    numbers = _lists(contradicted=seen, usual=own) | {"rate": rate}
    return Suspicion(what, text, tails.binomial(*seen, rate), _busiest(votes), _answers(votes), numbers)


def _eager(now: Evidence, before: Evidence) -> Iterator[Suspicion]:
    """Yield, of each person who votes on much that others asked, how unlikely so many votes and so many yes are.

    Usual is, a week, the most of: one, what the person did before, and what the median voter does.
    """
    usual_yes = _yes(before.votes)
    if not usual_yes[1]:
        return
    rate = share(*usual_yes).high or 1.0
    cast, earlier = _on_others(now), _on_others(before)
    for person, votes in sorted(cast.items()):
        if len(votes) < LEAST_PUSHED:
            continue
        rest = [len(some) for voter, some in cast.items() if voter != person]
        usual = max(1.0, len(earlier.get(person, ())) / before.weeks * now.weeks, median(rest) if rest else 0.0)
        yes = _yes(votes)
        text = (
            f"One person voted on {len(votes)} answers that others asked for, where {_usually(usual)} usual, and said "
            f"yes to {yes[0]} (usual: {_of(usual_yes)})."
        )
        numbers = _lists(yes=yes, yes_usual=usual_yes) | {"votes": len(votes), "votes_usual": usual}
        p = max(tail(len(votes), usual), tails.binomial(*yes, rate))
        yield Suspicion(What.EAGER, text, p, (person,), _answers(votes), numbers)


def _on_others(evidence: Evidence) -> dict[str, list[Vote]]:
    """Return everybody's votes on what others asked."""
    found: dict[str, list[Vote]] = defaultdict(list)
    for one in evidence.votes:
        if not one.is_own:
            found[one.voter].append(one)
    return found


def _strangers(now: Evidence, before: Evidence) -> Iterator[Suspicion]:
    known = now.askers | before.askers
    strange = [one for one in now.votes if one.voter not in known]
    if not strange or not before.votes:
        return
    cast = len(strange), len(now.votes)
    usual = sum(one.voter not in known for one in before.votes), len(before.votes)
    theirs, others = _yes(strange), _yes([one for one in now.votes if one.voter in known])
    text = (
        f"People who never ask cast {_of(cast)} of the votes (before {_of(usual)}), and say yes in {_of(theirs)} "
        f"(others {_of(others)})."
    )
    numbers = _lists(cast=cast, cast_before=usual, yes=theirs, yes_of_others=others)
    p = max(tails.fisher(cast, usual), tails.fisher(theirs, others))
    yield Suspicion(What.STRANGERS, text, p, _busiest(strange), _answers(strange), numbers)


def _hasty(now: Evidence, before: Evidence) -> Iterator[Suspicion]:
    said = [one for one in now.votes if one.yes]
    quick = [one for one in said if 0 <= one.seconds < HASTY]
    if not quick:
        return
    earlier = [one for one in before.votes if one.yes]
    usual = sum(0 <= one.seconds < HASTY for one in earlier), len(earlier)
    rate = max(USUALLY_HASTY, share(*usual).high or 0.0)
    seen = len(quick), len(said)
    text = f"Yes-votes come within {HASTY:.0f} seconds of the answer: {_of(seen)} (before {_of(usual)})."
    numbers = _lists(hasty=seen, hasty_before=usual) | {"rate": rate}
    yield Suspicion(What.HASTY, text, tails.binomial(*seen, rate), _busiest(quick), _answers(quick), numbers)


def _yes(votes: Sequence[Vote]) -> tuple[int, int]:
    return sum(one.yes for one in votes), len(votes)


def _bad(evidence: Evidence, voice: Voice) -> frozenset[str]:
    """Return the answers that a voice speaks against; a no-vote counts as behaviour."""
    if voice is Voice.BEHAVIOUR:
        return evidence.contradicted
    return frozenset(answer_id for answer_id, good in evidence.marks.get(voice, {}).items() if not good)


def _against(evidence: Evidence, voice: Voice) -> tuple[int, int]:
    """Return how many answers with a yes-vote a voice speaks against, of those that it knows."""
    known = evidence.marks.get(voice, {})
    liked = {one.answer_id for one in evidence.votes if one.yes and one.answer_id in known}
    return len(liked & _bad(evidence, voice)), len(liked)


def _contradicted(evidence: Evidence) -> tuple[int, int]:
    """Return how many of the answers that their askers liked are contradicted."""
    liked = {one.answer_id for one in evidence.votes if one.yes and one.is_own}
    return len(liked & evidence.contradicted), len(liked)


def _busiest(votes: Iterable[Vote]) -> tuple[str, ...]:
    """Return up to five of those who cast these votes, who cast most first."""
    cast = Counter(one.voter for one in votes)
    return tuple(sorted(cast, key=lambda one: (-cast[one], one))[:5])


def _answers(votes: Iterable[Vote]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.answer_id for one in votes))


def _lists(**counts: tuple[int, int]) -> dict[str, object]:
    """Return counts of totals as plain JSON."""
    return {name: list(pair) for name, pair in counts.items()}


def _usually(count: float) -> str:
    return "1 is" if round(count) == 1 else f"{count:.0f} are"


def _of(seen: tuple[int, int]) -> str:
    count, total = seen
    return f"{count} of {total}" if total else "none"


_SAID: Mapping[Voice, str] = {
    Voice.BEHAVIOUR: "contradicted by what people do",
    Voice.JUDGE: "marked down by the judge",
    Voice.REVIEWERS: "found wrong by reviewers",
}
