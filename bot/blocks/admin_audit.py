"""The audit log for administrators: who did what, where, when, the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import limits
from bot.blocks.admin import PREFIX, TITLES, Panel, channel
from bot.blocks.message import Block, actions, button, modal, section
from bot.blocks.text import TO_THE_MINUTE, inert, person, when

OLDER = f"{PREFIX}audit_older"
NEWEST = f"{PREFIX}audit_newest"
VIEW = f"{PREFIX}audit_list"
_MYSELF = frozenset({"flywheel", "wheel", "scheduler", "nobody", "watch"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An act in words, and the channel it was about, where it was about one."""

    at: datetime
    person: str
    said: str
    channel: str = ""


def audit_view(entries: Sequence[Entry], older: int | None, *, is_newest: bool) -> Block:
    """Render a page of acts; `older` is the number before which the next page begins."""
    none = "Nobody has decided anything yet. What administrators do appears here."
    rows = [section(_row(one)) for one in entries] or [section(none)]
    newest = [] if is_newest else [button("Newest", NEWEST, "newest")]
    more = [] if older is None else [button("Older", OLDER, str(older))]
    pages = [actions("pages", [*newest, *more])] if newest or more else []
    return modal(TITLES[Panel.AUDIT], [*rows, *pages], callback_id=VIEW, about="-")


def _row(one: Entry) -> str:
    where = f" in {channel(one.channel)}" if one.channel else ""
    return limits.clip(f"{when(one.at, TO_THE_MINUTE)}\n{_who(one.person)} {inert(one.said)}{where}", 600)


def _who(name: str) -> str:
    if name in _MYSELF:
        return "I"
    return "Somebody at the terminal" if name.startswith("terminal") else person(name)
