"""What people say of answers, to compare a judge with: reviewers' words first, else live votes.

right, more yes than no votes       good
wrong, more no than yes votes       bad
partly, cannot tell, as many yes as no, reviewers who differ      undecided: nothing to compare with
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from flywheel.curation.review_guidelines import RIGHT, WRONG
from flywheel.measurement.window import Window
from flywheel.store import review_verdicts
from flywheel.store.database import Session
from flywheel.store.reviews import ReviewKind

_GOOD = {RIGHT: True, WRONG: False}
_DRAWN = frozenset({ReviewKind.SAMPLE, ReviewKind.JUDGE_SAMPLE})


@dataclass(frozen=True, slots=True)
class Words:
    """Whether people find answers good, by answer id: as sampled and reviewed, and as voted.

    `looked_at` are all that a reviewer saw, for whatever reason.
    """

    reviewed: Mapping[str, bool | None]
    voted: Mapping[str, bool | None]
    looked_at: frozenset[str] = frozenset()

    def of(self, answer_id: str) -> bool | None:
        """Return whether an answer is good by people; None where they have not said, or are undecided."""
        return self.reviewed[answer_id] if answer_id in self.reviewed else self.voted.get(answer_id)


def words(db: Session, window: Window) -> Words:
    """Return what people said of a window's answers, as of the moment it was read."""
    voted: dict[str, bool | None] = {}
    for one in window.exchanges:
        votes = list(window.votes(one).values())
        if votes:
            voted[one.answer.id] = None if 2 * sum(votes) == len(votes) else 2 * sum(votes) > len(votes)
    said: dict[str, set[bool | None]] = defaultdict(set)
    looked_at: set[str] = set()
    for verdict, item in review_verdicts.as_of(db, window.start, window.seen):
        if item.answer_id is not None:
            looked_at.add(item.answer_id)
            if item.kind in _DRAWN:
                said[item.answer_id].add(_GOOD.get(verdict.verdict))
    reviewed = {answer_id: next(iter(its)) if len(its) == 1 else None for answer_id, its in said.items()}
    return Words(reviewed, voted, frozenset(looked_at))
