"""How the bot behaves in each channel, shown to administrators and changed by them.

A form remembers a digest of every setting as it was when it was opened. Saved after somebody else has changed the
channel, it is shown again: what the second person did not touch is as the first one left it, what they did touch stays
theirs, and a sentence says what has changed.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackClientError

from bot import fields, reading
from bot.blocks.admin import channel as channel_mention
from bot.blocks.admin_channel import ON_A_PAGE, PERSONA, Form, Listed, Page, channels_view, form_view
from bot.blocks.message import Block
from bot.blocks.text import inert, person
from bot.face import Face
from flywheel.channels import ChannelSettings, Mode
from flywheel.core import Core
from flywheel.errors import InvalidInput
from flywheel.learning import unasked
from flywheel.store import audit, channels, documents, followed
from flywheel.store.database import Session

_PAGE = 200
_TYPES = "public_channel,private_channel"
_NUMBER = re.compile(r"\$?\s*(\d{1,7}(?:[.,]\d+)?)")
_NOT_BETWEEN = "Write a number between 0 and 1, such as 0.6, or leave it empty."
_NOT_WHOLE = "Write a whole number from 0 to 1000."
_NOT_MONEY = "Write an amount in US dollars, such as 1.50, or leave it empty."
_NO_PRICES = "A cost cannot be kept to: no prices are configured. Set FLYWHEEL_MODEL_PRICES first, or leave this empty."
_IN_FUTURE = "That day is still to come."
_MOST_ANSWERS = 1_000
_NONSENSE = -1.0
_TALK = "slack:"
_WORDS: Mapping[str, str] = {
    "mode": "when I speak",
    "threshold": "how sure I must be",
    "persona": "the tone",
    "sources": "the sources",
    "experts": "who is on call",
    "daily_answers": "the answers a day",
    "daily_cost": "the cost a day",
    "read_since": "since when I read",
}
"""What the settings of a form are called, by name."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a form: the view to show next, or what is wrong with it by block, or both empty: it is saved.

    `settings` are the ones that hold now; `before` those that held.
    """

    settings: ChannelSettings | None = None
    before: ChannelSettings | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    again: Block | None = None


def is_priced(core: Core) -> bool:
    """Tell whether the cost of the language model can be counted."""
    return getattr(core.language_model, "prices", None) is not None


def listed(face: Face, number: int = 0, notice: str = "") -> Block:
    """Render a page of the channels that the bot is in."""
    joined = _joined(face)
    pages = max(1, -(-len(joined) // ON_A_PAGE))
    number = min(max(number, 0), pages - 1)
    with face.core.database.read() as db:
        known = [channels.find(db, one) for one in joined[number * ON_A_PAGE :][:ON_A_PAGE]]
        names = {source: _label(db, source) for one in known for source in one.sources}
    rows = [Listed(one, unasked.why(face.core, one), [names[source] for source in one.sources]) for one in known]
    return channels_view(Page(rows, number, pages), notice)


def form(face: Face, channel: str) -> Block:
    """Render the form for a channel."""
    with face.core.database.read() as db:
        return form_view(_form(face.core, db, channels.find(db, channel)))


def save(face: Face, view: Mapping[str, Any], who: str) -> Saved:
    """Store a form, unless something in it is wrong or somebody has changed the channel meanwhile.

    Reading the channel's messages is not begun here: it takes longer.
    """
    about = json.loads(str(view["private_metadata"]))
    errors = _wrong(face.core, view)
    if errors:
        return Saved(errors=errors)
    with face.core.database.begin() as db:
        now = channels.held(db, str(about["channel"]))
        typed = _typed(db, view, now)
        if typed == now:
            return Saved(now, now)
        foreign = [name for name in _WORDS if _digest(getattr(now, name)) != about["seen"][name]]
        if foreign:
            mine = {name for name in _WORDS if _digest(getattr(typed, name)) != about["seen"][name]}
            merged = replace(now, **{name: getattr(typed, name) for name in mine})
            return Saved(again=_again(face.core, db, merged, foreign))
        kept = replace(typed, read_since=now.read_since)
        if kept != now:
            channels.put(db, kept, who, face.core.now())
            audit.put(db, who, "channel", f"{now.channel} {', '.join(_changed(now, kept))}", face.core.now())
    return Saved(typed, now)


def follow_up(face: Face, saved: Saved, who: str) -> str:
    """Begin to read a channel's messages where a saved form says so; return what to say."""
    now, before = saved.settings, saved.before
    if now is None or before is None or now.read_since is None or now.read_since == before.read_since:
        return "Saved."
    try:
        reading.opt_in(face, now.channel, now.read_since, who)
    except InvalidInput as refusal:
        return f"Saved, but I cannot read {channel_mention(now.channel)}: {inert(str(refusal))}"
    except (SlackClientError, OSError, HTTPException):
        return f"Saved, but Slack did not let me read {channel_mention(now.channel)} now. Set the day again later."
    return f"Saved. I am reading {channel_mention(now.channel)}, and tell you when its history is done."


def stop_reading(face: Face, channel: str, who: str) -> None:
    """Stop reading a channel and delete what was read of it; nothing where it is not read."""
    reading.opt_out(face, channel, who)


