"""Suggest an answer: the form, and what its author is told about it."""

from bot.blocks import limits
from bot.blocks.message import Block, Message, modal, note, section, text_input
from bot.blocks.text import inert, person

FORM = "correction_form"
ANSWER = "answer"
SOURCE = "source"


def correction_view(answer_id: str, question: str) -> Block:
    """Render the form in which somebody writes what the answer should be."""
    blocks = [
        section(f"*Question*\n{limits.clip(inert(question), 600)}"),
        text_input(ANSWER, "What should the answer be?"),
        text_input(SOURCE, "Where does it say so? (a link or a document's name)", multiline=False, optional=True),
    ]
    return modal("Suggest an answer", blocks, callback_id=FORM, about=answer_id, submit="Send")


def received() -> Message:
    """Tell an author that the suggestion is on its way."""
    return note(
        "Thank you. Your suggestion is with the people who look after this topic; I will tell you what they say."
    )


def nobody_reviews() -> Message:
    """Tell an author that nobody can review."""
    return note("Thank you. Your suggestion is stored, but nobody is set up to review suggestions yet.")


def approved(reviewer: str, *, edited: bool = False) -> Message:
    """Tell an author that the suggestion became the answer."""
    how = "edited and approved" if edited else "approved"
    return note(f"{person(reviewer)} {how} your suggestion. From now on I answer with it. Thank you!")


def first_key() -> Message:
    """Tell somebody who may approve with another that their approval is the first."""
    return note("Thank you. Yours is 1 of 2 approvals; one more person has to agree before I answer with it.")


def rejected(reviewer: str) -> Message:
    """Tell an author that the suggestion was turned down."""
    return note(f"{person(reviewer)} looked at your suggestion and decided not to use it.")


def corrected(asker: str, text: str) -> Message:
    """Tell an asker that the answer they got has been corrected."""
    told = f"{person(asker)} the answer to this question was corrected:\n{inert(text)}"
    return Message(limits.clip(told, limits.FALLBACK_TEXT), (section(told),))
