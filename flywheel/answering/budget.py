"""What the language model may take in a day, for the whole workspace; administrators set it.

    daily cost     US dollars
    daily calls    how often it is asked

Both count answers and judgements of the last 24 hours, whoever they were for. Where a budget is used up, answers go on
without the model: passages are quoted, which costs nothing. Surprising: a budget is looked at before a question, so the
last answer may go a little beyond it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.store import audit, spending, workspace_settings
from flywheel.store.database import Session
from flywheel.store.spending import Spending

DAILY_COST = "budget.daily_cost"
DAILY_CALLS = "budget.daily_calls"
DAY = timedelta(hours=24)
VERSION = "budget"
"""The name under which an answer's versions tell that a budget was used up."""
USED_UP = "used up"


@dataclass(frozen=True, slots=True)
class Budgets:
    """What may be spent in 24 hours; None means no limit."""

    cost: float | None = None
    calls: int | None = None

    def words(self) -> str:
        """Return the budgets in words."""
        cost = "no limit" if self.cost is None else f"${self.cost:.2f}"
        calls = "no limit" if self.calls is None else f"{self.calls:,}"
        return f"cost a day: {cost}; calls a day: {calls}"

    def why_not(self, spent: Spending) -> str:
        """Return which budget is used up, in words, or an empty string."""
        if self.cost is not None and spent.cost >= self.cost:
            return f"${spent.cost:.2f} of ${self.cost:.2f} a day are spent"
        if self.calls is not None and spent.calls >= self.calls:
            return f"{spent.calls:,} of {self.calls:,} calls a day are made"
        return ""


def read(db: Session) -> Budgets:
    """Return the budgets that are set."""
    cost, calls = (workspace_settings.find(db, name) for name in (DAILY_COST, DAILY_CALLS))
    return Budgets(None if cost is None else float(cost), None if calls is None else int(calls))


def change(core: Core, budgets: Budgets, person: str) -> bool:
    """Set the budgets, with an entry in the audit log; return whether that changed anything.

    Raises:
        InvalidInput: a budget is below 0.
    """
    if (budgets.cost or 0) < 0 or (budgets.calls or 0) < 0:
        raise InvalidInput("a budget is 0 or more")
    with core.database.begin() as db:
        if read(db) == budgets:
            return False
        for name, value in ((DAILY_COST, budgets.cost), (DAILY_CALLS, budgets.calls)):
            _set(db, name, value, (person, core.now()))
        audit.put(db, person, "budget", budgets.words(), core.now())
    return True


def used(core: Core) -> Spending:
    """Return what was spent in the last 24 hours."""
    with core.database.read() as db:
        return spending.since(db, core.now() - DAY)


def why_not(core: Core) -> str:
    """Return why the language model is not to be asked now, in words, or an empty string."""
    with core.database.read() as db:
        budgets = read(db)
        if budgets == Budgets():
            return ""
        return budgets.why_not(spending.since(db, core.now() - DAY))


def within(core: Core) -> tuple[Core, str]:
    """Return the core without its language model where a budget is used up, and why; else the core and nothing."""
    if core.language_model is None:
        return core, ""
    why = why_not(core)
    return (replace(core, language_model=None), why) if why else (core, "")


def calls_left(core: Core, wanted: int) -> int:
    """Return how many of the wanted calls the budgets still allow."""
    if why_not(core):
        return 0
    with core.database.read() as db:
        limit = read(db).calls
        return wanted if limit is None else min(wanted, limit - spending.since(db, core.now() - DAY).calls)


def _set(db: Session, name: str, value: float | None, who: tuple[str, datetime]) -> None:
    if value is None:
        workspace_settings.remove(db, name)
    else:
        workspace_settings.put(db, name, value, *who)
