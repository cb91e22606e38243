"""Who administers the bot, and what those are told who do not."""

from bot.face import Face
from flywheel.errors import MembersUnknown
from flywheel.ports import Standing

COMMAND = "/flywheel"
REFUSAL = "Only administrators change how I work. Ask one of them, or ask me a question."


def may(face: Face, person: str) -> bool:
    """Tell whether somebody administers the bot now: named as one, and not deactivated.

    Where Slack cannot say whether they are, nobody does.
    """
    if person not in face.core.admins:
        return False
    try:
        return face.core.directory.standing_of(person) is not Standing.GONE
    except MembersUnknown:
        return False
