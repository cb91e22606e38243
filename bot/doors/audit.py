"""The door of the audit log: who did which administrative act to what, when."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from bot.doors.entrance import CoreOf
from flywheel.store import audit

router = APIRouter(tags=["flywheel"])
_LARGEST = 2**63 - 1
"""What a database can hold."""


class AdministrativeAct(BaseModel):
    """One act. `number` counts all acts in the order in which they were noted."""

    number: int
    at: datetime
    person: str
    act: str
    subject: str


class AuditLog(BaseModel):
    """Acts, the newest first; `older` is what to give as `before` for the next page, None on the last."""

    acts: list[AdministrativeAct]
    older: int | None


@router.get("/v1/audit")
def listed(
    core: CoreOf,
    before: Annotated[int | None, Query(ge=1, le=_LARGEST)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> AuditLog:
    """Return the newest acts, or those noted before a number."""
    with core.database.read() as db:
        found = audit.page(db, before, limit + 1)
    acts = [
        AdministrativeAct(number=one.number, at=one.at, person=one.person, act=one.act, subject=one.subject)
        for one in found[:limit]
    ]
    return AuditLog(acts=acts, older=acts[-1].number if len(found) > limit else None)
