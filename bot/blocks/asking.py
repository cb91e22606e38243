"""The question whether an answer helped: asked under the answer, asked later, or only offered in small print.

The buttons carry an answer id; where one element holds both choices, they are `<answer id>#yes` and `<answer id>#no`.
Slack's own feedback buttons stand where one person reads or where nobody asked; a server that does not know them gets
plain ones.
"""

from dataclasses import dataclass, replace

from bot.blocks.escalation import ask_button
from bot.blocks.message import Block, Message, actions, button, context, message, section
from bot.blocks.text import inert
from bot.blocks.unasked import mute_button

VOTE_YES = "vote_yes"
VOTE_NO = "vote_no"
VOTE_MENU = "vote_menu"
VOTE_FEEDBACK = "vote_feedback"
VOTE_CHANGE = "vote_change"
YES, NO = "yes", "no"
QUESTION = "Did we answer your question?"
AGAIN = "Is this still open?"

_NATIVE = "context_actions"


@dataclass(frozen=True, slots=True)
class Invitation:
    """How people are asked: in which words, whether only in small print, and whether by Slack's feedback buttons.

    `unasked` says that nobody had put the question to the bot: whoever is disturbed may mute the thread.
    """

    words: str = QUESTION
    quiet: bool = False
    native: bool = False
    unasked: bool = False


def vote_blocks(invitation: Invitation, answer_id: str, tally: tuple[int, int]) -> list[Block]:
    """Return the question with its two buttons, or the small print's choices; `tally` is (yes, no)."""
    if invitation.quiet:
        mute = [actions("mute", [mute_button(answer_id)])] if invitation.unasked else []
        return [_feedback(answer_id) if invitation.native else _small_print(answer_id), *mute]
    asked = section(f"*{inert(invitation.words)}*")
    return [asked, _feedback(answer_id) if invitation.native else actions("vote", vote_buttons(answer_id, tally))]


def vote_buttons(answer_id: str, tally: tuple[int, int]) -> list[Block]:
    """Return the two buttons with their counts."""
    yes, no = tally
    return [button(_counted("Yes", yes), VOTE_YES, answer_id), button(_counted("No", no), VOTE_NO, answer_id)]


def own_vote(*, helped: bool) -> Block:
    """Return the line that tells somebody what they said, where only they read it."""
    return context(f"You said {_word(helped=helped)}. Press the other one to change it.")


def later_message(invitation: Invitation, answer_id: str, tally: tuple[int, int]) -> Message:
    """Render the question as a message of its own, when the thread has gone quiet."""
    loud = Invitation(invitation.words)
    return message(invitation.words, vote_blocks(loud, answer_id, tally))


def again_message(answer_id: str, tally: tuple[int, int]) -> Message:
    """Render the question in a thread that went quiet and looks unresolved, with a person to turn to."""
    asked = f"*{AGAIN}* Say whether the answer above helped, or let me ask a person."
    row = actions("vote", [*vote_buttons(answer_id, tally), ask_button(answer_id)])
    return Message(f"{AGAIN} Say whether the answer above helped.", (section(asked), row))


def vote_message(answer_id: str, *, helped: bool, again: bool = False) -> Message:
    """Tell somebody what their vote is, and let them change it; `again` says that it was so before."""
    said = _word(helped=helped)
    told = f"You had said {said} already. It counts once." if again else f"You said {said}. Thanks for telling me."
    return Message(told, (section(told), actions("own_vote", [change_button(answer_id, helped=helped)])))


def change_button(answer_id: str, *, helped: bool) -> Block:
    """Return the button that turns a vote around."""
    label = "Change it to no" if helped else "Change it to yes"
    return button(label, VOTE_CHANGE, f"{answer_id}#{NO if helped else YES}")


def has_native(shown: Message) -> bool:
    """Tell whether a message holds Slack's own feedback buttons."""
    return any(block.get("type") == _NATIVE for block in shown.blocks)


def without_native(shown: Message) -> Message:
    """Return a message with plain buttons in the place of Slack's feedback buttons."""
    return replace(shown, blocks=tuple(_plain(one) if one.get("type") == _NATIVE else one for one in shown.blocks))


def _plain(block: Block) -> Block:
    answer_id = str(block["elements"][0]["positive_button"]["value"]).rpartition("#")[0]
    return actions(str(block["block_id"]), vote_buttons(answer_id, (0, 0)))


def _feedback(answer_id: str) -> Block:
    buttons = {
        "type": "feedback_buttons",
        "action_id": VOTE_FEEDBACK,
        "positive_button": _half("Yes", f"{answer_id}#{YES}", "Yes, this answer helped"),
        "negative_button": _half("No", f"{answer_id}#{NO}", "No, this answer did not help"),
    }
    return {"type": _NATIVE, "block_id": "vote", "elements": [buttons]}


def _half(label: str, value: str, told: str) -> Block:
    return {"text": {"type": "plain_text", "text": label, "emoji": False}, "value": value, "accessibility_label": told}


def _small_print(answer_id: str) -> Block:
    choices = [_choice("Yes, it helped", f"{answer_id}#{YES}"), _choice("No, it did not", f"{answer_id}#{NO}")]
    menu = {"type": "overflow", "action_id": VOTE_MENU, "options": choices}
    return section("_Give feedback_") | {"block_id": "vote", "accessory": menu}


def _choice(label: str, value: str) -> Block:
    return {"text": {"type": "plain_text", "text": label, "emoji": False}, "value": value}


def _word(*, helped: bool) -> str:
    return YES if helped else NO


def _counted(label: str, count: int) -> str:
    return f"{label} · {count}" if count else label
