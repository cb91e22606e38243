"""Reviewers approve, edit or reject a suggestion, and keep or retire an expired answer. Only they may.

Two people whose votes proved trustworthy may approve a suggestion together.
"""

from typing import Any

from slack_bolt import App

from bot import expiring, reviewing
from bot.blocks import correction as words
from bot.blocks.expiry import DROP, KEEP
from bot.blocks.review import ANSWER, APPROVE, EDIT, FORM, REJECT, edit_view
from bot.click import Click, clicked
from bot.face import Face, tell
from bot.form import entered
from flywheel.curation import corrections
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.store import corrections as stored


def register_front(front: App, face: Face) -> None:
    """Open the edit form at once, and refuse an empty one."""

    @front.action(EDIT)
    def open_form(ack: Any, body: dict[str, Any]) -> None:
        ack()
        click = clicked(body)
        with face.core.database.read() as db:
            correction = stored.find(db, click.value)
        if correction is not None and click.person in corrections.reviewers(face.core, correction.id):
            face.client.views_open(trigger_id=click.trigger, view=edit_view(correction))

    @front.view(FORM)
    def check(ack: Any, view: dict[str, Any]) -> None:
        if entered(view, ANSWER):
            ack()
        else:
            ack(response_action="errors", errors={ANSWER: "Write the answer to approve."})


def register(back: App, face: Face) -> None:
    """Carry out decisions."""

    @back.action(APPROVE)
    def approve(body: dict[str, Any]) -> None:
        click = clicked(body)
        _approve(face, click.value, click.person, None)

    @back.view(FORM)
    def approve_edited(body: dict[str, Any]) -> None:
        view = body["view"]
        _approve(face, str(view["private_metadata"]), str(body["user"]["id"]), entered(view, ANSWER))

    @back.action(REJECT)
    def reject(body: dict[str, Any]) -> None:
        click = clicked(body)
        try:
            rejected = corrections.reject(face.core, click.value, click.person)
        except (NotAllowed, NotFound) as refusal:
            tell(face, click.person, str(refusal), f"refused:{click.key}")
            return
        reviewing.show_decision(face, click.value)
        if rejected:
            reviewing.tell_author(face, click.value, words.rejected(click.person))

    @back.action(KEEP)
    def keep(body: dict[str, Any]) -> None:
        _decide(face, clicked(body), kept=True)

    @back.action(DROP)
    def drop(body: dict[str, Any]) -> None:
        _decide(face, clicked(body), kept=False)


def _decide(face: Face, click: Click, *, kept: bool) -> None:
    if refused := expiring.decide(face, click.value, click.person, kept=kept):
        tell(face, click.person, refused, f"refused:{click.key}")


def _approve(face: Face, correction_id: str, reviewer: str, text: str | None) -> None:
    within = reviewing.closed_circle(face, correction_id)
    edited = text is not None and text != _suggested(face, correction_id)
    try:
        made = corrections.vouch(face.core, correction_id, reviewer, text=text, within=within)
    except (NotAllowed, NotFound, InvalidInput) as refusal:
        tell(face, reviewer, str(refusal), f"refused:{correction_id}:{reviewer}")
        return
    if made is None:
        reviewing.show_decision(face, correction_id)
        tell(face, reviewer, words.first_key(), f"first-key:{correction_id}:{reviewer}")
        return
    reviewing.spread(face, made)
    reviewing.show_decision(face, correction_id)
    reviewing.tell_author(face, correction_id, words.approved(made.approved_by, edited=edited))


def _suggested(face: Face, correction_id: str) -> str:
    with face.core.database.read() as db:
        correction = stored.find(db, correction_id)
    return correction.text if correction else ""
