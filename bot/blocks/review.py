"""The review of a suggestion, sent to the owners of what its answer cited, or to people whose votes are trusted."""

from collections.abc import Sequence

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


def review_message(
    correction: Correction, answered: str, keys: Sequence[str] = (), *, alone: bool = True, reader: str = ""
) -> Message:
    """Render a suggestion beside what was answered; once decided, the decision in the place of the buttons.

    `keys` are the people who have approved so far; `alone` says that the reader may decide without a second one. Who
    may not, and has approved, has no button left.
    """
    asked = limits.clip(inert(correction.question), 600)
    blocks = [
        header("A suggested answer"),
        section(f"{person(correction.person)} suggests another answer to:\n*{asked.replace('*', '∗')}*"),
        context("Suggested"),
        *prose(correction.text, most=6),
        context(f"Source: {inert(correction.source)}" if correction.source else "No source given"),
        context("Answered before"),
        *prose(limits.clip(answered, 1_500), most=4),
        *_keys(correction, keys, alone=alone),
        *_decision(correction, keys, alone=alone, given=reader in keys),
    ]
    return message(f"A suggested answer to: {correction.question}", blocks)


def edit_view(correction: Correction) -> Block:
    """Render the form in which a reviewer changes the words before approving."""
    blocks = [
        section(f"*Question*\n{limits.clip(inert(correction.question), 600)}"),
        text_input(ANSWER, "The answer to approve", initial=correction.text),
    ]
    return modal("Edit and approve", blocks, callback_id=FORM, about=correction.id, submit="Approve")


def _keys(correction: Correction, keys: Sequence[str], *, alone: bool) -> list[Block]:
    if correction.state is not CorrectionState.PENDING or (alone and not keys):
        return []
    given = f"{len(keys)} of 2 approvals" + (f", by {_people(keys)}" if keys else "")
    return [context(given if alone else f"{given}. Two people whose votes proved right can approve it together.")]


def _decision(correction: Correction, keys: Sequence[str], *, alone: bool, given: bool) -> list[Block]:
    if correction.state is CorrectionState.PENDING:
        if given and not alone:
            return []
        approve = button("Approve", APPROVE, correction.id, style="primary")
        others = [
            button("Edit and approve", EDIT, correction.id),
            button("Reject", REJECT, correction.id, style="danger"),
        ]
        return [actions("review", [approve, *(others if alone else [])])]
    reviewer = correction.reviewer or ""
    if correction.state is CorrectionState.APPROVED:
        return [context(f"Approved by {_people(keys if reviewer in keys else [reviewer])}")]
    return [context(f"Turned down by {person(reviewer)}")]


def _people(names: Sequence[str]) -> str:
    return " and ".join(person(one) for one in names)
