"""A case: a question that was asked, the first answer to it, and what people did about that answer.

A later answer to the same question (looked for elsewhere, made again) is a part of the same case and counts nowhere
again. A case *failed* when nothing was answered, when at least as many people said no as yes, when somebody corrected
the answer, or when somebody asked a person instead. Silence is no failure, and no success.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from flywheel.core import Core
from flywheel.learning.remembering import RememberingEncoder
from flywheel.measurement.window import Window
from flywheel.model import Correction, CorrectionState, Question, Signal, SignalKind
from flywheel.ports import Vectors
from flywheel.signals.votes import live_votes
from flywheel.store import question_vectors
from flywheel.store.ledger import Exchange

MOST = 5_000
"""Cases that a study looks at; of more, the newest."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Case:
    """`is_now` tells the window from the weeks before it; `week` counts weeks from the window's start, negative before.

    `corrected` says that somebody suggested another answer, and nobody has rejected that.
    """

    exchange: Exchange
    is_now: bool
    week: int
    done: tuple[Signal, ...]
    votes: Mapping[str, bool]
    corrected: bool
    is_quotable: bool

    @property
    def id(self) -> str:
        """Return the answer's id, by which its thread is found."""
        return self.exchange.answer.id

    @property
    def person(self) -> str:
        """Return who asked."""
        return self.exchange.question.person

    @property
    def has_failed(self) -> bool:
        """Tell whether people did not get what they wanted, as far as anybody said."""
        yes = sum(self.votes.values())
        voted_down = len(self.votes) - yes >= max(yes, 1)
        asked_a_person = any(one.kind is SignalKind.ESCALATE for one in self.done)
        return self.exchange.answer.abstained or voted_down or self.corrected or asked_a_person


def collect(window: Window, before: Window) -> list[Case]:
    """Return the cases of both windows, oldest first."""
    found: dict[str, Case] = {}
    corrected = {one.answer_id for one in suggested(window, before) if one.state is not CorrectionState.REJECTED}
    for part in (before, window):
        for exchange in part.exchanges:
            case = _case(exchange, part, window, corrected)
            found.setdefault(exchange.question.id, case)
    return list(found.values())


def suggested(window: Window, before: Window) -> list[Correction]:
    """Return the corrections suggested in both windows as they stood when the window was read."""
    return [
        one
        if one.reviewed_at is None or one.reviewed_at <= window.seen
        else replace(one, state=CorrectionState.PENDING, reviewer=None, reviewed_at=None)
        for part in (before, window)
        for one in part.suggested
    ]


def said(question: Question) -> str:
    """Return a question as it was understood."""
    return question.standalone or question.text


def encoded(core: Core, cases: Sequence[Case]) -> Vectors:
    """Return one unit vector per case, shape (cases, dimensions); nearly all were kept when they were searched with."""
    with core.database.read() as db:
        known = question_vectors.by_text(db, core.encoder.name)
    return RememberingEncoder(core.encoder, known).encode([said(one.exchange.question) for one in cases])


def _case(exchange: Exchange, part: Window, window: Window, corrected: set[str]) -> Case:
    answer = exchange.answer
    answered = answer.answered_at or exchange.question.asked_at
    done = tuple(part.about[answer.id])
    return Case(
        exchange=exchange,
        is_now=part is window,
        week=(answered - window.start) // _WEEK,
        done=done,
        votes=live_votes(done),
        corrected=answer.id in corrected,
        is_quotable=window.may_quote(exchange),
    )
