"""What the bot says when it is to keep quiet: in one thread, or in a channel that does not like its unasked answers.

The button carries the id of the answer in whose thread it stands.
"""

from dataclasses import replace

from bot.blocks.message import Block, Message, button, context, message, note
from bot.blocks.text import inert, person

MUTE = "mute_thread"


def mute_button(answer_id: str) -> Block:
    """Return the button by which anybody in a thread has the bot keep quiet there."""
    return button("Mute in this thread", MUTE, answer_id)


def muted_thread(who: str) -> Message:
    """Render the word that a thread is muted, for everybody in it."""
    said = f"Muted by {person(who)}. I will say nothing more in this thread unless somebody mentions me."
    return message("I will say nothing more in this thread unless somebody mentions me.", [context(said)])


def muted_notice(why: str) -> Message:
    """Render the word to a channel that auto mode has stopped itself; `why` says how many answers did not help."""
    told = "I will only answer here when somebody asks me"
    again = "Administrators can turn this on again with"
    shown = note(f"{told}: {inert(why)}. {again} `/flywheel channels`.")
    return replace(shown, text=f"{told}. {again} /flywheel channels.")
