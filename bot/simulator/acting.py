"""What a person does on the page: every function takes the simulator and a form, and answers with a JSON object.

`as` names the person; what they may not see does not exist for them.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Any

from bot.simulator import interactivity, modals, posting
from bot.simulator.channel import Channel, Message
from bot.simulator.errors import BadRequest, SlackError
from bot.simulator.form import Form
from bot.simulator.interactivity import Click
from bot.simulator.people import Kind
from bot.simulator.simulator import Simulator

Json = dict[str, Any]
Deed = Callable[[Simulator, Form], Json]
_ENTERED = (
    "value", "selected_option", "selected_options", "selected_user", "selected_users", "selected_channel",
    "selected_channels", "selected_conversation", "selected_conversations", "selected_date", "selected_time",
    "selected_date_time",
)  # fmt: skip


def post_message(simulator: Simulator, form: Form) -> Json:
    """Say something, with or without files."""
    person = actor(simulator, form)
    channel = _member_of(simulator, form, person)
    workspace = simulator.workspace
    fields = posting.typed(workspace, person, form.optional("text"))
    files = [_upload(simulator, person, entry) for entry in form.listed("files")]
    if files:
        fields |= {"files": files, "subtype": "file_share"}
    if not fields["text"] and not files:
        raise BadRequest("text must not be empty")
    if form.optional("thread_ts"):
        fields["thread_ts"] = form.text("thread_ts")
    if form.flag("broadcast"):
        fields["subtype"] = "thread_broadcast"
    return {"ts": posting.post(workspace, channel, fields)["ts"]}


def edit_message(simulator: Simulator, form: Form) -> Json:
    """Change one's own message."""
    person = actor(simulator, form)
    channel = _member_of(simulator, form, person)
    message = _message(channel, form.text("ts"))
    if message.get("user") != person:
        raise BadRequest("only its author can edit a message", status=403)
    typed = posting.typed(simulator.workspace, person, form.text("text"))
    stamp = simulator.workspace.ids.ts(simulator.workspace.clock.now())
    changes = {"text": typed["text"], "blocks": typed.get("blocks"), "edited": {"user": person, "ts": stamp}}
    posting.edit(simulator.workspace, channel, message["ts"], changes)
    return {}


def delete_message(simulator: Simulator, form: Form) -> Json:
    """Delete one's own message, or as an administrator anybody's."""
    person = actor(simulator, form)
    channel = _member_of(simulator, form, person)
    message = _message(channel, form.text("ts"))
    if message.get("user") != person and not simulator.workspace.person(person).is_admin:
        raise BadRequest("only its author or an administrator can delete a message", status=403)
    posting.delete(simulator.workspace, channel, message["ts"])
    return {}


def react(simulator: Simulator, form: Form) -> Json:
    """Add or take back a reaction."""
    person = actor(simulator, form)
    channel = _member_of(simulator, form, person)
    message, name = _message(channel, form.text("ts")), form.text("name").strip(":")
    change = posting.unreact if form.flag("remove") else posting.react
    change(simulator.workspace, channel, message["ts"], name, person)
    return {}


def click(simulator: Simulator, form: Form) -> Json:
    """Use an interactive element."""
    interactivity.click(simulator, _click(simulator, form))
    return {}


def suggest(simulator: Simulator, form: Form) -> Json:
    """Ask the app for a menu's options."""
    return interactivity.suggest(simulator, _click(simulator, form), form.optional("value"))


def submit_view(simulator: Simulator, form: Form) -> Json:
    """Submit a modal."""
    return modals.submit(simulator, actor(simulator, form), form.text("view_id"), form.structure("state"))


def close_view(simulator: Simulator, form: Form) -> Json:
    """Close a modal."""
    modals.close(simulator, actor(simulator, form), form.text("view_id"))
    return {}


def run_command(simulator: Simulator, form: Form) -> Json:
    """Run a slash command."""
    person = actor(simulator, form)
    channel = simulator.workspace.visible(form.text("channel"), person)
    interactivity.run_command(simulator, person, channel, (form.text("command"), form.optional("text")))
    return {}


def use_shortcut(simulator: Simulator, form: Form) -> Json:
    """Use a shortcut, on a message or anywhere."""
    person, kind, callback = actor(simulator, form), form.text("type"), form.text("callback_id")
    found = [s for s in simulator.install.shortcuts if s.type == kind and s.callback_id == callback]
    if not found:
        raise BadRequest(f"there is no {kind} shortcut {callback}", status=404)
    message = None
    if kind == "message":
        channel = simulator.workspace.visible(form.text("channel"), person)
        message = (channel, _message(channel, form.text("ts")))
    interactivity.use_shortcut(simulator, person, found[0], message)
    return {}


def open_home(simulator: Simulator, form: Form) -> Json:
    """Open the app's Home or messages tab."""
    person, tab, workspace = actor(simulator, form), form.text("tab"), simulator.workspace
    if tab not in ("home", "messages"):
        raise BadRequest("tab must be home or messages")
    channel = workspace.open_dm([person, workspace.bot])
    stamp = workspace.ids.ts(workspace.clock.now())
    event: Json = {"type": "app_home_opened", "user": person, "channel": channel.id, "tab": tab, "event_ts": stamp}
    event |= {"context": _context(simulator, form, person)} if tab == "messages" else {}
    view = simulator.views.home(person)
    workspace.emit(event | ({"view": view} if view and tab == "home" else {}), None)
    return {"channel": channel.id}


