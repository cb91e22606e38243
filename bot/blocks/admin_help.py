"""What `/flywheel help` says."""

from bot.blocks import limits
from bot.blocks.message import Message, section
from bot.blocks.text import inert

_WORDS = (
    ("channels", "how I behave in each channel"),
    ("sources", "what I know, how fresh it is, what could not be read"),
    ("review", "answers and votes that a person should look at, one at a time"),
    ("releases", "what was learned and serves; hold it or roll it back"),
    ("experiments", "what is being tried out"),
    ("thresholds", "what sets off an alarm"),
    ("report", "when the weekly report comes; `report now` makes one for you alone"),
    ("budgets", "what the language model may cost"),
    ("audit", "who decided what, and when"),
)
_LONGEST = 40


def help_message(asked: str = "") -> Message:
    """Say what there is; what was asked for instead is said to be unknown."""
    unknown = f"I do not know “{inert(limits.clip(asked, _LONGEST))}”. " if asked and asked != "help" else ""
    listed = "\n".join(f"• `/flywheel {word}`: {what}" for word, what in _WORDS)
    said = f"{unknown}For administrators:\n{listed}"
    names = ", ".join(word for word, _ in _WORDS)
    return Message(f"For administrators: /flywheel with one of {names}", (section(said),))
