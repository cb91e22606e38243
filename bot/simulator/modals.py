"""Submitting and closing modals, and doing what the app answers (`response_action`)."""

from typing import Any

from bot.simulator.errors import BadRequest, SlackError
from bot.simulator.exchange import exchange, frame
from bot.simulator.formcheck import complaints, values_of
from bot.simulator.simulator import Simulator
from bot.simulator.triggers import Origin
from bot.simulator.webapi.views import checked

Json = dict[str, Any]


def submit(simulator: Simulator, person: str, view_id: str, state: Json) -> Json:
    """Send view_submission and do what the app answers; returns {response_action?, errors?}."""
    view = _top_modal(simulator, person, view_id)
    values = values_of(view["blocks"], state)
    view["state"] = {"values": values}
    errors = complaints(view["blocks"], values)
    if errors:
        simulator.views.refuse(view, errors)
        return {"response_action": "errors", "errors": errors}
    view.pop("errors", None)
    origin = Origin(person, view_id=view_id)
    payload = frame(simulator, "view_submission", person)
    payload |= {
        "view": dict(view),
        "trigger_id": simulator.trigger(origin),
        "response_urls": _response_urls(simulator, person, view),
    }
    answer = exchange(simulator, payload).body
    return _obey(simulator, person, view, answer if isinstance(answer, dict) else {})


def close(simulator: Simulator, person: str, view_id: str) -> None:
    """Close the top modal, and say so to the app if the view asked for it."""
    view = _top_modal(simulator, person, view_id)
    for closed in simulator.views.close(person, everything=bool(view["clear_on_close"])):
        if closed["notify_on_close"]:
            payload = frame(simulator, "view_closed", person)
            exchange(simulator, payload | {"view": closed, "is_cleared": bool(view["clear_on_close"])})


def own_view(simulator: Simulator, person: str, view_id: str) -> Json:
    """Return a view that this person looks at; raises BadRequest 404."""
    try:
        view, owner = simulator.views.find(view_id), simulator.views.owner(view_id)
    except SlackError as error:
        raise BadRequest(f"there is no view {view_id}", status=404) from error
    if owner != person:
        raise BadRequest(f"there is no view {view_id}", status=404)
    return view


def _top_modal(simulator: Simulator, person: str, view_id: str) -> Json:
    view = own_view(simulator, person, view_id)
    if simulator.views.stack(person)[-1:] != [view]:
        raise BadRequest(f"{view_id} is not the modal on top", status=409)
    return view


def _obey(simulator: Simulator, person: str, view: Json, answer: Json) -> Json:
    action = answer.get("response_action", "")
    if action == "errors":
        errors = answer.get("errors")
        known = {block.get("block_id") for block in view["blocks"] if block.get("type") == "input"}
        if not isinstance(errors, dict) or not errors or not set(errors) <= known:
            raise BadRequest("the app's errors name no input of this view", status=502)
        simulator.views.refuse(view, errors)
        return {"response_action": "errors", "errors": errors}
    try:
        if action == "update":
            simulator.views.update(view, checked(answer.get("view") or {}, "modal"))
        elif action == "push":
            simulator.views.push(person, checked(answer.get("view") or {}, "modal"))
        elif action in ("", "clear"):
            simulator.views.close(person, everything=action == "clear")
        else:
            raise BadRequest(f"the app answered an unknown response_action {action}", status=502)
    except SlackError as error:
        raise BadRequest(f"the app's view was refused: {error.code} {' '.join(error.messages)}", status=502) from error
    return {"response_action": action} if action else {}


def _response_urls(simulator: Simulator, person: str, view: Json) -> list[Json]:
    urls = []
    for block in view["blocks"]:
        element = block.get("element", {})
        held = view["state"]["values"].get(block.get("block_id"), {}).get(element.get("action_id"), {})
        channel = held.get("selected_conversation") or held.get("selected_channel")
        if element.get("response_url_enabled") and channel:
            ids = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": channel}
            urls.append(ids | {"response_url": simulator.response_url(Origin(person, channel))})
    return urls
