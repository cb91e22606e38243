"""What stands beside the votes of a window: who voted how, when, on whose question, and what speaks against the answer.

An answer is *contradicted* where somebody behaved as if it had not helped (`curation/implicit.py`: asked again, went to
a person, edited much, came back from a source at once), suggested a correction, doubted a source or the route, or said
no. Judges and reviewers speak besides: `marks` holds for each of them the answers they know, True for a good one. Pure
but for `outside`, which reads what judges and reviewers had said up to the moment the window is seen at.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from flywheel.curation.implicit import POSITIVE, behaviours
from flywheel.measurement.window import Window
from flywheel.model import Signal, SignalKind
from flywheel.store import judgements, review_verdicts, reviews
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange

GOOD = 0.5
"""From which mean mark on a judge finds an answer good."""
_OF_ANSWERS = frozenset({"correctness", "answer_relevance", "faithfulness"})
"""The marks of a judge that are about the answer, and not about what was found for it."""
_AGAINST = frozenset({SignalKind.CITATION_DOWN, SignalKind.REROUTE, SignalKind.EDIT})
_VOTES = frozenset({SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN, SignalKind.REACTION_ADDED})
_VERDICTS: Mapping[str, bool] = {"right": True, "wrong": False}


class Voice(StrEnum):
    """Who else says something of answers."""

    BEHAVIOUR = "behaviour"
    JUDGE = "judge"
    REVIEWERS = "reviewers"


@dataclass(frozen=True, slots=True)
class Vote:
    """A live vote; `seconds` went by between the answer and it."""

    answer_id: str
    voter: str
    asker: str
    yes: bool
    seconds: float

    @property
    def is_own(self) -> bool:
        """Tell whether the voter asked the question."""
        return self.voter == self.asker


@dataclass(frozen=True, slots=True)
class Evidence:
    """The votes of a window, oldest answer first, the answers that are contradicted, and who asked anything.

    `weeks` is how long the window is; `marks` holds, by voice, the answers it knows, True for a good one.
    """

    votes: tuple[Vote, ...]
    contradicted: frozenset[str]
    askers: frozenset[str]
    weeks: float
    marks: Mapping[Voice, Mapping[str, bool]] = field(default_factory=dict)


def of(window: Window, outside: Mapping[Voice, Mapping[str, bool]] | None = None) -> Evidence:
    """Return the evidence of a window; `outside` is what judges and reviewers say of its answers."""
    votes = tuple(vote for one in window.exchanges for vote in _votes(window, one))
    corrected = {one.answer_id for one in window.suggested}
    left = frozenset(one.answer.id for one in window.exchanges if one.answer.id in corrected or _is_left(window, one))
    denied = frozenset(one.answer_id for one in votes if not one.yes)
    behaved = {one.answer.id: one.answer.id not in left for one in window.exchanges}
    askers = frozenset(one.question.person for one in window.exchanges)
    weeks = (min(window.end, window.seen) - window.start) / timedelta(weeks=1)
    return Evidence(votes, left | denied, askers, weeks, {Voice.BEHAVIOUR: behaved, **(outside or {})})


def outside(db: Session, window: Window) -> dict[Voice, dict[str, bool]]:
    """Return what judges and reviewers had said of a window's answers when it is seen: True for a good answer."""
    ids = {one.answer.id for one in window.exchanges}
    marks: dict[str, list[float]] = defaultdict(list)
    for one in judgements.of_answers(db, ids):
        if one.value is not None and one.at <= window.seen and one.metric in _OF_ANSWERS:
            marks[one.answer_id].append(one.value)
    reviewed: dict[str, bool] = {}
    for verdict, item in review_verdicts.as_of(db, window.start, window.seen):
        if item.kind in reviews.ABOUT_ANSWERS and item.answer_id in ids and verdict.verdict in _VERDICTS:
            reviewed[str(item.answer_id)] = _VERDICTS[verdict.verdict]
    judged = {answer_id: sum(some) / len(some) >= GOOD for answer_id, some in sorted(marks.items())}
    return {Voice.JUDGE: judged, Voice.REVIEWERS: reviewed}


def _votes(window: Window, one: Exchange) -> list[Vote]:
    answered = one.answer.answered_at or one.question.asked_at
    done = window.about[one.answer.id]
    made = []
    for voter, yes in sorted(window.votes(one).items()):
        at = [signal.at for signal in done if signal.person == voter and signal.kind in _VOTES][-1]
        made.append(Vote(one.answer.id, voter, one.question.person, yes, (at - answered).total_seconds()))
    return made


def _is_left(window: Window, one: Exchange) -> bool:
    done: Sequence[Signal] = window.about[one.answer.id]
    behaved = any(kind not in POSITIVE for kind, _ in behaviours(one.answer, done))
    return behaved or any(_is_against(signal) for signal in done)


def _is_against(signal: Signal) -> bool:
    """Tell whether a signal speaks against an answer; an edit that says how little it changed does not by itself."""
    return signal.kind in _AGAINST and not (signal.kind is SignalKind.EDIT and "text" in signal.detail)
