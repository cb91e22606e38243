"""Channels for administrators: the list of those the bot is in, and the form for one.

The form's `private_metadata` tells which channel it is about and what was set when it was opened, so that of two people
who change it at once the second sees what the first did. The ids of its inputs end with a digest of that: Slack keeps
what was entered in a view that is replaced where ids stay the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import limits
from bot.blocks.admin import PREFIX, Field, channel, confirmed, day, pages, people, radio, row, several, typed
from bot.blocks.message import Block, actions, button, context, header, modal, section
from bot.blocks.text import TO_THE_MINUTE, as_day, inert, person, when
from flywheel.channels import ChannelSettings, Mode

EDIT = f"{PREFIX}channel_edit"
PAGE = f"{PREFIX}channel_page"
PAGE_BEFORE = f"{PREFIX}channel_page_before"
BACK = f"{PREFIX}channel_back"
UNMUTE = f"{PREFIX}channel_unmute"
STOP_READING = f"{PREFIX}channel_stop"
FORM = f"{PREFIX}channel_form"
LIST = f"{PREFIX}channel_list"
PERSONA = 500
EXPERTS = 20
ON_A_PAGE = 20
_NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """One channel in the list: its settings, what is to be said of its threshold, and the names of its sources."""

    settings: ChannelSettings
    threshold: str = ""
    sources: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the list, counted from 0, of all channels that the bot is in."""

    rows: Sequence[Listed]
    number: int = 0
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Form:
    """A channel's settings to be changed.

    `about` comes back with the form, `mark` ends the ids of its inputs. `sources` are all there are, as (id, name)
    pairs, and `chosen` the ids of those set; `priced` tells that costs can be counted.
    """

    settings: ChannelSettings
    about: str
    mark: str
    sources: Sequence[tuple[str, str]] = ()
    chosen: Sequence[str] = ()
    priced: bool = False
    threshold: str = ""
    changed: tuple[str, datetime] | None = None


def channels_view(page: Page, notice: str = "") -> Block:
    """Render the channels that the bot is in."""
    none = "I am in no channel yet. Invite me with `/invite` and my name, and the channel appears here."
    rows = [_row(one) for one in page.rows] or [section(none)]
    blocks = [*([context(notice)] if notice else []), *rows, *pages(page.number, page.pages, PAGE_BEFORE, PAGE)]
    return modal("Channels", blocks, callback_id=LIST, about=str(page.number))


def form_view(form: Form, notice: str = "") -> Block:
    """Render the form for one channel; a notice stands above it."""
    settings, mark = form.settings, form.mark
    blocks = [
        section(f"*{channel(settings.channel)}*{_by(form)}"),
        *([section(notice)] if notice else []),
        *_muted(settings),
        radio(Field(f"mode:{mark}", "When do I speak?", optional=False), _MODES, settings.mode.value),
        *_auto(form),
        header("How and from what I answer"),
        typed(
            Field(f"persona:{mark}", "Tone", "How to sound here, such as: informal, brief. It cannot change any rule."),
            settings.persona,
            longest=PERSONA,
            multiline=True,
        ),
        *_sources(form),
        people(
            Field(f"experts:{mark}", "On call", "Who is asked when I cannot answer."), settings.experts, most=EXPERTS
        ),
        *_reading(form),
        actions("back", [button("Back to the list", BACK, "0")]),
    ]
    return modal("Channel", blocks, callback_id=FORM, about=form.about, submit="Save")


_MODES = (
    (Mode.ASKED.value, "Only when somebody asks me"),
    (Mode.AUTO.value, "Also unasked, where I am sure of the answer"),
)


def _auto(form: Form) -> list[Block]:
    settings, mark = form.settings, form.mark
    threshold = "" if settings.threshold is None else f"{settings.threshold:g}"
    cost = "" if settings.daily_cost is None else f"{settings.daily_cost:g}"
    hint = "Between 0 and 1. Empty: the default, tuned from this channel's votes."
    priced = "Empty: no limit." if form.priced else "Costs cannot be counted: no prices are configured."
    return [
        header("When I speak unasked"),
        *([context(inert(form.threshold))] if form.threshold else []),
        typed(Field(f"threshold:{mark}", "How sure I must be", hint), threshold, longest=10),
        typed(
            Field(f"daily_answers:{mark}", "Answers a day at most", optional=False),
            str(settings.daily_answers),
            longest=6,
        ),
        typed(
            Field(f"daily_cost:{mark}", "Cost a day at most, in US dollars", priced),
            cost,
            longest=10,
        ),
    ]


def _sources(form: Form) -> list[Block]:
    if not form.sources:
        return []
    hint = "Answers here come only from these. None chosen: from everything that all readers may see."
    return [several(Field(f"sources:{form.mark}", "Sources", hint), form.sources, form.chosen)]


def _reading(form: Form) -> list[Block]:
    since = form.settings.read_since
    hint = "Messages from this day on become knowledge, for those who may read this channel."
    field = Field(f"read_since:{form.mark}", "Read this channel since", hint)
    picker = day(field, f"{since:%Y-%m-%d}" if since else "")
    if since is None:
        return [header("Messages as knowledge"), picker]
    stop = confirmed(
        button("Stop reading", STOP_READING, form.settings.channel, style="danger"),
        "What I have read of this channel is deleted from my knowledge. Answers that cite it are checked again.",
        "Stop and delete",
    )
    return [header("Messages as knowledge"), picker, actions("reading", [stop])]


def _muted(settings: ChannelSettings) -> list[Block]:
    if settings.muted_at is None:
        return []
    said = f"I keep quiet here since {when(settings.muted_at, TO_THE_MINUTE)}. {inert(settings.muted_why)}"
    return [section(said), actions("muted", [button("Speak again", UNMUTE, settings.channel)])]


def _by(form: Form) -> str:
    if form.changed is None:
        return "\nNobody has changed anything here yet."
    who, at = form.changed
    return f"\nLast changed by {person(who) if who != 'flywheel' else 'me, from votes'}, {when(at, TO_THE_MINUTE)}"


def _row(one: Listed) -> Block:
    settings = one.settings
    lines = [f"*{channel(settings.channel)}*", _mode(one)]
    if settings.muted_at is not None:
        lines.append(f"I keep quiet since {when(settings.muted_at, TO_THE_MINUTE)}. {inert(settings.muted_why)}")
    parts = " · ".join(_parts(one))
    lines.append(parts[:1].upper() + parts[1:])
    said = "\n".join(line for line in lines if line)
    edit = button("Edit", EDIT, settings.channel) | {"accessibility_label": "Edit the settings of this channel"}
    return row(limits.clip(said, 1_000), edit)


def _mode(one: Listed) -> str:
    settings = one.settings
    if settings.mode is Mode.ASKED:
        return "Answers when asked"
    cost = f", ${settings.daily_cost:.2f}" if settings.daily_cost is not None else ""
    return f"Also answers unasked, up to {settings.daily_answers} a day{cost}. {inert(one.threshold)}".strip()


def _parts(one: Listed) -> list[str]:
    settings, parts = one.settings, []
    if settings.persona:
        parts.append("own tone")
    if one.sources:
        shown = ", ".join(inert(name) for name in one.sources[:_NAMES_SHOWN])
        more = len(one.sources) - _NAMES_SHOWN
        parts.append(f"only from {shown}" + (f" and {more} more" if more > 0 else ""))
    if settings.experts:
        parts.append("on call: " + ", ".join(person(one) for one in sorted(settings.experts)[:_NAMES_SHOWN]))
    if settings.read_since:
        parts.append(f"read since {as_day(settings.read_since.date())}")
    return parts