def unmute(face: Face, channel: str, who: str) -> None:
    """Let the bot speak unasked in a channel again; nothing where it may already."""
    with face.core.database.begin() as db:
        now = channels.held(db, channel)
        if now.muted_at is None:
            return
        channels.put(db, replace(now, muted_at=None, muted_why=""), who, face.core.now())
        audit.put(db, who, "unmute", channel, face.core.now())


def named(source: str) -> str:
    """Return what people call a source: the end of its path."""
    return "/".join(source.rstrip("/").split("/")[-2:]) or source


def channel_of(source: str) -> str:
    """Return the channel whose messages a source is, or an empty string."""
    return source.removeprefix(_TALK) if source.startswith(_TALK) else ""


def source_id(source: str) -> str:
    """Return the id by which a form or a button names a source, whose own name may be long."""
    return hashlib.sha256(source.encode()).hexdigest()[:24]


def _joined(face: Face) -> list[str]:
    found: list[tuple[str, str]] = []
    cursor = ""
    while True:
        page = face.client.users_conversations(types=_TYPES, exclude_archived=True, limit=_PAGE, cursor=cursor or None)
        found += [(str(one.get("name") or ""), str(one["id"])) for one in page["channels"]]
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return [channel for _, channel in sorted(found)]


def _label(db: Session, source: str) -> str:
    known = followed.find(db, channel_of(source)) if channel_of(source) else None
    if known is None:
        return named(source)
    return f"Messages in #{known.name}" if known.is_open else f"Messages in a closed channel ({known.channel})"


def _form(core: Core, db: Session, settings: ChannelSettings) -> Form:
    now = channels.find(db, settings.channel)
    seen = {name: _digest(getattr(now, name)) for name in _WORDS}
    about = json.dumps({"channel": settings.channel, "seen": seen})
    every = sorted({*documents.sources(db), *settings.sources})
    return Form(
        settings=settings,
        about=about,
        mark=hashlib.sha256(about.encode()).hexdigest()[:12],
        sources=[(source_id(one), _label(db, one)) for one in every],
        chosen=[source_id(one) for one in settings.sources],
        priced=is_priced(core),
        threshold=unasked.why(core, now),
        changed=channels.changed(db, settings.channel),
    )


def _again(core: Core, db: Session, merged: ChannelSettings, foreign: list[str]) -> Block:
    made = _form(core, db, merged)
    who = person(made.changed[0]) if made.changed and made.changed[0] != "flywheel" else "Somebody"
    what = ", ".join(_WORDS[name] for name in foreign)
    said = f"*{who} has changed {what} meanwhile.* Nothing is saved yet: what you entered stands below beside it."
    return form_view(made, said)


def _wrong(core: Core, view: Mapping[str, Any]) -> dict[str, str]:
    threshold, cost = (_number(fields.text(view, name)) for name in ("threshold", "daily_cost"))
    since, answers = fields.day(view, "read_since"), fields.text(view, "daily_answers")
    found = {
        "threshold": _NOT_BETWEEN if threshold is not None and not 0 <= threshold <= 1 else "",
        "daily_answers": "" if answers.isdecimal() and int(answers) <= _MOST_ANSWERS else _NOT_WHOLE,
        "daily_cost": _wrong_cost(core, cost),
        "persona": f"At most {PERSONA} characters." if len(fields.text(view, "persona")) > PERSONA else "",
        "read_since": _IN_FUTURE if since > f"{core.now():%Y-%m-%d}" else "",
    }
    return {fields.block_of(view, name): said for name, said in found.items() if said}


def _wrong_cost(core: Core, cost: float | None) -> str:
    if cost is None:
        return ""
    return _NOT_MONEY if cost == _NONSENSE else "" if is_priced(core) else _NO_PRICES


def _number(text: str) -> float | None:
    """Return what a number says, None for an empty text, and `_NONSENSE` for what is no number."""
    found = _NUMBER.fullmatch(text)
    if not text:
        return None
    return float(found[1].replace(",", ".")) if found else _NONSENSE


def _typed(db: Session, view: Mapping[str, Any], now: ChannelSettings) -> ChannelSettings:
    by_id = {source_id(one): one for one in {*documents.sources(db), *now.sources}}
    wanted = [by_id[one] for one in fields.options(view, "sources") if one in by_id]
    since = fields.day(view, "read_since")
    same = now.read_since is not None and since == f"{now.read_since:%Y-%m-%d}"
    day = now.read_since if same or not since else datetime.fromisoformat(since).replace(tzinfo=UTC)
    experts = fields.people(view, "experts")
    return replace(
        now,
        mode=Mode(fields.option(view, "mode") or now.mode.value),
        threshold=_number(fields.text(view, "threshold")),
        persona=" ".join(fields.text(view, "persona").split()),
        sources=now.sources if set(wanted) == set(now.sources) else tuple(sorted(wanted)),
        experts=now.experts if set(experts) == set(now.experts) else tuple(sorted(experts)),
        daily_answers=int(fields.text(view, "daily_answers")),
        daily_cost=_number(fields.text(view, "daily_cost")),
        read_since=day,
    )


def _changed(before: ChannelSettings, after: ChannelSettings) -> list[str]:
    return [_WORDS[name] for name in _WORDS if getattr(before, name) != getattr(after, name)]


def _digest(value: object) -> str:
    seen = sorted(value) if isinstance(value, tuple) else value
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:8]
