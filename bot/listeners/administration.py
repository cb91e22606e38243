"""`/flywheel` and the administration on the Home tab: panels in modals, and what is done in them.

Front opens and turns pages, and stores forms while Slack waits. Back does what takes longer, lists what is shown as a
message, and brings the view up to date. Whether somebody administers the bot is asked each time anew: who lost the
right with a form open loses it there too.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk.errors import SlackApiError

from bot import (
    administering,
    auditing,
    breaching,
    carding,
    channeling,
    experimenting,
    releasing,
    report_answers,
    sourcing,
    workspace_limits,
)
from bot.administering import COMMAND, REFUSAL
from bot.blocks import admin_audit, admin_channel, admin_settings, admin_source
from bot.blocks.admin import TITLES, Panel, opens, said_view
from bot.blocks.admin_help import help_message
from bot.blocks.card import waiting_view
from bot.blocks.message import Block, Message, note
from bot.click import Click, clicked
from bot.face import Face, say, tell
from bot.outbox import Outgoing

REVIEW = "review"
_REPORT_NOW = "report now"
_MADE = "I am making this week's report. It comes in a direct message in a minute."
_MADE_HERE = "I am making this week's report; it comes here in a minute, for you alone."
_WAITING = "One moment…"
_SAVED = "Saved."
_OVERTAKEN = frozenset({"not_found", "hash_conflict"})
_PANELS: Mapping[Panel, Callable[[Face], Block]] = {
    Panel.CHANNELS: channeling.listed,
    Panel.SOURCES: sourcing.listed,
    Panel.REPORT: workspace_limits.schedule,
    Panel.BUDGETS: workspace_limits.budgets,
    Panel.AUDIT: auditing.shown,
}
_LISTS: Mapping[str, Callable[[Face], Message]] = {
    "releases": lambda face: releasing.models(face.core),
    "models": lambda face: releasing.models(face.core),
    "experiments": lambda face: experimenting.overview(face.core),
    "thresholds": lambda face: breaching.overview(face.core),
}
_TURNS: Mapping[str, Callable[[Face, Click], Block]] = {
    admin_channel.EDIT: lambda face, click: channeling.form(face, click.value),
    admin_channel.PAGE: lambda face, click: channeling.listed(face, int(click.value)),
    admin_channel.PAGE_BEFORE: lambda face, click: channeling.listed(face, int(click.value)),
    admin_channel.BACK: lambda face, click: channeling.listed(face, int(click.value or 0)),
    admin_source.PAGE: lambda face, click: sourcing.listed(face, int(click.value)),
    admin_source.PAGE_BEFORE: lambda face, click: sourcing.listed(face, int(click.value)),
    admin_source.REFRESH: lambda face, _click: sourcing.listed(face),
    admin_audit.OLDER: lambda face, click: auditing.shown(face, int(click.value)),
    admin_audit.NEWEST: lambda face, _click: auditing.shown(face),
}
"""What shows something else in the same view."""


def word(body: Mapping[str, Any]) -> str:
    """Return what was typed after `/flywheel`, in small letters."""
    return " ".join(str(body.get("text") or "").lower().split())


def opens_a_view(body: Mapping[str, Any]) -> bool:
    """Tell whether a command opens a view, which cannot wait for a worker."""
    return body.get("command") == COMMAND and word(body) in {*Panel, REVIEW}


def register_front(front: App, face: Face) -> None:
    """Open panels, turn pages, store forms."""

    @front.command(COMMAND, matchers=[opens_a_view])
    def command(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        _open(face, str(body["trigger_id"]), str(body["user_id"]), word(body))

    for panel in Panel:
        front.action(opens(panel))(_opener(face, panel))

    def turn(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        click, view = clicked(body), body["view"]
        may = administering.may(face, click.person)
        shown = _TURNS[click.action](face, click) if may else said_view("Flywheel", REFUSAL)
        face.client.views_update(view_id=view["id"], hash=view.get("hash"), view=shown)

    for action in _TURNS:
        front.action(action)(turn)

    @front.action(admin_source.UNREAD)
    def unread(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        may = administering.may(face, click.person)
        shown = sourcing.unread(face, click.value) if may else said_view("Flywheel", REFUSAL)
        face.client.views_push(trigger_id=click.trigger, view=shown)

    @front.view(admin_channel.FORM)
    def channel(ack: Ack, body: dict[str, Any]) -> None:
        _store(face, ack, body, _save_channel)

    @front.view(admin_settings.BUDGETS)
    def budgets(ack: Ack, body: dict[str, Any]) -> None:
        _store(face, ack, body, _save_budgets)

    @front.view(admin_settings.REPORT)
    def report(ack: Ack, body: dict[str, Any]) -> None:
        _store(face, ack, body, _save_schedule)


def register(back: App, face: Face) -> None:
    """Answer the command where it opens nothing, and do what takes longer."""

    @back.command(COMMAND)
    def command(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        if not opens_a_view(body):
            _answer(face, body)

    def act(body: dict[str, Any]) -> None:
        click = clicked(body)
        shown = _ACTS[click.action](face, click) if administering.may(face, click.person) else None
        _show(face, body["view"], shown or said_view("Flywheel", REFUSAL))

    for action in _ACTS:
        back.action(action)(act)

    @back.action(admin_settings.REPORT_NOW)
    def report_now(body: dict[str, Any]) -> None:
        click = clicked(body)
        key = hashlib.sha256(click.key.encode()).hexdigest()[:40]
        may = administering.may(face, click.person)
        tell(face, click.person, _MADE if may else REFUSAL, f"report-asked:{key}")
        if may:
            report_answers.order(face, key, click.person, None)


def _open(face: Face, trigger: str, person: str, wanted: str) -> None:
    """Open a view within Slack's three seconds, and then fill it, which may take longer."""
    if not administering.may(face, person):
        face.client.views_open(trigger_id=trigger, view=said_view("Flywheel", REFUSAL))
        return
    first = waiting_view() if wanted == REVIEW else said_view(TITLES[Panel(wanted)], _WAITING)
    opened = face.client.views_open(trigger_id=trigger, view=first)
    filled = carding.first(face, person) if wanted == REVIEW else _PANELS[Panel(wanted)](face)
    face.client.views_update(view_id=opened["view"]["id"], view=filled)


