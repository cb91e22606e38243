"""What ties a person to a topic, how strong it is, and how it is put into words. Pure.

    tie        one reason to name a person: owns a document, answered questions, wrote changes …
    strength   in [0, 1]: how much the kind of tie says, times how much its document has to do with the topic
    score      in [0, 1]: 1 − Π (1 − strength), so that each further tie adds less than the one before

The weights were set by hand: what somebody is answerable for says most, what they once did says less.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Bond(StrEnum):
    """The kinds of ties, the strongest first."""

    NAMED = "named"
    OWNS = "owns"
    ANSWERED = "answered"
    WROTE = "wrote"
    TALKED = "talked"
    TITLED = "titled"
    REPLIED = "replied"
    APPROVED = "approved"


_MOST_REASONS = 4
_LONGEST_TITLE = 80
_MARK = re.compile(r"\[(\d{1,3})\]")
_REPEATED = (Bond.ANSWERED, Bond.REPLIED, Bond.APPROVED)
_BY_SHARE = (Bond.WROTE, Bond.TALKED)


@dataclass(frozen=True, slots=True)
class Tie:
    """A reason to name `person`, an id of the workspace or a name.

    `title` is the document's; `role` what a document or a profile calls the person; `count` of `whole` changes or, for
    what is repeated, how many questions.
    """

    person: str
    bond: Bond
    strength: float
    document_id: str = ""
    title: str = ""
    role: str = ""
    count: int = 1
    whole: int = 1


@dataclass(frozen=True, slots=True)
class Expert:
    """A person with what ties them to a topic, the strongest first; the score is in [0, 1]."""

    person: str
    score: float
    ties: tuple[Tie, ...]

    @property
    def documents(self) -> tuple[str, ...]:
        """Return the ids of the documents that the reasons name, in their order."""
        return tuple(dict.fromkeys(tie.document_id for tie in self.ties[:_MOST_REASONS] if tie.document_id))


WEIGHTS: Mapping[Bond, float] = {
    Bond.NAMED: 0.9,
    Bond.OWNS: 0.7,
    Bond.ANSWERED: 0.5,
    Bond.WROTE: 0.5,
    Bond.TALKED: 0.5,
    Bond.TITLED: 0.5,
    Bond.REPLIED: 0.25,
    Bond.APPROVED: 0.2,
}
"""What a tie of each kind is worth where its document is all about the topic."""


def strength(bond: Bond, relevance: float, count: int = 1, share: float = 1.0) -> float:
    """Return a tie's strength, in [0, 1]. Each of `count` questions or changes adds; `share` is of all changes.

    One change says little: whoever brings a whole collection in makes one of each document.
    """
    weight = WEIGHTS[bond]
    if bond in _REPEATED:
        return 1 - (1 - weight * relevance) ** min(count, 4)
    often = count / (count + 1) if bond in _BY_SHARE else 1.0
    return weight * relevance * math.sqrt(share) * often


def experts(ties: Iterable[Tie]) -> list[Expert]:
    """Return the people with their ties, the best first."""
    by_person: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        by_person[tie.person].append(tie)
    found = [_expert(person, its) for person, its in by_person.items()]
    return sorted(found, key=lambda one: (-one.score, one.person))


def reasons(ties: Sequence[Tie]) -> str:
    """Return why a person is named: "owns “VPN”; answered 3 questions on it; wrote 5 of its 12 changes"."""
    said: list[str] = []
    before = ""
    for tie in ties[:_MOST_REASONS]:
        said.append(_reason(tie, is_it=bool(tie.document_id) and tie.document_id == before))
        before = tie.document_id
    return "; ".join(said)


def quoted(title: str) -> str:
    """Return a document's title in quotation marks, harmless whatever stands in it."""
    return f"“{_harmless(title)}”"


def _harmless(text: str) -> str:
    plain = _MARK.sub(r"(\1)", " ".join(text.split()))
    return plain.translate({ord("“"): "‘", ord("”"): "’"})[:_LONGEST_TITLE]


def _expert(person: str, ties: Sequence[Tie]) -> Expert:
    by_strength = sorted(ties, key=lambda tie: (-tie.strength, tie.bond, tie.document_id))
    order = list(dict.fromkeys(tie.document_id for tie in by_strength))
    together = sorted(by_strength, key=lambda tie: order.index(tie.document_id))  # what is said of one document
    score = 1 - math.prod(1 - tie.strength for tie in ties)
    return Expert(person, score, tuple(together))


def _reason(tie: Tie, *, is_it: bool) -> str:
    it = "it" if is_it else quoted(tie.title) if tie.document_id else "this"
    said = {
        Bond.NAMED: f"is its {tie.role}" if is_it else f"is the {tie.role} according to {it}",
        Bond.OWNS: f"owns {it}",
        Bond.ANSWERED: f"answered {_some(tie.count, 'question')} on {it}",
        Bond.REPLIED: f"replied to {_some(tie.count, 'question')} on {it}",
        Bond.APPROVED: f"approved {_some(tie.count, 'answer')} on {it}",
        Bond.WROTE: f"wrote {_changes(tie, 'its')}" if is_it else f"wrote {_changes(tie, 'the')} of {it}",
        Bond.TALKED: f"wrote {_some(tie.count, 'message')} in {it}",
        Bond.TITLED: f"works as {_harmless(tie.role)}",
    }
    return said[tie.bond]


def _changes(tie: Tie, whose: str) -> str:
    return f"{whose} only change" if tie.whole == 1 else f"{tie.count} of {whose} {tie.whole} changes"


def _some(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
