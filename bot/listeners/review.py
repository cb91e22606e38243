"""Reviewers approve, edit or reject a suggestion, and keep or retire an expired answer. Only they may.

Two people whose votes proved trustworthy may approve a suggestion together.
"""

from typing import Any

from slack_bolt import App

from bot import expiring, settling
from bot.blocks.expiry import DROP, KEEP
from bot.blocks.review import ANSWER, APPROVE, EDIT, FORM, REJECT, edit_view
from bot.click import Click, clicked
from bot.face import Face, tell
from bot.form import entered
from flywheel.curation import corrections
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
        settling.approve(face, click.value, click.person)

    @back.view(FORM)
    def approve_edited(body: dict[str, Any]) -> None:
        view = body["view"]
        settling.approve(face, str(view["private_metadata"]), str(body["user"]["id"]), entered(view, ANSWER))

    @back.action(REJECT)
    def reject(body: dict[str, Any]) -> None:
        click = clicked(body)
        settling.reject(face, click.value, click.person)

    @back.action(KEEP)
    def keep(body: dict[str, Any]) -> None:
        _decide(face, clicked(body), kept=True)

    @back.action(DROP)
    def drop(body: dict[str, Any]) -> None:
        _decide(face, clicked(body), kept=False)


def _decide(face: Face, click: Click, *, kept: bool) -> None:
    if refused := expiring.decide(face, click.value, click.person, kept=kept):
        tell(face, click.person, refused, f"refused:{click.key}")
