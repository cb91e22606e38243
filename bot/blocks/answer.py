"""An answer: its text, numbered sources, the question whether it helped, and how sure it is.

Buttons carry `<answer id>` or `<answer id>#<source number>`, nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.blocks.asking import Invitation, own_vote, vote_blocks
from bot.blocks.escalation import ASK, ASK_LABEL, MORE
from bot.blocks.message import Block, Message, actions, button, context, message, section
from bot.blocks.pages import pages
from bot.blocks.picture import Shown, picture_blocks
from bot.blocks.prose import prose
from bot.blocks.route import footer
from bot.blocks.text import as_day, inert, named, person, plain
from flywheel.model import Answer, Citation

CITATION = "citation"
SHARE = "share"
SUGGEST = "suggest"
VERIFIED = "Verified by your colleagues"
_BUDGET, _QUOTED = "budget", "extractive"
"""What an answer's versions name where a budget was used up, and who writes then."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """An approved correction as shown in the answer's place."""

    text: str
    author: str
    approver: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What people made of an answer so far.

    `newest` is the date of its most recent source; `names` says what the people are called whose ids it may hold;
    `places` says where in its document a source stands, for sources that share a title; `credit` says whose words a
    verified answer has; `pictures` belong to it; `previous` is the id of the answer that stood here before this one
    found nothing; `invitation` is how people are asked whether it helped; `own` is what its only reader has said of it.
    """

    yes: int = 0
    no: int = 0
    newest: date | None = None
    amendment: Amendment | None = None
    intro: str = ""
    only_you: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[int, str] = field(default_factory=dict)
    credit: str = ""
    pictures: tuple[Shown, ...] = ()
    previous: str = ""
    invitation: Invitation = field(default_factory=Invitation)
    own: bool | None = None


def answer_message(answer: Answer, standing: Standing) -> Message:
    """Render an answer."""
    text = standing.amendment.text if standing.amendment else named(answer.text, standing.names)
    *earlier, last = pages(text)
    before = [message(page, prose(page)) for page in earlier]
    blocks = [
        *([section(standing.intro)] if standing.intro else []),
        *prose(last),
        *_amended(standing.amendment),
        *([] if standing.amendment else [*picture_blocks(standing.pictures), *sources(answer, standing)]),
        *_votes(answer, standing),
        *_with_more(footer(answer, small_print(answer, standing)), answer.id),
    ]
    return message(last, blocks, before)


def courtesy_message(answer: Answer) -> Message:
    """Render a reply to what was no question: there is nothing to vote on, and nothing to be sure of."""
    return message(answer.text, prose(answer.text))


def confidence_words(confidence: float) -> str:
    """Say a probability in words."""
    if confidence >= 0.8:
        return "Confident"
    return "Fairly confident" if confidence >= 0.5 else "Not sure"


def sources(answer: Answer, standing: Standing) -> list[Block]:
    """Return one button per source, or nothing."""
    buttons = [
        button(_label(citation, standing), f"{CITATION}_{citation.n}", f"{answer.id}#{citation.n}")
        for citation in answer.citations
    ]
    return [actions("sources", buttons)] if buttons else []


def small_print(answer: Answer, standing: Standing) -> str:
    """Say how sure the answer is, on how many sources of what age."""
    parts = [VERIFIED] if standing.amendment else _grounds(answer, standing)
    if standing.yes:
        parts.append("helped 1 person" if standing.yes == 1 else f"helped {standing.yes} people")
    shown = " · ".join(parts)
    return inert(shown[:1].upper() + shown[1:])


def _grounds(answer: Answer, standing: Standing) -> list[str]:
    count = len(answer.citations)
    parts = [] if answer.abstained else [_sureness(answer, standing)]
    if count:
        parts.append("1 source" if count == 1 else f"{count} sources")
    if standing.newest:
        parts.append(f"newest from {as_day(standing.newest)}")
    if _BUDGET in answer.versions and answer.writer == _QUOTED:
        parts.append("quoted, because today's budget for the language model is used up")
    return parts


def _sureness(answer: Answer, standing: Standing) -> str:
    if answer.verified_answer_id:
        return standing.credit or VERIFIED
    return confidence_words(answer.confidence)


def _label(citation: Citation, standing: Standing) -> str:
    place = standing.places.get(citation.n)
    title = plain(citation.title)
    return f"[{citation.n}] {title} › {plain(place)}" if place else f"[{citation.n}] {title}"


def _votes(answer: Answer, standing: Standing) -> list[Block]:
    asked = vote_blocks(standing.invitation, answer.id, (standing.yes, standing.no))
    said = [] if standing.own is None else [own_vote(helped=standing.own)]
    if not standing.only_you or answer.abstained:
        return [*asked, *said]
    share = button("Share in channel", SHARE, answer.id)
    if standing.invitation.quiet:
        return [*asked, actions("share", [share]), *said]
    *question, row = asked
    return [*question, row | {"elements": [*row["elements"], share]}, *said]


def _with_more(rows: list[Block], answer_id: str) -> list[Block]:
    """Return the footer with a menu of what is seldom needed in its last row."""
    choices = [(ASK_LABEL, ASK), ("Suggest a better answer", SUGGEST)]
    options = [
        {"text": {"type": "plain_text", "text": label, "emoji": False}, "value": f"{answer_id}#{choice}"}
        for label, choice in choices
    ]
    *rest, row = rows
    menu = {"type": "overflow", "action_id": MORE, "options": options}
    return [*rest, row | {"elements": [*row["elements"], menu]}]


def _amended(amendment: Amendment | None) -> list[Block]:
    if amendment is None:
        return []
    by = f"Corrected by {person(amendment.author)}, approved by {person(amendment.approver)}"
    return [context(f"{by} · source: {inert(amendment.source)}" if amendment.source else by)]
