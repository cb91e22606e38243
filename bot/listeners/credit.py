"""A reviewer says in the trace which part of the bot an answer went wrong in. Only they may."""

import logging
from typing import Any

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from bot import tracing
from bot.blocks.credit import CREDIT
from bot.click import clicked
from bot.face import Face, tell
from flywheel.curation import credit_review
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.store.credits import Part

_log = logging.getLogger(__name__)


def register(back: App, face: Face) -> None:
    """Keep the reviewer's word, and show it in the open trace."""

    @back.action(CREDIT)
    def correct(body: dict[str, Any]) -> None:
        click = clicked(body)
        answer_id, _, part = click.value.rpartition("#")
        try:
            credit_review.correct(face.core, answer_id, Part(part), click.person)
        except (NotAllowed, NotFound, InvalidInput) as refusal:
            tell(face, click.person, str(refusal), f"refused:{click.key}")
            return
        _show(face, str((body.get("view") or {}).get("id") or ""), answer_id, click.person)


def _show(face: Face, view_id: str, answer_id: str, person: str) -> None:
    """Bring the open trace up to date; one that was closed meanwhile stays closed."""
    try:
        face.client.views_update(view_id=view_id, view=tracing.view(face, answer_id, person))
    except SlackApiError as error:
        if error.response.get("error") != "not_found":
            raise
        _log.info("the trace of %s was closed before it could be updated", answer_id)
