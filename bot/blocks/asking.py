"""The question whether an answer helped: asked under the answer, asked later, or only offered in small print.

The buttons carry an answer id; the choices of the small print's menu are `<answer id>#yes` and `<answer id>#no`.
"""

from dataclasses import dataclass

from bot.blocks.message import Block, Message, actions, button, message, section
from bot.blocks.text import inert

VOTE_YES = "vote_yes"
VOTE_NO = "vote_no"
VOTE_MENU = "vote_menu"
YES, NO = "yes", "no"
QUESTION = "Did we answer your question?"


@dataclass(frozen=True, slots=True)
class Invitation:
    """How people are asked: in which words, and whether only in small print, so that the answer stands alone."""

    words: str = QUESTION
    quiet: bool = False


def vote_blocks(invitation: Invitation, answer_id: str, tally: tuple[int, int]) -> list[Block]:
    """Return the question with its two buttons, or the small print's menu; `tally` is (yes, no)."""
    if invitation.quiet:
        return [_small_print(answer_id)]
    return [section(f"*{inert(invitation.words)}*"), actions("vote", vote_buttons(answer_id, tally))]


def vote_buttons(answer_id: str, tally: tuple[int, int]) -> list[Block]:
    """Return the two buttons with their counts."""
    yes, no = tally
    return [button(_counted("Yes", yes), VOTE_YES, answer_id), button(_counted("No", no), VOTE_NO, answer_id)]


def later_message(invitation: Invitation, answer_id: str, tally: tuple[int, int]) -> Message:
    """Render the question as a message of its own, when the thread has gone quiet."""
    loud = Invitation(invitation.words)
    return message(invitation.words, vote_blocks(loud, answer_id, tally))


def _small_print(answer_id: str) -> Block:
    choices = [_choice("Yes, it helped", f"{answer_id}#{YES}"), _choice("No, it did not", f"{answer_id}#{NO}")]
    menu = {"type": "overflow", "action_id": VOTE_MENU, "options": choices}
    return section("_Give feedback_") | {"block_id": "vote", "accessory": menu}


def _choice(label: str, value: str) -> Block:
    return {"text": {"type": "plain_text", "text": label, "emoji": False}, "value": value}


def _counted(label: str, count: int) -> str:
    return f"{label} · {count}" if count else label
