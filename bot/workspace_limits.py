"""Budgets and the report's schedule, as administrators see and set them, and telling them that a budget is used up."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot import fields, outbox, scheduling
from bot.blocks.admin_settings import Spent, Weekly, budgets_view, report_view
from bot.blocks.message import Block, note
from bot.channeling import is_priced
from bot.face import Face
from bot.outbox import Outgoing
from bot.scheduling import DAYS, SKIPPED, Schedule
from flywheel.answering import budget
from flywheel.answering.budget import Budgets
from flywheel.errors import InvalidInput
from flywheel.store import marks

_AMOUNT = re.compile(r"\$?\s*(\d{1,7}(?:[.,]\d{1,4})?)")
_NOT_MONEY = "Write an amount in US dollars, such as 5 or 2.50, or leave it empty."
_NOT_CALLS = "Write a whole number, such as 500, or leave it empty."
_NO_PRICES = "A cost cannot be kept to: no prices are configured. Set FLYWHEEL_MODEL_PRICES, or limit the calls."


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a form: what is wrong with it, by block, or the form to show again; neither when it is saved."""

    errors: Mapping[str, str] = field(default_factory=dict)
    again: Block | None = None


def budgets(face: Face, entered: Budgets | None = None) -> Block:
    """Render what was spent and the form for its limits; with what somebody entered whom another was ahead of."""
    core, used = face.core, budget.used(face.core)
    with core.database.read() as db:
        limits = budget.read(db)
    typed = entered or limits
    spent = Spent(
        calls=used.calls,
        cost=used.cost,
        unpriced=used.unpriced,
        model=core.language_model.name if core.language_model else "",
        priced=is_priced(core),
        cost_limit="" if typed.cost is None else f"{typed.cost:g}",
        calls_limit="" if typed.calls is None else str(typed.calls),
        why_not=limits.why_not(used),
        overtaken="" if entered is None else limits.words(),
    )
    return budgets_view(spent, _mark(limits))


def save_budgets(face: Face, view: Mapping[str, Any], person: str) -> Saved:
    """Store the form, unless something is wrong with it or somebody has changed the budgets meanwhile."""
    cost, calls = fields.text(view, "cost"), fields.text(view, "calls")
    amount = _AMOUNT.fullmatch(cost)
    wrong = {
        "cost": "" if not cost else _NOT_MONEY if amount is None else "" if is_priced(face.core) else _NO_PRICES,
        "calls": "" if not calls or (calls.isdecimal() and len(calls) < 8) else _NOT_CALLS,
    }
    found = {fields.block_of(view, name): said for name, said in wrong.items() if said}
    if found:
        return Saved(found)
    wanted = Budgets(float(amount[1].replace(",", ".")) if amount else None, int(calls) if calls else None)
    with face.core.database.read() as db:
        now = budget.read(db)
    if wanted != now and view["private_metadata"] != _mark(now):
        return Saved(again=budgets(face, wanted))
    budget.change(face.core, wanted, person)
    return Saved()


def schedule(face: Face, entered: Schedule | None = None) -> Block:
    """Render the form for the report's schedule; with what somebody entered whom another was ahead of."""
    with face.core.database.read() as db:
        now = scheduling.read(db)
    typed = entered or now
    weekly = Weekly(
        days=[(str(number), name) for number, name in enumerate(DAYS)],
        hours=[(str(hour), f"{hour:02d}:00") for hour in range(24) if hour not in SKIPPED],
        day=str(typed.weekday),
        hour=str(typed.hour),
        channel=typed.channel or face.report_channel or "",
        zone=face.zone.key,
        overtaken="" if entered is None else now.words(),
    )
    return report_view(weekly, _mark(now))


def save_schedule(face: Face, view: Mapping[str, Any], person: str) -> Saved:
    """Store the form, unless something is wrong with it or somebody has changed the schedule meanwhile."""
    day, hour, channel = fields.option(view, "day"), fields.option(view, "hour"), fields.conversation(view, "channel")
    chosen = "" if channel == (face.report_channel or "") else channel
    if not (day.isdecimal() and hour.isdecimal()):
        return Saved({fields.block_of(view, "day"): "Choose a day and a time."})
    wanted = Schedule(int(day), int(hour), chosen)
    with face.core.database.read() as db:
        now = scheduling.read(db)
    if wanted != now and view["private_metadata"] != _mark(now):
        return Saved(again=schedule(face, wanted))
    try:
        scheduling.change(face.core, wanted, person)
    except InvalidInput as refusal:
        return Saved({fields.block_of(view, "hour"): f"{str(refusal).capitalize()}."})
    return Saved()


def announce(face: Face) -> bool:
    """Tell administrators that a budget is used up, once a day; return whether it was told now."""
    why = budget.why_not(face.core) if face.core.language_model is not None else ""
    if not why:
        return False
    now, key = face.core.now(), f"budget:{face.core.now():%Y-%m-%d}"
    said = note(
        f"Today's budget for the language model is used up: {why}. I quote documents until it is free again. "
        "`/flywheel budgets` shows and changes it."
    )
    with face.core.database.begin() as db:
        if not marks.add(db, f"told:{key}", now.isoformat()):
            return False
        for person in sorted(face.core.admins):
            outbox.put(db, Outgoing(f"{key}:{person}", said, person=person), now)
    face.wake()
    return True


def _mark(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:12]
