"""Who administers the bot, and what those are told who do not."""

from bot.face import Face
from flywheel.knowledge.access import in_office

COMMAND = "/flywheel"
REFUSAL = "Only administrators change how I work. Ask one of them, or ask me a question."


def may(face: Face, person: str) -> bool:
    """Tell whether somebody administers the bot now: named as one, and not deactivated.

    Where Slack cannot say whether they are, nobody does.
    """
    return person in face.core.admins and person in in_office(face.core)
