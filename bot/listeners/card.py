"""`/ask review` and the modal of the review queue: one card at a time.

Opening, skipping and undoing answer at once, in front; a verdict is stored while Slack waits, so that the next card
comes as the answer. A suggestion takes longer (messages are changed, people told), so a worker decides on it.
"""

from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App

from bot import carding, homing, settling
from bot.blocks.card import AT_HOME, FORM, GUIDE, OPEN, SKIP, UNDO, Sitting, verdict_block, waiting_view
from bot.click import clicked
from bot.face import Face
from bot.heard import spoken
from bot.ingress import SLACK_JOB
from flywheel.curation import review_deciding
from flywheel.curation.review_guidelines import APPROVE
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.store import jobs, reviews
from flywheel.store.jobs import NewJob

REVIEW = "review"
_PRIORITY = 20
_CHOOSE = "Choose one."


def register_front(front: App, face: Face) -> None:
    """Open the queue, and answer what is done in it."""

    @front.command(face.command, matchers=[lambda body: asks_for_review(face, body)])
    def command(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        _open(face, str(body["trigger_id"]), str(body["user_id"]))

    @front.action(OPEN)
    def open_queue(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        _open(face, click.trigger, click.person, is_at_home=click.value == AT_HOME)

    @front.action(SKIP)
    def skip(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        view = body["view"]
        _show(face, view, carding.skip(face, clicked(body).person, _sitting(view)))

    @front.action(UNDO)
    def undo(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        view, person = body["view"], clicked(body).person
        _show(face, view, carding.undo(face, person, _sitting(view)))
        if _sitting(view).is_at_home:
            homing.publish(face, person)

    @front.action(GUIDE)
    def guidelines(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        face.client.views_push(trigger_id=click.trigger, view=carding.guidelines(face, click.value))

    @front.view(FORM)
    def judge(ack: Ack, body: dict[str, Any]) -> None:
        _judge(face, ack, body)


def register(back: App, face: Face) -> None:
    """Take the command for no question, decide on suggestions, and bring the Home up to date that a card came from.

    This goes before what answers questions.
    """

    @back.command(face.command, matchers=[lambda body: asks_for_review(face, body)])
    def command(ack: Ack) -> None:
        ack()

    @back.view(FORM)
    def settle(body: dict[str, Any]) -> None:
        view, person = body["view"], str(body["user"]["id"])
        item_id = _sitting(view).item
        verdict, correction_id = carding.chosen(view, item_id), carding.suggestion_of(face, item_id)
        decide = settling.approve if verdict == APPROVE else settling.reject
        with face.core.database.read() as db:
            item = reviews.find(db, item_id)
        if item is not None and correction_id and decide(face, correction_id, person):
            review_deciding.follow_suggestion(face.core, item, person, verdict)
        if _sitting(view).is_at_home:
            homing.publish(face, person)


def asks_for_review(face: Face, body: dict[str, Any]) -> bool:
    """Tell whether a command asks for the review queue."""
    return spoken(str(body.get("text") or ""), face.identity).lower() == REVIEW


def _open(face: Face, trigger: str, person: str, *, is_at_home: bool = False) -> None:
    """Open the modal within Slack's three seconds, and then look for the card, which may take longer."""
    opened = face.client.views_open(trigger_id=trigger, view=waiting_view())
    first = carding.first(face, person, is_at_home=is_at_home)
    face.client.views_update(view_id=opened["view"]["id"], view=first)


def _judge(face: Face, ack: Ack, body: dict[str, Any]) -> None:
    view, person = body["view"], str(body["user"]["id"])
    sitting = _sitting(view)
    verdict = carding.chosen(view, sitting.item)
    key = f"card:{sitting.item}:{person}:{view.get('hash')}"
    if not verdict:
        ack(response_action="errors", errors={verdict_block(sitting.item): _CHOOSE})
        return
    if carding.suggestion_of(face, sitting.item):
        _hand_on(face, body, key)
        after = replace(sitting, done=sitting.done + 1, skipped=(*sitting.skipped, sitting.item))
        ack(response_action="update", view=carding.following(face, person, after))
        return
    try:
        shown = carding.judge(face, person, view)
    except (NotAllowed, NotFound, InvalidInput) as refusal:
        ack(response_action="errors", errors={verdict_block(sitting.item): f"{refusal}."})
        return
    if sitting.is_at_home:
        _hand_on(face, body, key)
    ack(response_action="update", view=shown)


def _hand_on(face: Face, body: dict[str, Any], key: str) -> None:
    kept = {name: value for name, value in body.items() if name != "token"}
    with face.core.database.begin() as db:
        jobs.enqueue(db, NewJob(key, SLACK_JOB, kept, _PRIORITY), face.core.now())
    face.wake()


def _show(face: Face, view: dict[str, Any], shown: dict[str, Any]) -> None:
    face.client.views_update(view_id=view["id"], hash=view.get("hash"), view=shown)


def _sitting(view: dict[str, Any]) -> Sitting:
    return Sitting.read(str(view.get("private_metadata") or ""))
