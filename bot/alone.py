"""Answers that one person alone gets to see: to `/ask`, to a form, and where the bot may not speak in a channel.

They use the rights of that person. In the ledger such a question stands in no thread, so nobody finds it there.
"""

from dataclasses import dataclass, field

from bot import asking
from bot.attached import Brought
from bot.face import Face
from flywheel.answering.ask import Asking
from flywheel.knowledge.access import audience_of
from flywheel.model import Answer, Surface


@dataclass(frozen=True, slots=True)
class Alone:
    """A question put alone, with the files that belong to it.

    `key` makes it the same question; `channel` is where its asker was, if anywhere.
    """

    key: str
    text: str
    person: str
    surface: Surface
    channel: str | None = None
    team: str | None = None
    brought: Brought = field(default_factory=Brought)


def answer(face: Face, asked: Alone) -> Answer:
    """Return the answer to a question for the person who asked it."""
    question = Asking(
        text=asked.text,
        person=asked.person,
        surface=asked.surface,
        audience=audience_of(face.core.directory, asked.person, None),
        question_id=asking.fitting(asked.key),
        team=asked.team or face.identity.team,
        channel=asked.channel,
        files=asked.brought.files,
        remarks=asked.brought.remarks,
    )
    return face.ask(face.core, question)
