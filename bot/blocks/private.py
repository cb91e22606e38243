"""The note that there is more for one person than for their channel."""

from bot.blocks.limits import clip
from bot.blocks.message import Block, Message, actions, button, message, section
from bot.blocks.text import inert

SHOW = "private_show"

_MORE = "There is more that only you can see."
_LONGEST = 150


def offer(question_id: str) -> Message:
    """Render the note where the question was asked."""
    return message(_MORE, [section(_MORE), _button(question_id)])


def elsewhere(question: str, question_id: str) -> Message:
    """Render the note in the asker's direct messages, where it says which question it is about."""
    asked = clip(" ".join(question.split()), _LONGEST)
    return message(_MORE, [section(f"You asked: {inert(asked)}"), section(_MORE), _button(question_id)])


def _button(question_id: str) -> Block:
    return actions("private", [button("Show me", SHOW, question_id)])
