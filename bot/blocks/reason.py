"""What was wrong? Shown to the person alone who pressed "No"."""

from bot.blocks.answer import SUGGEST
from bot.blocks.asking import change_button
from bot.blocks.escalation import ask_button
from bot.blocks.message import Block, Message, actions, button, section
from flywheel.model import Reason

REASON = "reason"
WORDS = {
    Reason.NOT_ANSWERED: "It does not answer my question",
    Reason.WRONG: "It is wrong",
    Reason.OUTDATED: "It is outdated",
    Reason.WRONG_SOURCE: "The source is wrong",
    Reason.TOO_LONG: "It is too long",
}


def reason_form(answer_id: str) -> Message:
    """Ask what was wrong with an answer."""
    reasons = [button(words, f"{REASON}_{reason.value}", answer_id) for reason, words in WORDS.items()]
    asked = "You said no. Thanks for saying so. What was wrong?"
    more = [*_ways_on(answer_id), change_button(answer_id, helped=False)]
    return Message(asked, (section(asked), actions("reasons", reasons), actions("suggest", more)))


def reason_thanks(answer_id: str, reason: Reason) -> Message:
    """Thank for a reason and offer to write the right answer."""
    thanks = f"Noted: _{WORDS[reason].lower()}_. If you know the answer, everybody will get it from you next time."
    return Message(thanks.replace("_", ""), (section(thanks), actions("suggest", _ways_on(answer_id))))


def _ways_on(answer_id: str) -> list[Block]:
    return [button("Suggest an answer", SUGGEST, answer_id, style="primary"), ask_button(answer_id)]
