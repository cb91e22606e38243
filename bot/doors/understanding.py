"""The door of understanding: what people ask about, what to mend first, what changed, as the newest report found it.

Nothing is computed in a request: a turn does that, and what it found is a part of its report.
"""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from bot.doors.entrance import CoreOf
from flywheel.errors import NotFound
from flywheel.store import reports

router = APIRouter(tags=["understanding"])

_SECTIONS = ("topics", "matrix", "drift", "stall")


class Understanding(BaseModel):
    """A report's numbers on its period. A topic without a `label` cannot be quoted to everybody in its channel.

    `topics` holds topics, the failed questions' topics and segments; `matrix` points and levers; `drift` what changed;
    `stall` whether the wheel still gains; `todo` up to three things to do, the most valuable first.
    """

    period: str
    made_at: str
    topics: dict[str, Any]
    matrix: dict[str, Any]
    drift: dict[str, Any]
    stall: dict[str, Any]
    todo: list[dict[str, Any]]


@router.get("/v1/topics")
def show_topics(core: CoreOf) -> Understanding:
    """Show what the newest report found about what people ask.

    Raises:
        NotFound: no report has been made yet, or only one of an earlier version.
    """
    with core.database.read() as db:
        report = reports.latest(db)
    sections = {one["key"]: one["numbers"] for one in (report or {}).get("sections", ())}
    if report is None or any(key not in sections for key in _SECTIONS):
        raise NotFound("no report has said what people ask about yet; run a turn")
    return Understanding(
        period=report["period"],
        made_at=report["made_at"],
        **{key: sections[key] for key in _SECTIONS},
        todo=report["todo"],
    )
