"""A source, opened: title, owner, age, excerpt and the link to where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import limits
from bot.blocks.message import Block, actions, button, context, modal, section
from bot.blocks.prose import prose
from bot.blocks.text import as_day, inert, link, person, plain, web_address

SOURCE_UP = "source_up"
SOURCE_DOWN = "source_down"
SOURCE_MORE = "source_more"

_EXCERPT = 2_400
_SHORT = 300


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


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the reader says of a source, and passages like it where they asked for some.

    `about` is `<answer id>#<source number>`, which the buttons carry; `alike` is None until they ask.
    """

    about: str
    useful: bool | None = None
    alike: Sequence[Source] | None = None


def passage_view(source: Source, now: datetime, opinion: Opinion | None = None) -> Block:
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
        *(_judging(opinion) if opinion else []),
    ]
    return modal("Source", blocks, callback_id="passage", about="-")


def withheld_view() -> Block:
    """Render what somebody sees who may not read a source, or whose source is gone: the same for both."""
    return modal("Source", [section("This source is not available to you.")], callback_id="passage", about="-")


def file_view(title: str, url: str | None) -> Block:
    """Render a source that is a file of the question; there is nothing to judge, since no other question finds it."""
    blocks = [
        section(f"*{inert(plain(title)).replace('*', '∗') or 'Untitled'}*"),
        section("This is the file that was attached to the question. I read it for this answer only."),
        *([section(link(url or "", "Open the file"))] if web_address(url) else []),
    ]
    return modal("Source", blocks, callback_id="passage", about="-")


def _judging(opinion: Opinion) -> list[Block]:
    buttons = [
        _named(button("Useful", SOURCE_UP, opinion.about), "This source is useful for the question"),
        _named(button("Not this", SOURCE_DOWN, opinion.about), "This is not the right source for the question"),
        _named(button("More like this", SOURCE_MORE, opinion.about), "Show passages like this one"),
    ]
    said = {True: ["You said: useful."], False: ["You said: not this."], None: []}[opinion.useful]
    return [actions("source", buttons), *(context(one) for one in said), *_alike(opinion.alike)]


def _alike(found: Sequence[Source] | None) -> list[Block]:
    if found is None:
        return []
    if not found:
        return [section("I found nothing else like this that you can read.")]
    return [section("*More like this*"), *(section(_short(one)) for one in found)]


def _short(source: Source) -> str:
    title = link(source.url, source.title) if source.url and web_address(source.url) else inert(plain(source.title))
    return f"{title or 'Untitled'}\n{inert(limits.clip(plain(source.text), _SHORT))}"


def _named(made: Block, told: str) -> Block:
    return made | {"accessibility_label": told}


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
    return f"{owner} · updated {age(source.updated_at, now)} ({as_day(source.updated_at)})"
