"""One exchange with the app: the frame every interaction has, and what it means when nothing comes back."""

from typing import Any

from bot.simulator.channel import Channel
from bot.simulator.errors import BadRequest
from bot.simulator.outbound import Reply, ShipmentKind
from bot.simulator.simulator import Simulator

Json = dict[str, Any]


class NotAcked(BadRequest):
    """The app did not answer in time, or answered with an error."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"the app did not respond ({reply.reason or reply.status})", status=502)


def exchange(simulator: Simulator, payload: Json) -> Reply:
    """Send an interaction and return the app's answer; raises NotAcked."""
    reply = simulator.deliveries.exchange(ShipmentKind.INTERACTION, payload)
    if not reply.ok:
        raise NotAcked(reply)
    return reply


def frame(simulator: Simulator, kind: str, person: str) -> Json:
    """Return the fields every interaction has."""
    workspace = simulator.workspace
    name = workspace.person(person).name
    team = workspace.team
    return {
        "type": kind,
        "token": "simulator-verification-token",
        "api_app_id": team.app_id,
        "team": {"id": team.id, "domain": team.domain},
        "user": {"id": person, "username": name, "name": name, "team_id": team.id},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def place(channel: Channel) -> Json:
    """Return a conversation as interactions name it."""
    return {"id": channel.id, "name": spoken_name(channel)}


def spoken_name(channel: Channel) -> str:
    """Return the name Slack gives a conversation in interactions."""
    return {"im": "directmessage", "group": "privategroup"}.get(channel.kind.value, channel.name)
