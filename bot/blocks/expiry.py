"""The notice that the source of an approved answer has changed, with the choice to keep or retire it."""

from bot.blocks import limits
from bot.blocks.message import Message, actions, button, context, header, message, section
from bot.blocks.prose import prose
from bot.blocks.text import inert
from flywheel.model import VerifiedAnswer

KEEP = "expired_keep"
DROP = "expired_drop"


def expiry_message(answer: VerifiedAnswer, decided: str = "") -> Message:
    """Render the notice; `decided` ("kept", "dropped") stands in the place of the buttons once somebody has."""
    asked = limits.clip(inert(answer.question), 600).replace("*", "∗")
    source = f"Its source is given as “{inert(answer.source)}”." if answer.source else "It names no source."
    choice = {
        "kept": context("Kept: it is given as an approved answer again."),
        "dropped": context("Retired: it is not given any more."),
    }
    blocks = [
        header("The source of an approved answer has changed"),
        section(f"Until somebody has looked, I do not give this answer any more:\n*{asked}*"),
        *prose(answer.text, most=6),
        context(source),
        choice.get(decided) or actions("expired", [button("Still right", KEEP, answer.id, style="primary"),
                                                   button("Retire it", DROP, answer.id, style="danger")]),
    ]  # fmt: skip
    return message(f"The source of an approved answer has changed: {answer.question}", blocks)
