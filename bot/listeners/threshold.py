"""Administrators confirm, change or turn down thresholds, each with a reason; `/ask thresholds` lists them."""

import hashlib
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App

from bot import administering, breaching
from bot.blocks.message import Block, note
from bot.blocks.threshold import (
    CONFIRM,
    CONFIRM_FORM,
    REASON,
    REJECT,
    REJECT_FORM,
    VALUE,
    Row,
    confirm_view,
    decided_view,
    reject_view,
)
from bot.click import clicked
from bot.face import Face, say, tell
from bot.form import entered
from bot.heard import spoken
from bot.outbox import Outgoing
from flywheel.errors import InvalidInput, NotFound
from flywheel.measurement import thresholds
from flywheel.store.thresholds import Threshold

_THRESHOLDS = "thresholds"
_VIEWS: dict[str, Callable[[Row], Block]] = {CONFIRM: confirm_view, REJECT: reject_view}


def register_front(front: App, face: Face) -> None:
    """Open the forms at once, and refuse those without a reason or a value."""

    def open_form(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        proposal = breaching.proposal(face.core, click.value)
        if administering.may(face, click.person):
            view = decided_view() if proposal is None else _VIEWS[click.action](breaching.row(proposal))
            face.client.views_open(trigger_id=click.trigger, view=view)

    for action in _VIEWS:
        front.action(action)(open_form)

    @front.view(CONFIRM_FORM)
    def check_confirmed(ack: Any, view: dict[str, Any]) -> None:
        proposal = breaching.proposal(face.core, str(view["private_metadata"]))
        wrong = _without_reason(view)
        if proposal is None:
            wrong = {REASON: "Somebody has decided on it meanwhile."}
        elif breaching.typed(proposal.metric, entered(view, VALUE)) is None:
            wrong[VALUE] = "Write a number, such as the one that stood here."
        ack(response_action="errors", errors=wrong) if wrong else ack()

    @front.view(REJECT_FORM)
    def check_rejected(ack: Any, view: dict[str, Any]) -> None:
        wrong = _without_reason(view)
        ack(response_action="errors", errors=wrong) if wrong else ack()


def register(back: App, face: Face) -> None:
    """List thresholds and carry out decisions; the command goes before the one that takes every text for a question."""

    def asks_for_thresholds(body: dict[str, Any]) -> bool:
        return spoken(str(body.get("text") or ""), face.identity).lower() == _THRESHOLDS

    @back.command(face.command, matchers=[asks_for_thresholds])
    def listed(ack: Ack, body: dict[str, Any]) -> None:
        ack()  # Bolt asks the next listener as long as nobody has
        person = str(body["user_id"])
        key = f"threshold-list:{hashlib.sha256(str(body['trigger_id']).encode()).hexdigest()[:40]}"
        shown = breaching.overview(face.core) if administering.may(face, person) else note(breaching.REFUSAL)
        say(face, Outgoing(key, shown, response_url=str(body["response_url"]), asker=person))

    def refuse(body: dict[str, Any]) -> None:
        click = clicked(body)
        if not administering.may(face, click.person):
            tell(face, click.person, breaching.REFUSAL, f"refused:{click.key}")

    for action in _VIEWS:
        back.action(action)(refuse)

    @back.view(CONFIRM_FORM)
    def confirm(body: dict[str, Any]) -> None:
        def act(one: Threshold, person: str) -> Threshold:
            value = breaching.typed(one.metric, entered(body["view"], VALUE))
            return thresholds.confirm(face.core, one.id, person, entered(body["view"], REASON), value)

        _decide(face, body, act)

    @back.view(REJECT_FORM)
    def reject(body: dict[str, Any]) -> None:
        def act(one: Threshold, person: str) -> Threshold:
            return thresholds.reject(face.core, one.id, person, entered(body["view"], REASON))

        _decide(face, body, act)


def _decide(face: Face, body: dict[str, Any], act: Callable[[Threshold, str], Threshold]) -> None:
    view, person = body["view"], str(body["user"]["id"])
    key = f"threshold:{view['private_metadata']}:{person}"
    proposal = breaching.proposal(face.core, str(view["private_metadata"]))
    if not administering.may(face, person):
        tell(face, person, breaching.REFUSAL, f"refused:{key}")
        return
    if proposal is None:
        tell(face, person, "Somebody has decided on this threshold meanwhile.", f"late:{key}")
        return
    try:
        made = act(proposal, person)
    except (InvalidInput, NotFound) as refusal:
        tell(face, person, str(refusal), f"refused:{key}")
        return
    if not breaching.redraw(face, proposal.id):
        done = breaching.row(made)
        tell(face, person, f"{done.name}: {done.asked}, {done.state}.", f"decided:{key}")


def _without_reason(view: dict[str, Any]) -> dict[str, str]:
    return {} if entered(view, REASON) else {REASON: "Write a reason: it is kept with the threshold."}
