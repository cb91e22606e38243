"""App Home and the help message: what I am, how to ask, and what you asked lately."""

from collections.abc import Sequence

from bot.blocks import limits
from bot.blocks.message import Block, Message, actions, button, context, header, note, section
from bot.blocks.text import inert, person
from flywheel.model import Question

HIDE = "hide_me"
SHOW = "show_me"
HIDDEN = "I will not name you when somebody asks who knows about something. Documents that you own still show you."
NAMED = "I may name you again when somebody asks who knows about something."

_SHOWN = 10


def home_view(bot_user: str, command: str, recent: Sequence[Question], *, hidden: bool = False) -> Block:
    """Render the Home tab of one person; `hidden` tells that they do not want to be named."""
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
        header("Who knows about…"),
        *_naming(hidden=hidden),
    ]
    return {"type": "home", "blocks": blocks}


def help_message(bot_user: str, command: str) -> Message:
    """Say how to ask."""
    how = "Ask me a question and I will look it up.\n" + _how(bot_user, command)
    return Message(how, (section(how),))


def naming_message(*, hidden: bool) -> Message:
    """Confirm whether a person is named."""
    return note(HIDDEN if hidden else NAMED)


def _naming(*, hidden: bool) -> list[Block]:
    if hidden:
        return [section(HIDDEN), actions("naming", [button("Name me again", SHOW, SHOW)])]
    said = (
        "When somebody asks who knows about something, I may name you: as the owner or an author of documents that "
        "they may read, for answers of yours that were approved, or for what your profile says."
    )
    return [section(said), actions("naming", [button("Don't name me", HIDE, HIDE)])]


def _how(bot_user: str, command: str) -> str:
    return (
        f"• In a channel: {person(bot_user)} how do I get on the VPN?\n"
        "• In a direct message to me: just ask.\n"
        f"• `{command} how do I get on the VPN?`: only you see the answer, and you can share it.\n"
        f"• `{command} hide me` and `{command} show me`: whether I may name you when somebody asks who knows something."
    )
