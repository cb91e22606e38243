"""The pictures of an answer: uploaded once to a workspace, shown by their file's id ever after.

Only what everybody who reads the reply may see is uploaded. A file that is shared nowhere is seen by nobody until a
message shows it.
"""

import logging
import mimetypes
from collections.abc import Sequence
from http.client import HTTPException

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks.picture import MOST, Shown
from bot.face import Face
from bot.patience import file_mark
from flywheel.answering.pictured import alt_text
from flywheel.holdings import Picture
from flywheel.model import Answer
from flywheel.store import marks, pictures, questions
from flywheel.store.database import Database, Session

_MARK = "picture:"
_LONGEST_ALT = 1_000
"""Characters (docs.slack.dev, files.getUploadURLExternal)."""

_log = logging.getLogger(__name__)


def upload(face: Face, answer: Answer) -> None:
    """Upload what Slack does not have yet; what cannot be uploaded is logged and left out."""
    if not answer.pictures:
        return
    with face.core.database.read() as db:
        waiting = [one for one in _seen(db, answer) if marks.find(db, _mark(face.identity.team, one)) is None]
    for picture in waiting:
        file_id = _uploaded(face, picture)
        if file_id:
            with face.core.database.begin() as db:
                marks.put(db, _mark(face.identity.team, picture), file_id)
                marks.put(db, file_mark(file_id), _mark(face.identity.team, picture))


def shown(db: Session, team: str, answer: Answer) -> tuple[Shown, ...]:
    """Return the pictures of an answer that its readers may see."""
    return tuple(Shown(marks.find(db, _mark(team, one)) or "", alt_text(one)) for one in _seen(db, answer))


def forget_uploads(database: Database) -> None:
    """Forget what was uploaded, for a workspace that has lost it all: answers upload their pictures anew."""
    with database.begin() as db:
        marks.remove_all(db, _MARK)
        marks.remove_all(db, file_mark(""))


def _seen(db: Session, answer: Answer) -> Sequence[Picture]:
    question = questions.find(db, answer.question_id) if answer.pictures else None
    return pictures.find(db, answer.pictures[:MOST], question.audience) if question else ()


def _uploaded(face: Face, picture: Picture) -> str:
    ending = mimetypes.guess_extension(picture.media_type) or ".png"
    try:
        answered = face.client.files_upload_v2(
            file=picture.content,
            filename=f"picture{ending}",
            title=picture.caption or picture.alt or "Picture",
            alt_txt=alt_text(picture)[:_LONGEST_ALT],
        )
        return str(answered["files"][0]["id"])
    except SlackApiError as error:
        _log.warning("a picture could not be uploaded: %s", error.response.get("error"))
    except (SlackClientError, OSError, HTTPException) as error:
        _log.warning("a picture could not be uploaded: %s", type(error).__name__)
    return ""


def _mark(team: str, picture: Picture) -> str:
    return f"{_MARK}{team}:{picture.id}"
