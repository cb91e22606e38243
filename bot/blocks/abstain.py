"""What is said when nothing good enough was found: so plainly, and whoever knows may teach it."""

from bot.blocks.answer import SUGGEST, Standing, small_print, sources
from bot.blocks.escalation import ask_button
from bot.blocks.message import Message, actions, button, message, section
from bot.blocks.prose import prose
from bot.blocks.route import back, footer
from bot.blocks.text import named
from flywheel.model import Answer


def abstain_message(answer: Answer, standing: Standing) -> Message:
    """Render an answer that says it found nothing."""
    text = named(answer.text, standing.names)
    blocks = [
        *([section(standing.intro)] if standing.intro else []),
        *prose(text),
        *sources(answer, standing),
        *([back(standing.previous)] if standing.previous else []),
        actions("teach", [ask_button(answer.id), button("I know: suggest an answer", SUGGEST, answer.id)]),
        *footer(answer, small_print(answer, standing)),
    ]
    return message(text, blocks)
