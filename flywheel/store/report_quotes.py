"""Take a question that its asker deleted out of the reports that quote it.

What was counted stays counted, and so do the names of topics, which are words that many have in common.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from flywheel.store.database import Session
from flywheel.store.learning_tables import ReportRow

QUOTED = 160
"""Characters of a question that a report quotes, at most, where it does not quote all of it."""
DELETED = "a question that was deleted"
_SKEW = timedelta(hours=1)  # how far apart Slack's clock, which dates questions, and ours may be
_HOLD_A_QUOTE = frozenset({"question", "text", "examples"})


def unquote(db: Session, said: Collection[str], since: datetime) -> None:
    """Replace these questions in every report made at or after a moment by the words that they were deleted."""
    forms = {form for one in said if one.strip() for form in _forms(one)}
    for row in db.scalars(select(ReportRow).where(ReportRow.made_at >= since - _SKEW)):
        content = _without(forms, row.content)
        if content != row.content:
            row.content = content
    db.flush()


def _forms(text: str) -> set[str]:
    return {text, text[:QUOTED], " ".join(text.split())[:QUOTED]}


def _without(forms: Collection[str], value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _without(forms, one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_without(forms, one, key) for one in value]
    if not isinstance(value, str):
        return value
    if key in _HOLD_A_QUOTE and value in forms:
        return DELETED
    for form in forms:
        value = value.replace(f"“{form}”", f"“{DELETED}”")
    return value
