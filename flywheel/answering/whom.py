"""Choose whom to ask when an answer did not help.

    on call    the channel's list; who was asked longest ago comes first
    near       who is tied to the topic by what may be read (`retrieval/people.py`), the nearest first
    in charge  the channel's owner and the administrators, where nobody else is left

Nobody is asked who asks, who passed it on, who does not want to be named, who is deactivated, who could not read what
they are asked, or who was asked five times within a day. Surprising: somebody who is not in a public channel may be
asked about a question there, but in a direct message, since a mention would not reach them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.model import Answer, Audience, Hit, Question
from flywheel.ports import Reach, Standing
from flywheel.retrieval import people
from flywheel.store import answers, channels, embeddings, escalations, passages, profiles
from flywheel.store.database import Session
from flywheel.store.direct import direct

ON_CALL = "is on call for this channel"
IN_CHARGE = "looks after this channel or this bot"

MOST_A_DAY = 5
"""Requests that one person gets in a day; the next ones go to others. One every hour and a half of a working day is as
much as somebody can answer besides their own work."""
A_DAY = timedelta(days=1)
LEAST = 0.2
"""Score in [0, 1] below which nobody is disturbed: less than owning a document that has a third to do with it."""

_DIRECT_MESSAGE = "D"
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody is wanted for: an answer, who may know of its question, and who is out of the question.

    `channel` is where the question and its answer can be read; None where only the asker sees them. `in_charge`
    tells who is asked last.
    """

    answer: Answer
    question: Question
    audience: Audience
    channel: str | None
    out: frozenset[str] = frozenset()
    in_charge: Callable[[], Sequence[str]] = tuple


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to ask, why them, and whether they can be asked in the thread; else it is in a direct message."""

    person: str
    why: str
    in_thread: bool


def choose(core: Core, wanted: Wanted) -> Candidate | None:
    """Return whom to ask, or None where there is nobody.

    Raises:
        MembersUnknown: Slack cannot say now who may read what.
    """
    seen = set(wanted.out) | {wanted.question.person}
    for person, why in _named(core, wanted):
        if person in seen:
            continue
        if not _is_busy(core, person) and (found := fits(core, wanted, person, why)) is not None:
            return found
        seen.add(person)
    return None


def fits(core: Core, wanted: Wanted, person: str, why: str = "") -> Candidate | None:
    """Return a person as a candidate, or None where they may not be asked.

    Raises:
        MembersUnknown: Slack cannot say now who may read what.
    """
    if person in wanted.out or person == wanted.question.person:
        return None
    with core.database.read() as db:
        if profiles.is_hidden(db, person):
            return None
        is_known = profiles.find(db, person) is not None or not profiles.are_known(db)
    if core.directory.standing_of(person) not in {Standing.MEMBER, Standing.GUEST}:
        return None
    in_thread = wanted.channel is not None and person in (core.directory.members_of(wanted.channel) or ())
    if in_thread or (is_known and _may_be_told(core, wanted.channel, person)):  # who is not known may be a bot
        return Candidate(person, why, in_thread)
    return None


def _is_busy(core: Core, person: str) -> bool:
    with core.database.read() as db:
        asked = escalations.asked_since(db, [person], core.now() - A_DAY)
    return asked.get(person, 0) >= MOST_A_DAY


def is_place(channel: str | None) -> TypeGuard[str]:
    """Tell whether a channel is one that others than the asker read."""
    return channel is not None and not channel.startswith(_DIRECT_MESSAGE)


def _may_be_told(core: Core, channel: str | None, person: str) -> bool:
    """Tell whether somebody who is not in the channel may see what was asked there; guests see their own places."""
    if core.directory.standing_of(person) is not Standing.MEMBER:
        return False
    return channel is None or core.directory.reach_of(channel) is Reach.COMPANY


def _named(core: Core, wanted: Wanted) -> Iterator[tuple[str, str]]:
    """Yield people and why them, the best first; whether they may be asked is not known yet."""
    yield from ((one, ON_CALL) for one in _on_call(core, wanted.channel or wanted.question.channel))
    yield from _near(core, wanted)
    yield from ((one, IN_CHARGE) for one in wanted.in_charge())


def _on_call(core: Core, channel: str | None) -> list[str]:
    if channel is None:
        return []
    with core.database.read() as db:
        listed = channels.find(db, channel).experts
        asked = escalations.last_asked(db, listed)
    return sorted(listed, key=lambda one: (asked.get(one, _NEVER), one))


def _near(core: Core, wanted: Wanted) -> list[tuple[str, str]]:
    question = wanted.question.standalone or wanted.question.text
    vector = core.encoder.encode([question])[0]
    with core.database.read() as db:
        found = _hits(db, wanted, core.encoder.name, vector)
    with direct(core.database) as reader:
        named = people.nearest(core, reader, question, found, wanted.audience)
    return [(one.external_id, one.text) for one in named if one.score >= LEAST]


def _hits(db: Session, wanted: Wanted, encoder: str, question: NDArray[np.float32]) -> list[Hit]:
    """Return the passages of the answer's shortlist that its readers may still read, as near as they are now."""
    listed = [one.passage_id for one in answers.shortlist_of(db, wanted.answer.id)]
    vectors = embeddings.vectors(db, encoder, listed)
    near = {one: float(vector @ question) for one, vector in vectors.items()}
    found = passages.hits(db, listed, wanted.audience)
    return [replace(one, features={"dense": near.get(one.passage_id, 0.0)}) for one in found]