def _opener(face: Face, panel: Panel) -> Callable[[Ack, dict[str, Any]], None]:
    def open_panel(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        _open(face, click.trigger, click.person, panel)

    return open_panel


def _answer(face: Face, body: Mapping[str, Any]) -> None:
    person, said = str(body["user_id"]), word(body)
    key = hashlib.sha256(str(body["trigger_id"]).encode()).hexdigest()[:40]
    url, may = str(body["response_url"]), administering.may(face, person)
    if not may:
        made = note(REFUSAL)
    elif said == _REPORT_NOW:
        made = note(_MADE_HERE)
    else:
        made = _LISTS[said](face) if said in _LISTS else help_message(said)
    say(face, Outgoing(f"administration:{key}", made, response_url=url, asker=person))
    if may and said == _REPORT_NOW:
        report_answers.order(face, key, person, url)


Shown = tuple[Mapping[str, str], Block]
"""What is wrong with a form, by block, or else the view to show next."""


def _store(
    face: Face, ack: Any, body: Mapping[str, Any], save: Callable[[Face, Mapping[str, Any], str], Shown]
) -> None:
    person = str(body["user"]["id"])
    if not administering.may(face, person):
        ack(response_action="update", view=said_view("Flywheel", REFUSAL))
        return
    errors, shown = save(face, body["view"], person)
    if errors:
        ack(response_action="errors", errors=dict(errors))
    else:
        ack(response_action="update", view=shown)


def _save_channel(face: Face, view: Mapping[str, Any], person: str) -> Shown:
    saved = channeling.save(face, view, person)
    if saved.errors or saved.again is not None:
        return saved.errors, saved.again or {}
    return {}, channeling.listed(face, notice=channeling.follow_up(face, saved, person))


def _save_budgets(face: Face, view: Mapping[str, Any], person: str) -> Shown:
    saved = workspace_limits.save_budgets(face, view, person)
    return saved.errors, saved.again or said_view(TITLES[Panel.BUDGETS], _SAVED)


def _save_schedule(face: Face, view: Mapping[str, Any], person: str) -> Shown:
    saved = workspace_limits.save_schedule(face, view, person)
    return saved.errors, saved.again or said_view(TITLES[Panel.REPORT], _SAVED)


def _unmute(face: Face, click: Click) -> Block:
    channeling.unmute(face, click.value, click.person)
    return channeling.form(face, click.value)


def _stop_reading(face: Face, click: Click) -> Block:
    channeling.stop_reading(face, click.value, click.person)
    return channeling.form(face, click.value)


def _read_again(face: Face, click: Click) -> Block:
    key = hashlib.sha256(click.key.encode()).hexdigest()[:40]
    return sourcing.listed(face, notice=sourcing.read_again(face, click.value, click.person, key))


def _take_out(face: Face, click: Click) -> Block:
    return sourcing.listed(face, notice=sourcing.take_out(face, click.value, click.person))


_ACTS: Mapping[str, Callable[[Face, Click], Block]] = {
    admin_channel.UNMUTE: _unmute,
    admin_channel.STOP_READING: _stop_reading,
    admin_source.READ_AGAIN: _read_again,
    admin_source.TAKE_OUT: _take_out,
}
"""What changes something and then shows the view anew."""


def _show(face: Face, view: Mapping[str, Any], shown: Block) -> None:
    """Show something in a view that is perhaps closed by now."""
    try:
        face.client.views_update(view_id=view["id"], view=shown)
    except SlackApiError as error:
        if error.response.get("error") not in _OVERTAKEN:
            raise
