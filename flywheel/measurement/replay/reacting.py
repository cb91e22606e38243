"""What a person does about an answer: the deeds of the honest, of the mistaken, and of those who attack.

    reads a wanted source      yes · this source helped · copies it
    reads none                 no, with a reason · wrong source · suggests the right one · asks again · looks elsewhere
    the answer has no sources  suggests the right one · asks again · looks elsewhere · asks a person

How often which, by the weights below: nobody has published such shares for a bot in Slack, so they are even where
nothing speaks against it. A mistaken person does the opposite. Pure: deeds are values, `acting.py` carries them out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from flywheel.measurement.replay.habits import Attack, Habits
from flywheel.measurement.replay.reading import examined
from flywheel.model import Reason, Retriever, SignalKind

_PLEASED = {SignalKind.THUMBS_UP: 5.0, SignalKind.CITATION_UP: 4.0, SignalKind.COPY: 1.0}
_DISPLEASED = {
    SignalKind.THUMBS_DOWN: 4.0,
    SignalKind.CITATION_DOWN: 2.0,
    SignalKind.EDIT: 2.0,
    SignalKind.FOLLOW_UP: 1.0,
    SignalKind.REROUTE: 1.0,
}
_LEFT_ALONE = {
    SignalKind.EDIT: 4.0,
    SignalKind.FOLLOW_UP: 2.0,
    SignalKind.REROUTE: 2.0,
    SignalKind.ESCALATE: 2.0,
}
_REASONS = (Reason.WRONG_SOURCE, Reason.NOT_ANSWERED, Reason.WRONG)
_ABANDONS = 0.5
"""Of those who found nothing and say nothing, the share whose leaving is noticed."""
_VOTES = frozenset({SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN, SignalKind.CITATION_UP, SignalKind.CITATION_DOWN})


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that somebody does. `target` is a document's external id; of a reroute, a retriever."""

    kind: SignalKind
    target: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is true of a question: its relevant documents, the retriever of the best one, and a wrong one at random."""

    relevance: Mapping[str, float]
    retriever: Retriever | None
    decoy: str

    @property
    def best(self) -> str:
        """Return the document that a person who knows would name."""
        return max(self.relevance, key=lambda one: (self.relevance[one], one))


def honest(shown: Sequence[str], wish: Wish, readiness: float, habits: Habits, rng: Random) -> list[Deed]:
    """Return what somebody does who wants the truth, and is mistaken as often as the habits say."""
    read = examined(shown, wish.relevance, habits.steepness, rng)
    opened = [Deed(SignalKind.CITATION_CLICK, one) for one in read if rng.random() < habits.clicks]
    found = bool(read) and read[-1] in wish.relevance
    if rng.random() >= readiness:
        left = not found and rng.random() < _ABANDONS
        return [*opened, *([Deed(SignalKind.ABANDON)] if left else [])]
    if rng.random() >= habits.noise:
        said = _pleased(shown, read[-1], habits, rng) if found else _displeased(read, wish.best, wish.retriever, rng)
    elif read and not found:
        said = _pleased(shown, read[0], habits, rng)
    else:
        said = _displeased(read, wish.decoy, None, rng)
    return [*opened, said]


def hostile(shown: Sequence[str], wish: Wish, attack: Attack, pushed: str) -> list[Deed]:
    """Return what an attacker does; `pushed` is the document that shall come first everywhere."""
    if attack is Attack.PUSH and pushed in wish.relevance:
        return []
    no = Deed(SignalKind.THUMBS_DOWN, reason=Reason.WRONG_SOURCE.value)
    if attack is Attack.PUSH:
        return [*([no] if shown else []), Deed(SignalKind.CITATION_UP, pushed)]
    right = [one for one in shown if one in wish.relevance]
    if right:
        return [no, *(Deed(SignalKind.CITATION_DOWN, one) for one in right)]
    return [Deed(SignalKind.THUMBS_UP), Deed(SignalKind.CITATION_UP, shown[0])] if shown else []


def judgements(deeds: Sequence[Deed]) -> list[Deed]:
    """Return those deeds that somebody may do who did not ask: the votes."""
    return [one for one in deeds if one.kind in _VOTES]


def _pleased(shown: Sequence[str], source: str, habits: Habits, rng: Random) -> Deed:
    """Say that a source helped; one from further down a list is named, because a yes would praise the answer."""
    if habits.listed and source != shown[0]:
        return Deed(SignalKind.CITATION_UP, source)
    kind = _drawn(_PLEASED, rng)
    return Deed(kind, source if kind is SignalKind.CITATION_UP else "")


def _displeased(read: Sequence[str], right: str, retriever: Retriever | None, rng: Random) -> Deed:
    weights = dict(_DISPLEASED if read else _LEFT_ALONE)
    if retriever is None:
        del weights[SignalKind.REROUTE]
    match _drawn(weights, rng):
        case SignalKind.THUMBS_DOWN:
            return Deed(SignalKind.THUMBS_DOWN, reason=rng.choice(_REASONS).value)
        case SignalKind.CITATION_DOWN:
            return Deed(SignalKind.CITATION_DOWN, read[0])
        case SignalKind.EDIT:
            return Deed(SignalKind.EDIT, right)
        case SignalKind.REROUTE:
            return Deed(SignalKind.REROUTE, retriever.value if retriever else "")
        case other:
            return Deed(other)


def _drawn(weights: Mapping[SignalKind, float], rng: Random) -> SignalKind:
    return rng.choices(list(weights), list(weights.values()))[0]
