"""A source, opened: title, owner, age, excerpt and the link to where it stands."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks.message import Block, context, modal, section
from bot.blocks.prose import prose
from bot.blocks.text import inert, link, person, plain, web_address

_EXCERPT = 2_400


@dataclass(frozen=True, slots=True)
class Source:
    """A passage with what is known about its document."""

    title: str
    text: str
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    line: int | None = None
    url: str | None = None
    owner: str | None = None
    updated_at: datetime | None = None


def passage_view(source: Source, now: datetime) -> Block:
    """Render the modal of one source."""
    where = [*source.heading_path]
    where += [f"page {source.page}"] if source.page else []
    where += [f"line {source.line}"] if source.line else []
    excerpt = source.text if len(source.text) <= _EXCERPT else source.text[:_EXCERPT].rsplit(" ", 1)[0] + " …"
    blocks = [
        section(f"*{inert(plain(source.title)).replace('*', '∗') or 'Untitled'}*"),
        *([context(inert(" › ".join(where)))] if where else []),
        *prose(excerpt),
        context(_provenance(source, now)),
        *([section(link(source.url or "", "Open the source"))] if web_address(source.url) else []),
    ]
    return modal("Source", blocks, callback_id="passage", about="-")


def withheld_view() -> Block:
    """Render what somebody sees who may not read a source, or whose source is gone: the same for both."""
    return modal("Source", [section("This source is not available to you.")], callback_id="passage", about="-")


def age(updated_at: datetime, now: datetime) -> str:
    """Say in words how long ago something was."""
    days = max(0, (now - updated_at).days)
    if days < 2:
        return ("today", "yesterday")[days]
    for size, unit in ((365, "year"), (30, "month"), (7, "week")):
        if days >= 2 * size:
            return f"{days // size} {unit}s ago"
    return f"{days} days ago"


def _provenance(source: Source, now: datetime) -> str:
    owner = f"Owner: {person(source.owner)}" if source.owner else "No owner known"
    if source.updated_at is None:
        return f"{owner} · no date known"
    return f"{owner} · updated {age(source.updated_at, now)} ({source.updated_at:%-d %B %Y})"
