"""Thresholds in Slack: proposals with their buttons, the forms that ask for a reason, and breaches.

Every row has the block id `threshold:<id>`, by which it is found again and drawn anew when somebody has decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.blocks.message import Block, Message, actions, button, context, header, message, modal, section, text_input
from bot.blocks.text import inert, person

CONFIRM = "threshold_confirm"
REJECT = "threshold_reject"
CONFIRM_FORM = "threshold_confirm_form"
REJECT_FORM = "threshold_reject_form"
VALUE = "value"
REASON = "reason"
MOST = 12
"""Rows in one message; the others wait in `/ask thresholds`, and of these in `flywheel thresholds list`."""

_ROW = "threshold:"
_RULE = (
    "Nothing proposed is in force before an administrator confirms it. An alarm comes when the last seven days are "
    "worse, and worse by more than chance explains."
)
_DECIDED: Mapping[str, str] = {
    "confirmed": "In force, confirmed",
    "rejected": "Turned down",
    "retired": "Retired",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A threshold in words.

    `asked` says what it asks for; `basis` what it was proposed from; `entry` is its value as one types it, in `unit`.
    `state` is proposed, confirmed, rejected, retired or, when a newer proposal took its place, replaced.
    """

    id: int
    name: str
    asked: str
    basis: str
    why: str
    entry: str
    unit: str
    state: str = "proposed"
    person: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A breach in words. `over` says what was seen when it ended, empty while it lasts."""

    name: str
    asked: str
    seen: str
    change: str = ""
    over: str = ""
    is_retired: bool = False


def proposals_message(rows: Sequence[Row], others: int = 0) -> Message:
    """Render proposals; `others` more are not shown."""
    title = "A threshold is proposed" if len(rows) == 1 else "Thresholds are proposed"
    more = [f"{others} more wait: `/ask thresholds`."] if others > 0 else []
    return message(title, [header(title), *_rows(rows[:MOST]), context(_RULE, *more)])


def thresholds_message(standing: Sequence[Row], waiting: Sequence[Row]) -> Message:
    """Render what is in force and what waits for a decision."""
    if not standing and not waiting:
        none = "No threshold is in force, and too little is known to propose one: that takes 20 votes of five people."
        return message(none, [section(none)])
    lines = "\n".join(f"• {inert(one.name)}: {inert(one.asked)}{_by(one)}" for one in standing)
    title = "Thresholds in force" if standing else "No threshold is in force"
    blocks = [header(title), *([section(lines)] if standing else [])]
    return message(title, [*blocks, *_rows(waiting[:MOST]), context(_RULE)])


def redrawn(blocks: Sequence[Block], rows: Mapping[int, Row]) -> list[Block]:
    """Return a message's blocks with these rows' buttons replaced by what was decided."""
    fresh: list[Block] = []
    for block in blocks:
        found = rows.get(_id_in(block)) if block.get("type") == "actions" else None
        fresh += [block] if found is None else _choice(found)
    return fresh


def ids_in(blocks: Sequence[Block]) -> list[int]:
    """Return the proposals that a message has buttons for."""
    return [found for block in blocks if (found := _id_in(block))]


def confirm_view(row: Row) -> Block:
    """Render the form in which an administrator confirms a proposal, or sets another value."""
    label = f"Value in {row.unit}" if row.unit else "Value, between 0 and 1"
    blocks = [
        section(_told(row)),
        text_input(VALUE, label, initial=row.entry, multiline=False),
        text_input(REASON, "Why is this acceptable, and less is not?"),
    ]
    return modal("Confirm a threshold", blocks, callback_id=CONFIRM_FORM, about=str(row.id), submit="Put in force")


def decided_view() -> Block:
    """Say that there is nothing to decide on any more."""
    said = "Somebody has decided on this threshold, or a newer proposal has taken its place: `/ask thresholds`."
    return modal("Thresholds", [section(said)], callback_id="threshold_decided", about="-")


def reject_view(row: Row) -> Block:
    """Render the form in which an administrator turns a proposal down."""
    blocks = [section(_told(row)), text_input(REASON, "Why not?")]
    return modal("Turn it down", blocks, callback_id=REJECT_FORM, about=str(row.id), submit="Turn down")


def alarm_message(alarm: Alarm) -> Message:
    """Render the beginning of a breach, or its end."""
    name = inert(alarm.name)
    if alarm.is_retired:
        title, told = f"No longer watched: {name}", "Its threshold was retired while the value was worse."
    elif alarm.over:
        title, told = f"Back to normal: {name}", f"{inert(alarm.over)}; asked for: {inert(alarm.asked)}."
    else:
        title = f"Worse than acceptable: {name}"
        told = f"{inert(alarm.seen)} in the last seven days; asked for: {inert(alarm.asked)}."
    said = f"\nLast change: {inert(alarm.change)}." if alarm.change and not alarm.over else ""
    return message(title, [section(f"*{title}*\n{told}{said}")])


def _rows(rows: Sequence[Row]) -> list[Block]:
    return [block for one in rows for block in (section(_told(one)), *_choice(one))]


def _told(row: Row) -> str:
    lines = [f"*{inert(row.name)}: {inert(row.asked)}*", inert(row.basis), inert(row.why)]
    return "\n".join(line for line in lines if line)


def _choice(row: Row) -> list[Block]:
    if row.state == "replaced":
        return [context("A newer proposal has taken its place.")]
    if row.state in _DECIDED:
        return [context(f"{_DECIDED[row.state]} by {person(row.person)}: {inert(row.asked)}. “{inert(row.reason)}”")]
    value = str(row.id)
    buttons = [button("Confirm or change", CONFIRM, value, style="primary"), button("Turn down", REJECT, value)]
    return [actions(f"{_ROW}{row.id}", buttons)]


def _by(row: Row) -> str:
    return f", by {person(row.person)}: “{inert(row.reason)}”" if row.person else ""


def _id_in(block: Block) -> int:
    name = str(block.get("block_id", ""))
    return int(name.removeprefix(_ROW)) if name.startswith(_ROW) else 0
