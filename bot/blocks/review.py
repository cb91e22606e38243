"""The review of a suggestion, sent to the owners of what its answer cited."""

from bot.blocks import limits
from bot.blocks.message import Block, Message, actions, button, context, header, message, modal, section, text_input
from bot.blocks.prose import prose
from bot.blocks.text import inert, person
from flywheel.model import Correction, CorrectionState

APPROVE = "review_approve"
EDIT = "review_edit"
REJECT = "review_reject"
FORM = "review_form"
ANSWER = "answer"


def review_message(correction: Correction, answered: str) -> Message:
    """Render a suggestion beside what was answered; once decided, the decision in the place of the buttons."""
    asked = limits.clip(inert(correction.question), 600)
    blocks = [
        header("A suggested answer"),
        section(f"{person(correction.person)} suggests another answer to:\n*{asked.replace('*', '∗')}*"),
        context("Suggested"),
        *prose(correction.text, most=6),
        context(f"Source: {inert(correction.source)}" if correction.source else "No source given"),
        context("Answered before"),
        *prose(limits.clip(answered, 1_500), most=4),
        _decision(correction),
    ]
    return message(f"A suggested answer to: {correction.question}", blocks)


def edit_view(correction: Correction) -> Block:
    """Render the form in which a reviewer changes the words before approving."""
    blocks = [
        section(f"*Question*\n{limits.clip(inert(correction.question), 600)}"),
        text_input(ANSWER, "The answer to approve", initial=correction.text),
    ]
    return modal("Edit and approve", blocks, callback_id=FORM, about=correction.id, submit="Approve")


def _decision(correction: Correction) -> Block:
    if correction.state is CorrectionState.PENDING:
        return actions(
            "review",
            [
                button("Approve", APPROVE, correction.id, style="primary"),
                button("Edit and approve", EDIT, correction.id),
                button("Reject", REJECT, correction.id, style="danger"),
            ],
        )
    word = "✅ Approved" if correction.state is CorrectionState.APPROVED else "Turned down"
    return context(f"{word} by {person(correction.reviewer or '')}")
