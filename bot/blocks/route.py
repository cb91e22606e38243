"""Where an answer was looked for, and the row that lets people look elsewhere and ask why.

The menu's values are `<answer id>#<retriever>`, the buttons' an answer id.
"""

from bot.blocks.message import Block, actions, button, context
from bot.blocks.text import inert, plain
from flywheel.model import Answer, Retriever

LOOK_IN = "look_in"
WHY = "why"
BACK = "back"

_LEAST = 0.05
"""Probability below which a retriever is not worth a word in the footer."""
_NAMED = 3


def looked(answer: Answer) -> str:
    """Say where an answer was looked for and with what probability, or nothing where nobody looked."""
    routing = answer.routing
    if routing.asked_for:
        return f"Looked in {routing.asked_for}, as you asked"
    searched = _searched(answer)
    likely = sorted(searched, key=lambda name: -answer.route.get(name, 0.0))
    named = [name for name in likely if answer.route.get(name, 0.0) >= _LEAST][:_NAMED]
    shares = ", ".join(f"{name} {percent(answer.route[name])}" for name in named)
    where = "Looked everywhere" if routing.searched and not routing.sure and len(searched) > 1 else "Looked in"
    return f"{where}: {shares}" if shares else ""


def percent(share: float) -> str:
    """Write a share in [0, 1] as a whole percentage."""
    return f"{round(share * 100)} %"


def footer(answer: Answer, *lines: str) -> list[Block]:
    """Return what stands under every answer: small print, where it was looked for, and the row to look elsewhere."""
    shown = [context(line) for line in (*lines, inert(plain(looked(answer)))) if line]
    why = button("Why this answer?", WHY, answer.id)
    return [*shown, actions(f"look:{answer.id}", [_menu(answer), why])]


def back(answer_id: str) -> Block:
    """Return the row that brings an earlier answer back."""
    return actions("back", [button("Show the previous answer", BACK, answer_id)])


def _searched(answer: Answer) -> tuple[str, ...]:
    """Return what was searched; answers from before there was a choice name it in their route alone."""
    searched = answer.routing.searched or tuple(name for name in answer.route if name != Retriever.ANSWERS)
    repeated = (Retriever.ANSWERS.value,) if answer.verified_answer_id else ()
    return tuple(dict.fromkeys((*searched, *repeated)))


def _menu(answer: Answer) -> Block:
    return {
        "type": "static_select",
        "action_id": LOOK_IN,
        "placeholder": {"type": "plain_text", "text": "Look in…", "emoji": False},
        "options": [_option(answer, one) for one in Retriever if one.value not in _used(answer)],
    }


def _option(answer: Answer, retriever: Retriever) -> Block:
    return {
        "text": {"type": "plain_text", "text": retriever.value.capitalize(), "emoji": False},
        "value": f"{answer.id}#{retriever.value}",
    }


def _used(answer: Answer) -> frozenset[str]:
    """Return the one retriever that this answer comes from alone, if it does."""
    if answer.routing.asked_for:
        return frozenset({answer.routing.asked_for})
    if answer.verified_answer_id:
        return frozenset({Retriever.ANSWERS.value})
    searched = answer.routing.searched
    return frozenset(searched) if len(searched) == 1 else frozenset()
