"""A report as messages: its pictures uploaded, owners by name, verdicts with the buttons of their releases.

A picture is uploaded once to a workspace and remembered; a file that is shared nowhere is seen by nobody until a
message shows it, so an upload whose message was never sent does no harm. What cannot be uploaded is left out.
"""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks.message import Message
from bot.blocks.report import models_in, report_message
from bot.drawing import Drawing, draw, drawings
from bot.outbox import Paced, translate
from bot.owners import with_names
from bot.patience import file_mark
from bot.releasing import shown
from flywheel.core import Core
from flywheel.store import marks
from flywheel.store.reports import Report

_LOG = logging.getLogger(__name__)
_LONGEST_ALT = 1_000
"""Characters (docs.slack.dev, files.getUploadURLExternal)."""
_LONGEST_WAIT = 60.0
"""Seconds that one upload waits where Slack asks for patience; the report is not kept for its pictures."""


def rendered(core: Core, client: WebClient, report: Report, name_of: Callable[[str], str] = str) -> Message:
    """Return the message of a report; `name_of` says what a person is called."""
    content = with_names(report.content, name_of)
    files = uploaded(core, client, report)
    return report_message(content, shown(core, models_in(content)), report_id=report.id, pictures=files)


def uploaded(core: Core, client: WebClient, report: Report) -> Mapping[str, str]:
    """Return the file ids of a report's pictures by their keys, uploading what is not there yet."""
    found: dict[str, str] = {}
    for one in drawings(report.content):
        mark = _mark(report, one)
        with core.database.read() as db:
            file_id = marks.find(db, mark)
        file_id = file_id or _upload(client, report, one, core.now)
        if file_id:
            found[one.key] = file_id
            with core.database.begin() as db:
                marks.put(db, mark, file_id)
                marks.put(db, file_mark(file_id), mark)
    return found


def _upload(client: WebClient, report: Report, one: Drawing, now: Callable[[], datetime], attempts: int = 3) -> str:
    try:
        answered = client.files_upload_v2(
            file=draw(report.content, one.key),
            filename=f"report-{one.key}.png",
            title=one.title,
            alt_txt=one.alt[:_LONGEST_ALT],
        )
        return str(answered["files"][0]["id"])
    except SlackApiError as error:
        began = now()
        later = translate(error, began)
        if isinstance(later, Paced) and attempts > 1:
            time.sleep(min((later.run_at - began).total_seconds(), _LONGEST_WAIT))
            return _upload(client, report, one, now, attempts - 1)
        _LOG.warning("the report goes without a chart: %s", error.response.get("error"))
    except (SlackClientError, OSError, HTTPException) as error:
        _LOG.warning("the report goes without a chart: %s", type(error).__name__)
    return ""


def _mark(report: Report, one: Drawing) -> str:
    return f"report-chart:{report.id}:{report.made_at.isoformat()}:{one.key}"
