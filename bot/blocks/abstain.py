"""What is said when nothing good enough was found: so plainly, and whoever knows may teach it."""

import re

from bot.blocks.answer import SUGGEST, Standing, small_print, sources
from bot.blocks.message import Message, actions, button, context, message, section
from bot.blocks.prose import prose
from flywheel.model import Answer

_ID = re.compile(r"\b[UW][A-Z0-9]+\b")


def abstain_message(answer: Answer, standing: Standing) -> Message:
    """Render an answer that says it found nothing."""
    text = _ID.sub(lambda found: standing.names.get(found.group(), found.group()), answer.text)
    blocks = [
        *([section(standing.intro)] if standing.intro else []),
        *prose(text),
        *sources(answer, standing),
        actions("teach", [button("I know: suggest an answer", SUGGEST, answer.id)]),
        *([context(looked)] if (looked := small_print(answer, standing)) else []),
    ]
    return message(text, blocks)
