"""Two short forms for administrators: what the language model may cost, and when the weekly report comes."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks.admin import PREFIX, TITLES, Field, Panel, conversation, menu, typed
from bot.blocks.message import Block, actions, button, context, modal, section
from bot.blocks.text import inert

BUDGETS = f"{PREFIX}budgets_form"
REPORT = f"{PREFIX}report_form"
REPORT_NOW = f"{PREFIX}report_now"


@dataclass(frozen=True, slots=True)
class Spent:
    """What the last 24 hours took, and what is set: amounts as one types them, empty without a limit.

    `model` is the language model's name, empty without one; `why_not` tells that a budget is used up, `overtaken` what
    somebody else has set since the form was opened.
    """

    calls: int
    cost: float
    unpriced: int
    model: str = ""
    priced: bool = False
    cost_limit: str = ""
    calls_limit: str = ""
    why_not: str = ""
    overtaken: str = ""


@dataclass(frozen=True, slots=True)
class Weekly:
    """The report's schedule as options, (value, label) pairs and which is chosen; `zone` is the team's.

    `overtaken` tells what somebody else has set since the form was opened.
    """

    days: Sequence[tuple[str, str]]
    hours: Sequence[tuple[str, str]]
    day: str
    hour: str
    channel: str
    zone: str
    overtaken: str = ""


def budgets_view(spent: Spent, mark: str) -> Block:
    """Render what was spent, and the form for its limits."""
    priced = (
        "US dollars in 24 hours, for all answers and judgements together. Empty: no limit."
        if spent.priced
        else "Costs cannot be counted: no prices are configured (FLYWHEEL_MODEL_PRICES)."
    )
    calls = "How often I may ask the language model in 24 hours. Empty: no limit."
    blocks = [
        *_overtaken(spent.overtaken),
        section(_spent(spent)),
        typed(Field(f"cost:{mark}", "Cost", priced), spent.cost_limit, longest=12),
        typed(Field(f"calls:{mark}", "Calls", calls), spent.calls_limit, longest=8),
        context("When a budget is used up I go on without the language model, quote your documents, and say so."),
    ]
    return modal(TITLES[Panel.BUDGETS], blocks, callback_id=BUDGETS, about=mark, submit="Save")


def report_view(weekly: Weekly, mark: str) -> Block:
    """Render the form for the report's schedule."""
    blocks = [
        *_overtaken(weekly.overtaken),
        section(f"Once a week I learn from what people said, and report on it. Times are in {inert(weekly.zone)}."),
        menu(Field(f"day:{mark}", "Day", optional=False), weekly.days, weekly.day),
        menu(Field(f"hour:{mark}", "Time", optional=False), weekly.hours, weekly.hour),
        conversation(Field(f"channel:{mark}", "Channel", "Where it is posted. Empty: as configured."), weekly.channel),
        actions("now", [button("Make one now, for me alone", REPORT_NOW, "now")]),
    ]
    return modal(TITLES[Panel.REPORT], blocks, callback_id=REPORT, about=mark, submit="Save")


def _overtaken(now: str) -> list[Block]:
    if not now:
        return []
    said = f"*Somebody has changed this meanwhile* to: {inert(now)}. Nothing of yours is saved yet; it stands below."
    return [section(said)]


def _spent(spent: Spent) -> str:
    if not spent.model:
        return "No language model is configured: I quote your documents, which costs nothing."
    cost = f", ${spent.cost:.2f}" if spent.priced else ""
    unpriced = f" Of {spent.unpriced:,} of them the cost is not known." if spent.priced and spent.unpriced else ""
    over = f"\n*A budget is used up: {inert(spent.why_not)}.*" if spent.why_not else ""
    return f"*{inert(spent.model)}*\nIn the last 24 hours: {spent.calls:,} calls{cost}.{unpriced}{over}"
