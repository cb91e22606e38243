"""The doors that take or give raw bodies: file uploads and downloads, and response urls.

Uploads are never parsed: clients send the bytes under any content type they like.
"""

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.simulator.channel import Message
from bot.simulator.errors import SlackError
from bot.simulator.filestore import StoredFile
from bot.simulator.responseurl import respond
from bot.simulator.simulator import Simulator
from bot.simulator.webapi import door


async def upload(simulator: Simulator, request: Request) -> Response:
    """Take a file's bytes."""
    fault = simulator.faults.take("upload")
    body = await request.body()
    if fault is not None:
        return PlainTextResponse(fault.error, fault.status)
    try:
        stored = simulator.files.file(request.path_params["file_id"])
    except SlackError:
        return PlainTextResponse("not found", 404)
    stored.content = body
    return PlainTextResponse(f"OK - {len(body)}")


async def download(simulator: Simulator, request: Request) -> Response:
    """Give a file to the app (bearer token) or to a person who sees it (`?as=U`)."""
    fault = simulator.faults.take("download")
    if fault is not None:
        return PlainTextResponse(fault.error, fault.status)
    try:
        stored = simulator.files.file(request.path_params["file_id"])
    except SlackError:
        return PlainTextResponse("not found", 404)
    if stored.content is None or not _may_read(simulator, request, stored):
        return PlainTextResponse("not found", 404)
    kind = stored.as_file("")["mimetype"]
    safe = (
        kind
        if kind.startswith(("image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "application/pdf"))
        else None
    )
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    return Response(stored.content, media_type=safe or "application/octet-stream", headers=headers)


async def answer_response_url(simulator: Simulator, request: Request) -> Response:
    """Take what the app says about an interaction: 5 uses within 30 minutes."""
    body = await request.body()
    fault = simulator.faults.take("response_url")
    if fault is not None:
        return PlainTextResponse(fault.error, fault.status)
    try:
        origin = simulator.response_urls.use(request.path_params["token"])
        given = json.loads(body)
        if not isinstance(given, dict):
            return PlainTextResponse("invalid_payload", 400)
        await run_in_threadpool(respond, simulator, origin, given)
    except ValueError:
        return PlainTextResponse("invalid_payload", 400)
    except SlackError as error:
        gone = error.code in ("used_url", "expired_url")
        text = json.dumps({"ok": False, "error": error.code, "messages": list(error.messages)})
        return PlainTextResponse(error.code if gone else text, 404 if gone else 400)
    return PlainTextResponse("ok")


def _may_read(simulator: Simulator, request: Request, stored: StoredFile) -> bool:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token:
        try:
            door.check_token(simulator, token, app_level=False)
        except SlackError:
            return False
        readers = {simulator.workspace.bot}
    else:
        readers = {request.query_params.get("as", "")}
    with simulator.workspace.lock:
        known = [reader for reader in readers if reader in simulator.workspace.people]
        return stored.owner in known or any(_sees(simulator, reader, stored.id) for reader in known)


def _sees(simulator: Simulator, reader: str, file_id: str) -> bool:
    """Tell whether a message shows the file to this person, or to this person alone."""
    for channel in simulator.workspace.channels.values():
        alone = any(reader == person and file_id in _shown(message) for person, message in channel.ephemerals)
        together = any(file_id in _shown(message) for message in channel.messages.values())
        if alone or (together and simulator.workspace.may_see(channel, reader)):
            return True
    return False


def _shown(message: Message) -> set[str]:
    """Return the ids of the files that a message carries, attached or as pictures in its blocks."""
    attached = {file["id"] for file in message.get("files", ())}
    return attached | {
        block["slack_file"].get("id", "") for block in message.get("blocks", ()) if "slack_file" in block
    }
