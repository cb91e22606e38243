"""The control calls that bend the rules: faults, lost and doubled deliveries, limits, broken sockets, time, a fresh
start."""

from random import Random
from typing import Any

from bot.simulator.errors import BadRequest
from bot.simulator.faults import DeliveryTrouble, Fault
from bot.simulator.form import Form
from bot.simulator.outbound import ShipmentKind
from bot.simulator.simulator import Simulator

_MOST_TIMES = 10_000
_LONGEST_DELAY_SECONDS = 600
_FURTHEST_SECONDS = 10 * 365 * 24 * 3600
_GOODBYES = ("warning", "refresh_requested", "link_disabled", "abrupt")


def prepare(simulator: Simulator, form: Form) -> dict[str, Any]:
    """Prepare what happens to the next calls of a Web API method."""
    fault = Fault(
        method=form.text("method"),
        status=int(form.number("status", 200, most=599)),
        error=form.optional("error"),
        retry_after=int(form.number("retry_after", 0, most=_LONGEST_DELAY_SECONDS)),
        delay=form.number("delay", 0, most=_LONGEST_DELAY_SECONDS),
        lose_reply=form.flag("lose_reply"),
    )
    simulator.faults.add(fault, int(form.number("times", 1, most=_MOST_TIMES)))
    return {}


def disturb(simulator: Simulator, form: Form) -> dict[str, Any]:
    """Double, drop or hold back deliveries with these probabilities."""
    odds = {name: form.number(name, 0, most=1) for name in ("duplicate", "drop", "reorder")}
    if "seed" in form.given:
        simulator.workspace.ids.reseed(Random(int(form.number("seed", 0, most=2**53))))  # noqa: S311 - repeatable, not secret
    simulator.deliveries.trouble = DeliveryTrouble(**odds)
    return {}


def limit(simulator: Simulator, form: Form) -> dict[str, Any]:
    """Switch the limit of one message per second and channel on or off."""
    simulator.limiter.on = form.flag("on")
    return {}


def hang_up(simulator: Simulator, form: Form) -> dict[str, Any]:
    """Disconnect every Socket Mode line, politely or not."""
    reason = form.optional("disconnect", "refresh_requested")
    if reason not in _GOODBYES:
        raise BadRequest(f"disconnect must be one of {', '.join(_GOODBYES)}")
    simulator.socket.disconnect(reason)
    return {}


def verify(simulator: Simulator, form: Form) -> dict[str, Any]:  # noqa: ARG001 - every control call takes a form
    """Ask the app to prove that it owns its request address, as Slack does when the address is entered."""
    challenge = simulator.workspace.ids.fresh("", 32)
    asked = {"type": "url_verification", "token": "simulator-verification-token", "challenge": challenge}
    reply = simulator.deliveries.exchange(ShipmentKind.EVENT, asked)
    said = reply.body.get("challenge") if isinstance(reply.body, dict) else reply.body
    if not reply.ok or said != challenge:
        raise BadRequest("the app did not return the challenge", status=502)
    return {}


def advance(simulator: Simulator, form: Form) -> dict[str, Any]:
    """Jump forward in time."""
    simulator.workspace.clock.advance(form.number("advance", 0, most=_FURTHEST_SECONDS))
    return {"now": simulator.workspace.clock.seconds()}


def reset(simulator: Simulator, form: Form) -> dict[str, Any]:  # noqa: ARG001 - every control call takes a form
    """Start afresh."""
    simulator.reset()
    return {}
