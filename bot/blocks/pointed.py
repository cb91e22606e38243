"""What is said to the one person who pointed at a message, or asked in a form or a command, and what they fill in."""

from bot.blocks import limits
from bot.blocks.message import Block, Message, modal, note, text_input
from bot.blocks.text import inert, link, person

FORM = "ask_form"
QUESTION = "question"
EMPTY = "Write your question."


def too_long(most: int) -> Message:
    """Refuse a text of more than `most` characters."""
    return note(f"That is longer than {most:,} characters, too long for one question. Please ask in a few sentences.")


def overlong(most: int) -> str:
    """Say in a form that a question is longer than `most` characters."""
    return f"Please ask in at most {most:,} characters."


def no_text() -> Message:
    """Say that a message has no words to answer."""
    return note("I see no text in that message, so there is no question I could answer.")


def own_message() -> Message:
    """Say that a message is the bot's."""
    return note("That is one of my own messages. Use this on somebody's question.")


def deleted_message() -> Message:
    """Say that a message is gone."""
    return note("That message was deleted, so I leave it unanswered.")


def under_way() -> Message:
    """Say that somebody else was first and the answer is on its way."""
    return note("Somebody asked me the same a moment ago. My answer will stand in the thread of that message.")


def answered_already(url: str) -> Message:
    """Say that a message was answered before, and where; `url` may be empty."""
    where = f" {link(url, 'Open the thread')}." if url else ""
    return note(f"I have answered that message already.{where}")


def asked_by(asker: str) -> str:
    """Return the line above an answer in a thread where nobody named the bot."""
    return f"{person(asker)} asked me to answer this."


def intro(asker_text: str) -> str:
    """Return the line above an answer to a question that was asked in a form, where nobody sees the form any more."""
    return f"You asked: *{limits.clip(inert(asker_text).replace('*', '∗'), 600)}*"


def question_form() -> Block:
    """Render the form of the shortcut "Ask a question"."""
    field = text_input(QUESTION, "What would you like to know?")
    said = "The answer comes as a direct message from me. Only you see it."
    hint = {"type": "plain_text", "text": said, "emoji": False}
    return modal("Ask a question", [{**field, "hint": hint}], callback_id=FORM, about="", submit="Ask")
