"""What an app may put into a message, checked and filled in as Slack does.

The checks come before any effect: a refused message leaves no trace. Blocks get the `block_id`s the app left out.
"""

import copy
import json
from collections.abc import Sequence
from typing import Any

from bot.simulator import text
from bot.simulator.blockcheck import Problem, Surface, problems
from bot.simulator.channel import Message
from bot.simulator.errors import SlackError
from bot.simulator.webapi.call import Call
from bot.simulator.workspace import Workspace

LONGEST_TEXT = 40_000
LONGEST_MARKDOWN = 12_000
LARGEST_METADATA_BYTES = 16_000
_MOST_ATTACHMENTS = 100


def content(call: Call) -> Message:
    """Return the text, blocks, attachments and metadata of a call that sends a message.

    Raises SlackError no_text, msg_too_long, invalid_blocks, invalid_blocks_format, markdown_text_conflict,
    too_many_attachments, invalid_metadata_format or metadata_too_large.
    """
    fields: Message = {"text": text.normalise(call.text("text"))}
    if call.has("markdown_text"):
        fields |= _markdown(call)
    elif call.has("blocks"):
        fields["blocks"] = blocks(call, "blocks")
    attachments = call.structure("attachments", "invalid_attachments")
    if attachments:
        fields["attachments"] = _attachments(attachments)
    if call.has("metadata"):
        fields["metadata"] = metadata(call)
    if len(fields["text"]) > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    if not any(fields.get(key) for key in ("text", "blocks", "attachments")):
        raise SlackError("no_text")
    return fields


def blocks(call: Call, name: str) -> list[dict[str, Any]]:
    """Return checked blocks with their ids; raises SlackError invalid_blocks or invalid_blocks_format."""
    given = call.structure(name, "invalid_blocks_format")
    if given is None:
        return []
    if not isinstance(given, list):
        raise SlackError("invalid_blocks_format")
    refuse("invalid_blocks", problems(given, Surface.MESSAGE))
    return with_ids(call.workspace, given)


def refuse(code: str, found: Sequence[Problem], under: str = "") -> None:
    """Raise SlackError `code` with Slack's json-pointer messages if there are problems, pointing `under` a place."""
    if not found:
        return
    lines = [f"[ERROR] {p.message} [json-pointer:{under}{p.pointer}]" for p in found]
    raise SlackError(code, messages=lines, extra={"errors": [line.removeprefix("[ERROR] ") for line in lines]})


def with_ids(workspace: Workspace, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a copy in which every block has an id."""
    filled = copy.deepcopy(given)
    for block in filled:
        if not block.get("block_id"):
            block["block_id"] = workspace.ids.fresh("", 5)
    return filled


def metadata(call: Call) -> dict[str, Any] | None:
    """Return message metadata, None for an empty object; raises SlackError for a wrong shape or size."""
    given = call.structure("metadata", "invalid_metadata_format")
    if given in (None, {}):
        return None
    shaped = isinstance(given, dict) and isinstance(given.get("event_type"), str)
    if not shaped or not isinstance(given.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(given).encode()) > LARGEST_METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return dict(given)


def by_bot(workspace: Workspace) -> Message:
    """Return the fields that say a message is the app's."""
    team, bot = workspace.team, workspace.person(workspace.bot)
    profile = {"id": team.bot_id, "app_id": team.app_id, "user_id": bot.id, "name": bot.real_name, "icons": {}}
    return {
        "user": bot.id,
        "bot_id": team.bot_id,
        "app_id": team.app_id,
        "bot_profile": profile | {"deleted": False, "updated": 0, "team_id": team.id},
    }


def _markdown(call: Call) -> Message:
    if call.text("text") or call.has("blocks"):
        raise SlackError("markdown_text_conflict")
    given = call.text("markdown_text")
    if len(given) > LONGEST_MARKDOWN:
        raise SlackError("msg_too_long")
    block = {"type": "markdown", "text": given}
    return {"text": text.normalise(given), "blocks": with_ids(call.workspace, [block])}


def _attachments(given: Any) -> list[dict[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        raise SlackError("invalid_attachments")
    if len(given) > _MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for index, entry in enumerate(given):
        if isinstance(entry.get("blocks"), list):
            refuse("invalid_blocks", problems(entry["blocks"], Surface.MESSAGE), f"/attachments/{index}")
    return copy.deepcopy(given)
