"""What was wrong? Shown to the person alone who pressed "No"."""

from bot.blocks.answer import SUGGEST
from bot.blocks.message import Message, actions, button, note, section
from flywheel.model import Reason

REASON = "reason"
WORDS = {
    Reason.NOT_ANSWERED: "It does not answer my question",
    Reason.WRONG: "It is wrong",
    Reason.OUTDATED: "It is outdated",
    Reason.WRONG_SOURCE: "Wrong source",
    Reason.TOO_LONG: "Too long",
}


def reason_form(answer_id: str) -> Message:
    """Ask what was wrong with an answer."""
    reasons = [button(words, f"{REASON}_{reason.value}", answer_id) for reason, words in WORDS.items()]
    suggest = button("Suggest an answer", SUGGEST, answer_id, style="primary")
    asked = "Thanks for saying so. What was wrong?"
    return Message(asked, (section(asked), actions("reasons", reasons), actions("suggest", [suggest])))


def reason_thanks(answer_id: str, reason: Reason) -> Message:
    """Thank for a reason and offer to write the right answer."""
    thanks = f"Noted: _{WORDS[reason].lower()}_. If you know the answer, everybody will get it from you next time."
    suggest = button("Suggest an answer", SUGGEST, answer_id, style="primary")
    return Message(thanks, (section(thanks), actions("suggest", [suggest])))


def thanks() -> Message:
    """Thank for a "Yes"."""
    return note("Thanks, good to know.")
