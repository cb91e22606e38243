"""What went wrong with an answer: the part that is to blame, and for reviewers a menu to say otherwise.

The menu's values are `<answer id>#<part>`.
"""

from dataclasses import dataclass

from bot.blocks.message import Block, actions, section
from bot.blocks.text import inert, person

CREDIT = "credit"

_WORDS = {
    "router": "the choice of where to look",
    "retrieval": "finding",
    "ranking": "ranking",
    "writing": "writing",
    "knowledge": "what is known",
    "none": "nothing that can be told",
}


@dataclass(frozen=True, slots=True)
class Blame:
    """The part to blame for an answer and why; `corrected_by` is the reviewer who said so, if one did.

    `correctable` says that the reader may say otherwise.
    """

    answer_id: str
    part: str
    why: str
    corrected_by: str | None = None
    correctable: bool = False


def credit_blocks(blame: Blame | None) -> list[Block]:
    """Render what went wrong; nothing where nobody complained."""
    if blame is None:
        return []
    why = f"{person(blame.corrected_by)} said so." if blame.corrected_by else inert(blame.why)
    said = section(f"*What went wrong*\n{_named(blame.part).capitalize()}. {why}")
    return [said, actions(f"credit:{blame.answer_id}", [_menu(blame)])] if blame.correctable else [said]


def _named(part: str) -> str:
    return _WORDS.get(part, inert(part))


def _menu(blame: Blame) -> Block:
    others = [part for part in _WORDS if part != blame.part]
    return {
        "type": "static_select",
        "action_id": CREDIT,
        "placeholder": {"type": "plain_text", "text": "It was rather…", "emoji": False},
        "options": [_option(blame.answer_id, part) for part in others],
    }


def _option(answer_id: str, part: str) -> Block:
    label = _named(part).capitalize()
    return {"text": {"type": "plain_text", "text": label, "emoji": False}, "value": f"{answer_id}#{part}"}
