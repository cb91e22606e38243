"""Send a message whose pictures Slack may not know yet, or whose charts it cannot draw.

Slack takes a moment to look at a file that was just uploaded, and refuses blocks that show it until then. A message is
never lost for its picture: after a few seconds it goes without, and says so. The files are forgotten then, since they
may be gone from Slack for good; the next answer that shows the pictures uploads them anew. A message with Slack's own
charts, tables or feedback buttons is tried once with them, then without. One whose blocks are refused all the same goes
as text alone, so that what it says is not lost.
"""

import logging
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from slack_sdk.errors import SlackApiError

from bot.blocks.asking import has_native, without_native
from bot.blocks.chart import has_charts, without_charts
from bot.blocks.message import Message
from bot.blocks.picture import file_ids, has_pictures, without_pictures
from bot.blocks.table import has_tables, without_tables
from bot.blocks.wording import in_words
from flywheel.store import marks
from flywheel.store.database import Database

REFUSED_BLOCKS = "invalid_blocks"
_UNFIT_BLOCKS = frozenset({REFUSED_BLOCKS, "invalid_blocks_format", "msg_blocks_too_long"})

_WAITS_SECONDS = (0.5, 1.0, 2.0)
_log = logging.getLogger(__name__)
T = TypeVar("T")


def sent(send: Callable[[Message], T], message: Message, database: Database) -> T:
    """Return what `send` returns once it takes the message, at last as text alone.

    Raises:
        SlackApiError: it was refused for another reason, or as text too.
    """
    try:
        return _richly(send, message, database)
    except SlackApiError as error:
        if error.response.get("error") not in _UNFIT_BLOCKS or not message.blocks:
            raise
    _log.warning("a message goes as text alone: Slack takes none of its blocks")
    return send(in_words(without_pictures(without_charts(message))))


def _richly(send: Callable[[Message], T], message: Message, database: Database) -> T:
    """Return what `send` returns once it takes the message, at last without its charts, table and pictures."""
    if has_charts(message):
        try:
            return send(message)
        except SlackApiError as error:
            if error.response.get("error") != REFUSED_BLOCKS:
                raise
        _log.warning("a message goes without its charts: Slack does not take them")
        message = without_charts(message)
    if not has_pictures(message):
        return _plainly(send, message)
    for wait in _WAITS_SECONDS:
        try:
            return _plainly(send, message)
        except SlackApiError as error:
            if error.response.get("error") != REFUSED_BLOCKS:
                raise
        time.sleep(wait)
    _log.warning("a message goes without its pictures: Slack does not take them")
    _forget(database, file_ids(message))
    return _plainly(send, without_pictures(message))


def _plainly(send: Callable[[Message], T], message: Message) -> T:
    """Return what `send` returns, with a table as text or plain buttons where the server does not know Slack's own."""
    forms = [message]
    if has_tables(message):
        forms.append(without_tables(forms[-1]))
    if has_native(message):
        forms.append(without_native(forms[-1]))
    for form in forms[:-1]:
        try:
            return send(form)
        except SlackApiError as error:
            if error.response.get("error") != REFUSED_BLOCKS:
                raise
    return send(forms[-1])


def file_mark(file_id: str) -> str:
    """Return the name of the mark that holds the name of the one by which an uploaded file is known."""
    return f"file:{file_id}"


def _forget(database: Database, files: Sequence[str]) -> None:
    names = [file_mark(one) for one in files]
    with database.begin() as db:
        known_by = [known for name in names if (known := marks.find(db, name)) is not None]
        marks.remove(db, [*known_by, *names])
