"""What administrators of a workspace do to people and channels, and what the app hears of it.

    people/deactivate   the person leaves every channel and can do nothing any more
    people/reactivate   and back; channels are not given back
    people/guest        the person becomes a guest, or with {"guest": false} a full member again
    people/partner      somebody of another organisation, made anew where the id is unknown
    channels/share      a channel is shared with another organisation, or with {"shared": false} no longer
    channels/archive    a channel is archived, or opened again with {"archived": false}
    channels/delete     a channel is deleted for good
    channels/convert    a public channel becomes private, for good

As in Slack, `user_change` comes for every change of a person the bot can see, and a channel's events come whether or
not the bot is in it, private channels apart.
"""

from dataclasses import replace
from typing import Any

from bot.simulator import posting
from bot.simulator.channel import Channel
from bot.simulator.errors import BadRequest
from bot.simulator.form import Form
from bot.simulator.people import Kind, Person
from bot.simulator.simulator import Simulator
from bot.simulator.workspace import Change, Workspace

Json = dict[str, Any]
PARTNER_TEAM = "T9PARTNER"


def deactivate(simulator: Simulator, form: Form) -> Json:
    """Deactivate a person: Slack takes them out of their channels without a word about it."""
    workspace, person = simulator.workspace, _somebody(simulator, form)
    with workspace.lock:
        for channel in workspace.channels.values():
            if channel.kind is not Kind.IM and person.id in channel.members:
                channel.members.remove(person.id)
        _change(simulator, replace(person, deleted=True))
    return {}


def reactivate(simulator: Simulator, form: Form) -> Json:
    """Let a deactivated person in again."""
    _change(simulator, replace(_somebody(simulator, form), deleted=False))
    return {}


def make_guest(simulator: Simulator, form: Form) -> Json:
    """Make a person a guest (of many channels, or of one with {"single": true}), or a full member again."""
    is_guest = bool(form.given.get("guest", True))
    single = is_guest and form.flag("single")
    _change(simulator, replace(_somebody(simulator, form), is_restricted=is_guest, is_ultra_restricted=single))
    return {}


def add_partner(simulator: Simulator, form: Form) -> Json:
    """Have somebody of another organisation; `stranger` says that no shared channel has brought them here yet."""
    workspace, person_id = simulator.workspace, form.text("user")
    known = workspace.people.get(person_id)
    name = form.optional("name", person_id.lower())
    person = known or Person(person_id, name, form.optional("real_name", name.title()))
    team = form.optional("team", PARTNER_TEAM)
    _change(simulator, replace(person, home_team=team, is_stranger=form.flag("stranger")))
    return {"user": person_id}


def share_channel(simulator: Simulator, form: Form) -> Json:
    """Share a channel with another organisation, or end that."""
    channel, team = _channel(simulator, form), form.optional("team", PARTNER_TEAM)
    shared = bool(form.given.get("shared", True))
    if shared:
        channel.shared_with.append(team)
        event: Json = {"type": "channel_shared", "connected_team_id": team}
    else:
        channel.shared_with = [one for one in channel.shared_with if one != team]
        still = bool(channel.shared_with)
        event = {"type": "channel_unshared", "previously_connected_team_id": team, "is_ext_shared": still}
    _announce(simulator.workspace, channel, event)
    return {}


def archive_channel(simulator: Simulator, form: Form) -> Json:
    """Archive a channel, or open it again."""
    channel = _channel(simulator, form)
    channel.archived = bool(form.given.get("archived", True))
    kind = "channel_archive" if channel.archived else "channel_unarchive"
    _announce(simulator.workspace, channel, {"type": kind, "user": form.optional("by", "U1")})
    return {}


def convert_channel(simulator: Simulator, form: Form) -> Json:
    """Make a public channel private; what the app hears of it is a message in the channel."""
    channel, workspace = _channel(simulator, form), simulator.workspace
    person = form.optional("by", "U1")
    with workspace.lock:
        channel.kind = Kind.GROUP
        said = f"<@{person}> has made this channel private"
        posting.post(workspace, channel, {"subtype": "channel_convert_to_private", "user": person, "text": said})
    workspace.tell(Change("state"))
    return {}


def delete_channel(simulator: Simulator, form: Form) -> Json:
    """Delete a channel with everything in it."""
    channel, workspace = _channel(simulator, form), simulator.workspace
    _announce(workspace, channel, {"type": "channel_deleted", "actor_id": form.optional("by", "U1")})
    with workspace.lock:
        del workspace.channels[channel.id]
    workspace.tell(Change("state"))
    return {}


def _somebody(simulator: Simulator, form: Form) -> Person:
    person = simulator.workspace.people.get(form.text("user"))
    if person is None:
        raise BadRequest(f"nobody here is {form.text('user')}", status=404)
    return person


def _channel(simulator: Simulator, form: Form) -> Channel:
    channel = simulator.workspace.channels.get(form.text("channel"))
    if channel is None:
        raise BadRequest(f"no channel {form.text('channel')} here", status=404)
    return channel


def _change(simulator: Simulator, person: Person) -> None:
    workspace = simulator.workspace
    with_email = "users:read.email" in simulator.install.scopes
    with workspace.lock:
        workspace.people[person.id] = person
        stamp = workspace.ids.ts(workspace.clock.now())
        user = person.as_user(workspace.team.id, with_email=with_email)
        event = {"type": "user_change", "user": user, "cache_ts": int(workspace.clock.seconds()), "event_ts": stamp}
        workspace.emit(event, None)
    workspace.tell(Change("state"))


def _announce(workspace: Workspace, channel: Channel, event: Json) -> None:
    stamp = workspace.ids.ts(workspace.clock.now())
    workspace.emit({**event, "channel": channel.id, "event_ts": stamp}, channel if channel.is_private else None)
    workspace.tell(Change("state"))
