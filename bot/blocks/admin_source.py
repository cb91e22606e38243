"""Sources for administrators: what is known of each, and buttons to read it again or take it out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import limits
from bot.blocks.admin import PREFIX, channel, confirmed, pages
from bot.blocks.message import Block, Message, actions, button, context, message, modal, section
from bot.blocks.text import TO_THE_MINUTE, as_day, inert, when

READ_AGAIN = f"{PREFIX}source_read"
TAKE_OUT = f"{PREFIX}source_remove"
UNREAD = f"{PREFIX}source_unread"
PAGE = f"{PREFIX}source_page"
PAGE_BEFORE = f"{PREFIX}source_page_before"
REFRESH = f"{PREFIX}source_refresh"
VIEW = f"{PREFIX}source_list"
ON_A_PAGE = 15
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Source:
    """A source in words. `id` names it in buttons; `read_at` is when it was last read whole, as far as that is known;
    `why_not` says why it cannot be read again from Slack, and `going` how far that has come where it is under way.
    `channel` is the one whose messages it is, if it is that.
    """

    id: str
    name: str
    documents: int
    passages: int
    oldest: datetime | None = None
    newest: datetime | None = None
    changed: datetime | None = None
    read_at: datetime | None = None
    unread: int = 0
    why_not: str = ""
    going: str = ""
    channel: str = ""


def sources_view(sources: Sequence[Source], number: int, count: int, notice: str = "") -> Block:
    """Render a page of the sources, counted from 0, of so many."""
    none = "There are no documents yet. Add some with `flywheel index PATH` on the server."
    rows = [block for one in sources for block in _rows(one)] or [section(none)]
    blocks = [*([section(notice)] if notice else []), *rows, *pages(number, count, PAGE_BEFORE, PAGE)]
    return modal("Sources", blocks, callback_id=VIEW, about=str(number))


def unread_view(name: str, unread: Sequence[tuple[str, str]], total: int) -> Block:
    """Render (document, reason) pairs of what could not be read."""
    lines = [f"• *{inert(document)}*: {inert(reason)}" for document, reason in unread]
    more = [context(f"And {total - len(lines):,} more.")] if total > len(lines) else []
    blocks = [section(f"*{inert(name)}*"), *[section(limits.clip(line, 500)) for line in lines], *more]
    return modal("Not read", blocks, callback_id=f"{VIEW}_unread", about="-")


def read_message(name: str, said: str, refused: Sequence[tuple[str, str]]) -> Message:
    """Tell what came of reading a source again."""
    lines = [f"• {inert(document)}: {inert(reason)}" for document, reason in refused[:_SHOWN]]
    listed = [section(limits.clip("*Not read*\n" + "\n".join(lines), limits.SECTION_TEXT))] if lines else []
    return message(f"{name} was read again. {said}", [section(f"*{inert(name)}* was read again. {said}"), *listed])


def counted_as(count: int, what: str) -> str:
    """Return a number of things in words, such as 1 document or 2,000 documents."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def _rows(one: Source) -> list[Block]:
    age = [f"newest from {as_day(one.newest)}" if one.newest else ""]
    age += [f"oldest from {as_day(one.oldest)}" if one.oldest and one.oldest != one.newest else ""]
    counted = f"{counted_as(one.documents, 'document')}, {counted_as(one.passages, 'passage')}"
    read = f"last read {when(one.read_at, TO_THE_MINUTE)}" if one.read_at else ""
    if not read and one.changed:
        read = f"last changed {when(one.changed, TO_THE_MINUTE)}"
    facts = " · ".join(part for part in (counted, *age, read) if part)
    failed = f"\n{one.unread:,} could not be read." if one.unread else ""
    going = f"\n*{inert(one.going)}*" if one.going else ""
    why = [context(f"From here it cannot be read again: {inert(one.why_not)}.")] if one.why_not else []
    if one.channel:
        where = f"*What is said in {channel(one.channel)}*"
        return [section(f"{where}\n{facts}"), context("It is read as it is written. `/flywheel channels` stops that.")]
    return [section(f"*{inert(one.name)}*\n{facts}{failed}{going}"), *why, actions(f"source:{one.id}", _buttons(one))]


def _buttons(one: Source) -> list[Block]:
    again = [button("Read again", READ_AGAIN, one.id)] if not one.why_not and not one.going else []
    unread = [button("What was not read", UNREAD, one.id)] if one.unread else []
    what = "Its one document leaves" if one.documents == 1 else f"All {one.documents:,} documents of it leave"
    question = f"{what} my knowledge. Answers that cite it are looked at again."
    out = confirmed(button("Remove", TAKE_OUT, one.id, style="danger"), question, "Remove")
    look = [button("Refresh", REFRESH, one.id)] if one.going else []
    return [*again, *look, *unread, out]
