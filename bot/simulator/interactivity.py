"""What people do to the app: click, run a command, use a shortcut, type into a menu (`modals.py` has the modals).

Each becomes the payload Slack would send. A person hears of a failure as text, as in Slack: `NotAcked` when nothing
answered in time.
"""

from dataclasses import dataclass, field

from bot.simulator import posting
from bot.simulator.channel import Channel, Message
from bot.simulator.errors import BadRequest, SlackError
from bot.simulator.exchange import Json, NotAcked, exchange, frame, place, spoken_name
from bot.simulator.formcheck import values_of
from bot.simulator.install import Shortcut
from bot.simulator.modals import own_view
from bot.simulator.outbound import ShipmentKind
from bot.simulator.responseurl import respond
from bot.simulator.simulator import Simulator
from bot.simulator.triggers import Origin


@dataclass(frozen=True, slots=True)
class Click:
    """One use of an interactive element; `entered` is what it now holds, `state` the other inputs around it."""

    person: str
    block_id: str
    action_id: str
    channel: str = ""
    ts: str = ""
    view_id: str = ""
    entered: Json = field(default_factory=dict)
    state: Json = field(default_factory=dict)


def click(simulator: Simulator, click: Click) -> None:
    """Send block_actions; raises BadRequest for an element that is not there and NotAcked."""
    where, blocks = _surface(simulator, click)
    element = find_element(blocks, click.block_id, click.action_id)
    if click.person not in element.get("visible_to_user_ids", (click.person,)):
        raise BadRequest(f"{click.action_id} is not shown to {click.person}", status=403)
    action = {"type": element["type"], "action_id": click.action_id, "block_id": click.block_id} | click.entered
    for key in ("text", "value"):
        if key in element:
            action.setdefault(key, element[key])
    action["action_ts"] = simulator.workspace.ids.ts(simulator.workspace.clock.now())
    payload = frame(simulator, "block_actions", click.person) | where
    if element["type"] not in ("button", "feedback_buttons", "icon_button", "workflow_button"):
        click.state.setdefault(click.block_id, {})[click.action_id] = {"type": element["type"]} | click.entered
    if "view" in where:
        where["view"]["state"]["values"] = values_of(blocks, click.state)
    else:
        payload["state"] = {"values": values_of(blocks, click.state)}
    exchange(simulator, payload | {"actions": [action]})


def run_command(simulator: Simulator, person: str, channel: Channel, said: tuple[str, str]) -> None:
    """Run a slash command, `said` being its name and its text; raises BadRequest for an unknown one and NotAcked."""
    command, words = said
    offered = next((known for known in simulator.install.commands if known.command == command), None)
    if offered is None:
        raise BadRequest(f"{command} is not a valid command")
    if offered.should_escape:
        words = posting.typed(simulator.workspace, person, words)["text"]
    workspace, origin = simulator.workspace, Origin(person, channel.id)
    form = {
        "token": "simulator-verification-token",
        "team_id": workspace.team.id,
        "team_domain": workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": spoken_name(channel),
        "user_id": person,
        "user_name": workspace.person(person).name,
        "command": command,
        "text": words,
        "api_app_id": workspace.team.app_id,
        "is_enterprise_install": "false",
        "response_url": simulator.response_url(origin),
        "trigger_id": simulator.trigger(origin),
    }
    reply = simulator.deliveries.exchange(ShipmentKind.COMMAND, form)
    if not reply.ok:
        raise NotAcked(reply)
    if isinstance(reply.body, dict) and (reply.body.get("text") or reply.body.get("blocks")):
        respond(simulator, origin, reply.body)
    elif isinstance(reply.body, str) and reply.body:
        respond(simulator, origin, {"text": reply.body})


def use_shortcut(
    simulator: Simulator, person: str, shortcut: Shortcut, message: tuple[Channel, Message] | None
) -> None:
    """Use a global or a message shortcut; raises NotAcked."""
    if message is None:
        payload = frame(simulator, "shortcut", person)
        origin = Origin(person)
    else:
        channel, about = message
        origin = Origin(person, channel.id, about["ts"], about.get("thread_ts", ""))
        payload = frame(simulator, "message_action", person) | {
            "channel": place(channel),
            "message": {k: v for k, v in about.items() if k != "metadata"},
            "message_ts": about["ts"],
            "response_url": simulator.response_url(Origin(person, channel.id)),
        }
    stamp = simulator.workspace.ids.ts(simulator.workspace.clock.now())
    payload |= {"callback_id": shortcut.callback_id, "action_ts": stamp, "trigger_id": simulator.trigger(origin)}
    exchange(simulator, payload)


def suggest(simulator: Simulator, click: Click, typed: str) -> Json:
    """Ask the app for a menu's options; returns {options} or {option_groups}."""
    where, blocks = _surface(simulator, click)
    element = find_element(blocks, click.block_id, click.action_id)
    if not element["type"].endswith("external_select"):
        raise BadRequest(f"{click.action_id} does not take its options from the app")
    for unused in ("response_url", "trigger_id"):
        where.pop(unused, None)
    payload = frame(simulator, "block_suggestion", click.person) | where
    asked = {"action_id": click.action_id, "block_id": click.block_id, "value": typed}
    answer = exchange(simulator, payload | asked).body
    return answer if isinstance(answer, dict) else {"options": []}


def find_element(blocks: list[Json], block_id: str, action_id: str) -> Json:
    """Return the interactive element with these ids; raises BadRequest 404."""
    for block in _flat(blocks):
        if block.get("block_id") != block_id:
            continue
        candidates = [
            *block.get("elements", ()),
            block.get("accessory"),
            block.get("element"),
            *block.get("actions", ()),
        ]
        for element in candidates:
            if isinstance(element, dict) and element.get("action_id") == action_id:
                return element
    raise BadRequest(f"there is no {action_id} in block {block_id}", status=404)


def _flat(blocks: list[Json]) -> list[Json]:
    flat: list[Json] = []
    for block in blocks:
        flat += [block, *_flat(block.get("child_blocks", []))]
        if block.get("type") == "carousel":
            flat += _flat(block.get("elements", []))
    return flat


def _surface(simulator: Simulator, click: Click) -> tuple[Json, list[Json]]:
    if click.view_id:
        view = own_view(simulator, click.person, click.view_id)
        trigger = simulator.trigger(Origin(click.person, view_id=click.view_id))
        shown = view | {"state": {"values": {}}}
        on_view = {"type": "view", "view_id": click.view_id}
        return {"container": on_view, "view": shown, "trigger_id": trigger}, view["blocks"]
    channel = simulator.workspace.visible(click.channel, click.person)
    message, ephemeral = _shown_message(channel, click)
    origin = Origin(click.person, channel.id, click.ts, message.get("thread_ts", ""), ephemeral)
    container: Json = {"type": "message", "message_ts": click.ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    where: Json = {
        "container": container,
        "channel": place(channel),
        "trigger_id": simulator.trigger(origin),
        "response_url": simulator.response_url(origin),
    }
    if not ephemeral:
        where["message"] = {k: v for k, v in message.items() if k != "metadata"}
    return where, message.get("blocks", []) + [b for a in message.get("attachments", ()) for b in a.get("blocks", ())]


def _shown_message(channel: Channel, click: Click) -> tuple[Message, bool]:
    for person, message in channel.ephemerals:
        if message["ts"] == click.ts and person == click.person:
            return message, True
    try:
        return channel.message(click.ts), False
    except SlackError as error:
        raise BadRequest(f"there is no message {click.ts}", status=404) from error
