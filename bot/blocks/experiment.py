"""Experiments for administrators: what runs and how it stands, with buttons to start, stop and adopt.

Buttons carry an experiment's id.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks.message import Block, Message, actions, button, context, header, message, section
from bot.blocks.text import inert

START = "experiment_start"
STOP = "experiment_stop"
ADOPT = "experiment_adopt"

_MOST = 12
_HOW = "Write one down with `flywheel experiments draft` or `POST /v1/experiments`."


@dataclass(frozen=True, slots=True)
class Shown:
    """An experiment in words: `state` as stored, what is compared, and how it stands or what was concluded.

    `winner` is the arm that won and nobody has adopted yet, else empty.
    """

    id: str
    state: str
    subject: str
    told: str
    winner: str = ""


def experiments_message(shown: Sequence[Shown], velocity: str) -> Message:
    """Render experiments, the newest first."""
    rows = [block for one in shown[:_MOST] for block in _row(one)]
    nothing = [] if rows else [section("No experiment has been written down yet.")]
    blocks = [header("Experiments"), *rows, *nothing, context(inert(velocity), _HOW)]
    return message("Experiments", blocks)


def _row(one: Shown) -> list[Block]:
    text = section(f"*{one.state.capitalize()}*: {inert(one.subject)}\n{inert(one.told)}\n`{one.id}`")
    buttons = _buttons(one)
    return [text, actions(f"experiment:{one.id}", buttons)] if buttons else [text]


def _buttons(one: Shown) -> list[Block]:
    if one.state == "draft":
        start = button("Start", START, one.id, style="primary")
        return [start | _confirm("Start it? Its design cannot change from then on.", "Start")]
    if one.state == "running":
        stop = button("Stop", STOP, one.id, style="danger")
        return [stop | _confirm("Stop it early? What was seen so far is kept.", "Stop")]
    if one.winner:
        return [button(f"Adopt {one.winner}", ADOPT, one.id) | _confirm("Show this to everybody?", "Adopt")]
    return []


def _confirm(question: str, yes: str) -> Block:
    texts = {"title": "Are you sure?", "text": question, "confirm": yes, "deny": "Cancel"}
    return {"confirm": {name: {"type": "plain_text", "text": text, "emoji": False} for name, text in texts.items()}}
