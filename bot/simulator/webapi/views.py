"""views.open, push, update and publish.

A view is checked before its trigger is spent, so that a refused view can be corrected within the three seconds.
"""

from typing import Any

from bot.simulator.blockcheck import view_problems
from bot.simulator.errors import SlackError
from bot.simulator.webapi import content
from bot.simulator.webapi.call import Call, Json

_LARGEST_VIEW_BYTES = 250_000


def opened(call: Call) -> Json:
    """views.open"""
    view = _view(call, "modal")
    origin = call.simulator.triggers.spend(_trigger(call))
    return {"view": call.simulator.views.open(origin.person, view)}


def push(call: Call) -> Json:
    """views.push"""
    view = _view(call, "modal")
    origin = call.simulator.triggers.spend(_trigger(call))
    return {"view": call.simulator.views.push(origin.person, view)}


def update(call: Call) -> Json:
    """views.update"""
    if not call.text("view_id") and not call.text("external_id"):
        raise SlackError("invalid_arguments", messages=["[ERROR] view_id or external_id is required"])
    view = _view(call)
    shown = call.simulator.views.find(call.text("view_id"), call.text("external_id"))
    return {"view": call.simulator.views.update(shown, view, call.text("hash"))}


def publish(call: Call) -> Json:
    """views.publish"""
    if not call.simulator.install.home_enabled:
        raise SlackError("not_enabled")
    view = _view(call, "home")
    user = call.workspace.person(call.required("user_id")).id
    return {"view": call.simulator.views.publish(user, view, call.text("hash"))}


def _trigger(call: Call) -> str:
    return call.text("trigger_id") or call.required("interactivity_pointer")


def _view(call: Call, kind: str = "") -> dict[str, Any]:
    given = call.structure("view", "invalid_arguments")
    if not isinstance(given, dict):
        raise SlackError("invalid_arguments", messages=["[ERROR] missing required field: view"])
    return checked(given, kind)


def checked(given: Any, kind: str = "") -> dict[str, Any]:
    """Return a view that Slack would show; raises SlackError invalid_arguments or view_too_large."""
    if kind and given.get("type") != kind:
        raise SlackError("invalid_arguments", messages=[f"[ERROR] must be a {kind} view [json-pointer:/view/type]"])
    content.refuse("invalid_arguments", view_problems(given), "/view")
    if len(str(given).encode()) > _LARGEST_VIEW_BYTES:
        raise SlackError("view_too_large")
    return dict(given)
