"""App Home and the help message: what I am, how to ask, and what you asked lately."""

from collections.abc import Sequence

from bot.blocks import limits
from bot.blocks.message import Block, Message, context, header, section
from bot.blocks.text import inert, person
from flywheel.model import Question

_SHOWN = 10


def home_view(bot_user: str, command: str, recent: Sequence[Question]) -> Block:
    """Render the Home tab of one person."""
    asked = [section(f"• {limits.clip(inert(question.text), 300)}") for question in recent[:_SHOWN]]
    blocks = [
        header("Ask me anything your company has written down"),
        section(
            "I look it up in your documents and answer with sources. When I am wrong, press *No* and suggest a better "
            "answer: once its owner approves, everybody gets it."
        ),
        header("How to ask"),
        section(_how(bot_user, command)),
        header("Your recent questions"),
        *(asked or [context("None yet.")]),
    ]
    return {"type": "home", "blocks": blocks}


def help_message(bot_user: str, command: str) -> Message:
    """Say how to ask."""
    how = "Ask me a question and I will look it up.\n" + _how(bot_user, command)
    return Message(how, (section(how),))


def _how(bot_user: str, command: str) -> str:
    return (
        f"• In a channel: {person(bot_user)} how do I get on the VPN?\n"
        "• In a direct message to me: just ask.\n"
        f"• `{command} how do I get on the VPN?`: only you see the answer, and you can share it."
    )
