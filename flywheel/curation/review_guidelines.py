"""What reviewers are asked about each kind of item, which verdicts there are, and how to come to one.

A verdict's word is stored and learned from, so it never changes; its label is what people read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flywheel.store.reviews import ReviewKind

RIGHT, WRONG, PARTLY, CANNOT_TELL = "right", "wrong", "partly", "cannot tell"
TRUSTED, NOT_TRUSTED, SEEN = "trusted", "not trusted", "seen"
APPROVE, REJECT = "approve", "reject"


@dataclass(frozen=True, slots=True)
class Guideline:
    """How to judge one kind: its `title`, the question that is put, (verdict, label) pairs, and advice, a line each."""

    title: str
    asks: str
    verdicts: tuple[tuple[str, str], ...]
    advice: tuple[str, ...]


_ANSWERS = (
    (RIGHT, "Right: it answers the question, and the sources say so"),
    (PARTLY, "Partly: something is missing or beside the point"),
    (WRONG, "Wrong: it does not answer, or the sources say otherwise"),
    (CANNOT_TELL, "I cannot tell"),
)
_OF_ANSWERS = (
    "Read the question first, and say to yourself what a good answer would hold.",
    "Every statement must stand in a cited source. What is true but not in the sources is not right.",
    "Where nothing was found, it is right if the sources shown or known to you do not say it either.",
    "An answer that is out of date is wrong, however right it once was.",
    "Judge by the answer alone, not by who asked or how it was received. If you do not know the subject, say so.",
)


def _of_answers(title: str) -> Guideline:
    return Guideline(title, "Is this answer right?", _ANSWERS, _OF_ANSWERS)


GUIDELINES: Mapping[ReviewKind, Guideline] = MappingProxyType({
    ReviewKind.DOUBTED: Guideline(
        "A doubted label",
        "Is what this person said right?",
        ((RIGHT, "Right: learn from it"), (WRONG, "Wrong: leave it out")),
        (
            "Others who judged questions like this one say something else. That makes it doubtful, not wrong.",
            "Right means that the source (or the place to look) suits this very question as that person said.",
            "What you leave out trains nothing; it is not held against the person.",
        ),
    ),
    ReviewKind.QUARANTINE: Guideline(
        "Votes in quarantine",
        "Shall this person's votes count again?",
        ((TRUSTED, "Trusted: let them count"), (NOT_TRUSTED, "Not trusted: keep them out")),
        (
            "Their votes differ from those of all others more than chance allows. They may know better, or misread "
            "the buttons, or play.",
            "Look at some of their answers before you decide, and ask them.",
        ),
    ),
    ReviewKind.ALARM: Guideline(
        "An alarm",
        "Have you looked at it?",
        ((SEEN, "Seen: close it"),),
        ("By itself an alarm changes nothing. Closing it says that somebody looked.",),
    ),
    ReviewKind.DISAGREEMENT: _of_answers("People and measures disagree"),
    ReviewKind.JUDGE_SAMPLE: _of_answers("An answer to judge"),
    ReviewKind.SAMPLE: _of_answers("An answer to judge"),
    ReviewKind.CORRECTION: Guideline(
        "A suggested answer",
        "Shall everybody get this answer?",
        ((APPROVE, "Approve: it becomes the answer"), (REJECT, "Reject it")),
        (
            "Approve what you would sign: everybody who may read its sources gets it, word for word.",
            "If it needs other words, use “Edit and approve” in your direct messages.",
            "Approved by people whose votes proved right, it takes two of them.",
        ),
    ),
})  # fmt: skip
VERDICTS: Mapping[ReviewKind, frozenset[str]] = MappingProxyType(
    {kind: frozenset(word for word, _ in one.verdicts) for kind, one in GUIDELINES.items()}
)
