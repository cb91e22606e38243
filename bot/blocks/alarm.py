"""The notice that votes rise beyond what is usual, and the button that closes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.blocks import limits
from bot.blocks.message import Block, Message, actions, button, context, header, message, section
from bot.blocks.route import WHY
from bot.blocks.text import inert, person

SEEN = "alarm_seen"
MOST = 10
"""Alarms shown in one notice, the others are counted; a button's value holds their ids."""

_RULE = (
    "By itself an alarm changes nothing. Votes count at most 20 times a person in thirty days, and those of people "
    "whose votes others do not bear out train nothing."
)


class What(StrEnum):
    """What the votes of a day have in common."""

    PERSON = "person"
    ANSWER = "answer"
    SOURCE = "source"
    TURNED = "turned"


@dataclass(frozen=True, slots=True)
class Rise:
    """A day on which there were `count` votes by `voters` people where `usual` are.

    `subject` is a person where one voted much. `told` is the question or the source the votes are on, empty where the
    reader may not know; `answer_id` that of an answer whose trace the reader may open.
    """

    what: What
    subject: str
    day: date
    count: int
    usual: float
    voters: int
    told: str = ""
    answer_id: str = ""


def alarm_message(rises: Sequence[Rise], value: str, *, others: int = 0, seen_by: str = "") -> Message:
    """Render alarms; `value` names them to the button, `others` wait elsewhere, `seen_by` has closed these."""
    more = [f"{others} more alarms wait in `GET /v1/reviews`."] if others else []
    close = context(f"Seen by {person(seen_by)}.") if seen_by else actions("alarm", [button("Seen", SEEN, value)])
    blocks = [header("Unusual votes"), *map(_rise, rises[:MOST]), context(_RULE, *more), close]
    return message("Unusual votes: somebody should look at them", blocks)


def _rise(one: Rise) -> Block:
    said = section(f"{_sentence(one)}{_told(one)}")
    return said | {"accessory": button("Why this answer?", WHY, one.answer_id)} if one.answer_id else said


def _sentence(one: Rise) -> str:
    day = f"on {one.day.day} {one.day:%B}"
    usual = f"{one.usual:.0f} a day {'is' if round(one.usual) == 1 else 'are'} usual"
    if one.what is What.PERSON:
        return f"{person(one.subject)} voted *{one.count} times* {day}; {usual}."
    people = "by one person" if one.voters == 1 else f"by {one.voters} people"
    if one.what is What.TURNED:
        return f"*{one.count} votes* were turned round {day}, {people}; {usual}."
    return f"One {one.what} got *{one.count} votes* {day}, {people}; {usual}."


def _told(one: Rise) -> str:
    return f"\n“{limits.clip(inert(one.told), 300)}”" if one.told else ""
