"""Answers that people should look at: where votes and confidence disagree, and a few drawn by chance each week.

The weekly sample is what tells of the silent: it is drawn from all answers, voted on or not, by the hash of the week
and the answer's id, so that it is the same however often it is drawn. Each route has its share of it, and at least one.
Only what was asked where everybody can look is drawn: nobody else's private question is put before a reviewer.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from flywheel.answering import courtesy
from flywheel.curation import private
from flywheel.curation.acts import about_answers
from flywheel.model import Answer
from flywheel.signals.votes import live_votes
from flywheel.store import ledger as ledgers
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange, Ledger
from flywheel.store.reviews import ReviewItem, ReviewKind, identity

PER_WEEK = 10
WEEKS = 2
"""Complete weeks that are drawn from, so that one turn may fail."""
UNSURE, SURE = 0.4, 0.8
"""Confidence at or below which a yes, and at or above which a no, contradicts the measure. It is a probability."""
RECENT = timedelta(days=30)
"""Older answers are not asked about: nobody remembers what they were about."""
MOST_DISAGREEMENTS = 50


class Differs(StrEnum):
    """Who disagrees, as `detail["what"]` has it."""

    VOTERS = "voters"
    YES = "yes_without_confidence"
    NO = "no_against_confidence"


def disagreements(ledger: Ledger, at: datetime, quarantined: frozenset[str] = frozenset()) -> list[ReviewItem]:
    """Return the newest answers on which voters disagree with each other or with the answer's confidence.

    Votes of people in quarantine say nothing here.
    """
    done, _ = about_answers(ledger)
    found: list[ReviewItem] = []
    for exchange in reversed(ledger.exchanges):
        answer = exchange.answer
        if answer.answered_at is None or answer.answered_at < at - RECENT or len(found) == MOST_DISAGREEMENTS:
            break
        votes = [up for person, up in live_votes(done[answer.id]).items() if person not in quarantined]
        if (differs := _differs(votes, answer)) is not None:
            found.append(_item(ReviewKind.DISAGREEMENT, exchange, at, {"what": differs.value}))
    return found


def sampled(db: Session, at: datetime) -> list[ReviewItem]:
    """Return the weekly samples of the last complete weeks (ISO weeks, UTC), each with its votes until now."""
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday())
    items: list[ReviewItem] = []
    for back in range(1, WEEKS + 1):
        start = monday - timedelta(weeks=back)
        year, number, _ = start.isocalendar()
        week = f"{year}-W{number:02d}"
        drawn = draw(_open(db, ledgers.between(db, start, start + timedelta(weeks=1))), week)
        done = ledgers.signals_about(db, drawn)
        for one in drawn:
            told = {"week": week, "route": route(one.answer), "votes": len(live_votes(done[one.answer.id]))}
            items.append(_item(ReviewKind.SAMPLE, one, at, told))
    return items


def draw(exchanges: Sequence[Exchange], week: str, size: int = PER_WEEK) -> list[Exchange]:
    """Draw so many exchanges, each route in proportion and at least once, ordered by answer id."""
    strata: dict[str, list[Exchange]] = defaultdict(list)
    for one in sorted(exchanges, key=lambda one: _lot(week, one.answer.id)):
        strata[route(one.answer)].append(one)
    places = _places({name: len(its) for name, its in strata.items()}, size)
    drawn = [one for name, its in strata.items() for one in its[: places[name]]]
    return sorted(drawn, key=lambda one: one.answer.id)


def route(answer: Answer) -> str:
    """Return the likeliest retriever of an answer, or "none"."""
    return min(answer.route, key=lambda name: (-answer.route[name], name)) if answer.route else "none"


def _places(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """Return how many each stratum gives: the largest quotient takes the next place, as D'Hondt has it."""
    order = sorted(sizes, key=lambda name: (-sizes[name], name))
    places = {name: 1 if number < total else 0 for number, name in enumerate(order)}
    for _ in range(min(total, sum(sizes.values())) - sum(places.values())):
        able = [name for name in order if places[name] < sizes[name]]
        places[max(able, key=lambda name: sizes[name] / (places[name] + 1))] += 1
    return places


def _open(db: Session, exchanges: Iterable[Exchange]) -> list[Exchange]:
    asked = [one for one in exchanges if one.answer.writer != courtesy.WRITER]
    may = private.quotable(db, (one.question for one in asked))
    return [one for one in asked if one.question.id in may]


def _differs(votes: Sequence[bool], answer: Answer) -> Differs | None:
    if len(set(votes)) == 2:
        return Differs.VOTERS
    if votes and votes[0] and answer.confidence <= UNSURE:
        return Differs.YES
    if votes and not votes[0] and answer.confidence >= SURE and not answer.abstained:
        return Differs.NO
    return None


def _item(kind: ReviewKind, exchange: Exchange, at: datetime, more: Mapping[str, object]) -> ReviewItem:
    answer = exchange.answer
    about = {"answer_id": answer.id, "question_id": exchange.question.id, "confidence": round(answer.confidence, 4)}
    return ReviewItem(identity(kind, answer.id), kind, answer.id, at, detail={**about, **more})


def _lot(week: str, answer_id: str) -> str:
    return hashlib.sha256(f"{week} {answer_id}".encode()).hexdigest()