def look_at(simulator: Simulator, form: Form) -> Json:
    """Look at a channel, or at none, while the app is open beside it."""
    person, workspace = actor(simulator, form), simulator.workspace
    own = workspace.open_dm([person, workspace.bot])
    stamp = workspace.ids.ts(workspace.clock.now())
    event: Json = {"type": "app_context_changed", "user": person, "channel": own.id, "event_ts": stamp}
    workspace.emit(event | {"context": _context(simulator, form, person)}, None)
    return {}


def open_dm(simulator: Simulator, form: Form) -> Json:
    """Open the direct conversation with other people."""
    person = actor(simulator, form)
    others = [str(user) for user in form.listed("users")]
    if not others:
        raise BadRequest("users must name somebody")
    return {"channel": simulator.workspace.open_dm([person, *others]).id}


def join(simulator: Simulator, form: Form) -> Json:
    """Join a public channel."""
    person = actor(simulator, form)
    channel = simulator.workspace.visible(form.text("channel"), person)
    if channel.kind != Kind.CHANNEL:
        raise BadRequest("only public channels can be joined", status=403)
    posting.join(simulator.workspace, channel, person)
    return {}


def invite(simulator: Simulator, form: Form) -> Json:
    """Bring somebody, the bot for instance, into a channel."""
    person = actor(simulator, form)
    channel = _member_of(simulator, form, person)
    user = simulator.workspace.person(form.text("user")).id
    posting.join(simulator.workspace, channel, user, inviter=person)
    return {}


def leave(simulator: Simulator, form: Form) -> Json:
    """Leave a channel."""
    person = actor(simulator, form)
    posting.leave(simulator.workspace, _member_of(simulator, form, person), person)
    return {}


def create_channel(simulator: Simulator, form: Form) -> Json:
    """Make a channel."""
    person = actor(simulator, form)
    made = simulator.workspace.create_channel(form.text("name"), person, private=form.flag("private"))
    return {"channel": made.id}


def stop_session(simulator: Simulator, form: Form) -> Json:
    """Press the stop button of a streaming answer."""
    person, workspace = actor(simulator, form), simulator.workspace
    channel, thread = workspace.visible(form.text("channel"), person), form.text("thread_ts")
    stopped = simulator.sessions.stop_by_person(channel.id, thread)
    for ts in stopped:  # what stands, stands
        posting.edit(workspace, channel, ts, {"streaming_state": None})
    event: Json = {"type": "agent_session_stopped", "channel": channel.id, "user": person, "thread_ts": thread}
    event |= {"streaming_message_ts": stopped, "event_ts": workspace.ids.ts(workspace.clock.now())}
    workspace.emit(event, channel)
    return {"stopped": stopped}


def actor(simulator: Simulator, form: Form) -> str:
    """Return the acting person's id; raises BadRequest 404 for a stranger."""
    person = simulator.workspace.people.get(form.text("as"))
    if person is None or person.deleted:
        raise BadRequest(f"nobody here is {form.text('as')}", status=404)
    return person.id


def _context(simulator: Simulator, form: Form, person: str) -> Json:
    """Return what a person looks at as Slack tells it: entities by relevance, or an empty object."""
    if not form.optional("channel"):
        return {}
    seen, team = simulator.workspace.visible(form.text("channel"), person), simulator.workspace.team.id
    return {"entities": [{"type": "slack#/types/channel_id", "value": seen.id, "team_id": team}]}


def _member_of(simulator: Simulator, form: Form, person: str) -> Channel:
    channel = simulator.workspace.visible(form.text("channel"), person)
    if person not in channel.members:
        raise BadRequest(f"{person} is not in this channel", status=403)
    return channel


def _message(channel: Channel, ts: str) -> Message:
    try:
        return channel.message(ts)
    except SlackError as error:
        raise BadRequest(f"there is no message {ts}", status=404) from error


def _click(simulator: Simulator, form: Form) -> Click:
    entered = {key: form.given[key] for key in _ENTERED if form.given.get(key) is not None}
    return Click(
        person=actor(simulator, form),
        block_id=form.text("block_id"),
        action_id=form.text("action_id"),
        channel=form.optional("channel"),
        ts=form.optional("ts"),
        view_id=form.optional("view_id"),
        entered=entered,
        state=form.structure("state"),
    )


def _upload(simulator: Simulator, person: str, entry: Any) -> Json:
    form = Form(entry)
    try:
        content = base64.b64decode(form.text("content_base64"), validate=True)
    except binascii.Error as error:
        raise BadRequest("content_base64 is not base64") from error
    created = int(simulator.workspace.clock.seconds())
    stored = simulator.files.reserve(form.text("name"), form.optional("alt_txt"), person, created)
    stored.content, stored.completed = content, True
    return stored.as_file(simulator.base_url)
