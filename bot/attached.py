"""Files that came with a question: fetched from Slack, read by a child process, and used for this question alone.

Nothing of a file is kept but what the answer quotes of it. What could not be read is said in one line each, with the
reason. The bot's token goes to Slack's own hosts and nowhere else, and never along a redirect: Slack redirects to its
login page when the token may not read a file.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from http.client import HTTPException
from io import BytesIO
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

import httpx2
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.face import Face
from bot.heard import Heard
from flywheel.answering.attachment import Attached
from flywheel.errors import DocumentError, UnsupportedDocument
from flywheel.knowledge.formats import Format, format_of
from flywheel.knowledge.readers import Readers, Reading

MOST = 5
"""Files of one message that are read."""
LARGEST = 20_000_000
"""Bytes of a file that is read."""
_TOO_LARGE = f"it is larger than {LARGEST // 1_000_000} MB"
_PIECES = 200
_SECONDS = 10
_WORDLESS = "Summarise the attached file."
_PATIENCE = 20.0
_SLACK = (".slack.com", ".slack-files.com", ".slack-edge.com")
_NAMELESS = "file"
_MODES = {
    "tombstone": "it was deleted",
    "hidden_by_limit": "Slack hides it, because the workspace is over its limit",
    "external": "it is kept outside of Slack, and I only open what Slack keeps",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Brought:
    """The files of a message: those that were read, and a line for each that was not."""

    files: tuple[Attached, ...] = ()
    remarks: tuple[str, ...] = ()


class _Unreadable(Exception):
    """A file that cannot be read; the message is the reason, to follow "because"."""


def worded(heard: Heard) -> Heard:
    """Return a message that is nothing but files as the request to sum them up."""
    return replace(heard, text=_WORDLESS) if heard.files and not heard.text else heard


def read(face: Face, heard: Heard) -> Brought:
    """Return what the files of a message say; nothing for a message without any."""
    if not heard.files:
        return Brought()
    found: list[Attached] = []
    remarks: list[str] = []
    with Readers(1, _PATIENCE) as readers:
        for file in heard.files[:MOST]:
            name = _name(file)
            try:
                known = _looked_up(face, file)
                name = _name(known)
                found.append(_read(face, readers, known, name))
            except (_Unreadable, DocumentError) as reason:
                remarks.append(f"I could not read “{name}”: {reason}.")
    if len(heard.files) > MOST:
        remarks.append(f"I read {MOST} files at a time, so I left out {len(heard.files) - MOST}.")
    return Brought(tuple(found), tuple(remarks))


def _read(face: Face, readers: Readers, file: Mapping[str, Any], name: str) -> Attached:
    if file.get("mode") in _MODES or file.get("is_external"):
        raise _Unreadable(_MODES.get(str(file.get("mode")), _MODES["external"]))
    if int(file.get("size") or 0) > LARGEST:
        raise _Unreadable(_TOO_LARGE)
    fmt = _format(name)
    content = _fetched(face, str(file.get("url_private_download") or file.get("url_private") or ""))
    if fmt is Format.HTML and len(content) != int(file.get("size") or len(content)):
        raise _Unreadable(_refusal("missing_scope"))  # Slack's login page
    reading = readers.read(fmt, name, BytesIO(content), len(content))
    texts = tuple(_texts(face, reading, is_picture=fmt is Format.IMAGE))
    if not texts:
        raise _Unreadable("I found no words in it")
    return Attached(str(file.get("id") or name), name, file.get("permalink"), texts[:_PIECES], fmt is Format.IMAGE)


def _format(name: str) -> Format:
    try:
        return format_of(name)
    except UnsupportedDocument as error:
        ending = PurePath(name).suffix
        raise _Unreadable(f"I do not read {ending} files" if ending else "its name does not say what it is") from error


def _texts(face: Face, reading: Reading, *, is_picture: bool) -> Iterator[str]:
    """Yield what a file says; of a picture its pieces have nothing but the file's name."""
    said = () if is_picture else reading.pieces
    yield from (piece.text for piece in said if piece.text.strip() and "picture" not in piece.detail)
    reader = face.core.picture_reader
    for figure in reading.figures if reader is not None else ():
        words = reader.words(figure.content).strip() if reader is not None else ""
        if words:
            yield words


def _looked_up(face: Face, file: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a file with its address: what comes from another workspace has to be asked for."""
    if file.get("file_access") != "check_file_info" and (file.get("url_private") or file.get("mode") in _MODES):
        return file
    try:
        return dict(face.client.files_info(file=str(file.get("id") or ""))["file"])
    except SlackApiError as error:
        raise _Unreadable(_refusal(str(error.response.get("error")))) from error
    except (SlackClientError, OSError, HTTPException) as error:
        raise _Unreadable("Slack did not answer") from error


def _refusal(error: str) -> str:
    if error == "missing_scope":
        return "I lack the permission files:read; an administrator can grant it"
    return "it was deleted" if error in ("file_not_found", "file_deleted") else f"Slack refused it ({error})"


def _fetched(face: Face, address: str) -> bytes:
    if not _is_slacks(face, address):
        raise _Unreadable("it is kept outside of Slack, and I only open what Slack keeps")
    headers = {"Authorization": f"Bearer {face.client.token}"}
    try:
        with httpx2.stream("GET", address, headers=headers, timeout=_SECONDS, follow_redirects=False) as reply:
            content, kind = _content(reply), reply.headers.get("content-type", "")
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        _log.info("a file could not be fetched: %s", type(error).__name__)
        raise _Unreadable("Slack did not hand it over") from error
    if kind.startswith("text/html") and not urlsplit(address).path.lower().endswith((".html", ".htm")):
        raise _Unreadable(_refusal("missing_scope"))  # Slack's login page
    return content


def _content(reply: httpx2.Response) -> bytes:
    if reply.status_code != httpx2.codes.OK:
        raise _Unreadable(_status(reply.status_code))
    content = b""
    for part in reply.iter_bytes():
        content += part
        if len(content) > LARGEST:
            raise _Unreadable(_TOO_LARGE)
    return content


def _status(code: int) -> str:
    if code in (301, 302, 303, 307, 308, 401, 403):
        return _refusal("missing_scope")
    return "it is not there any more" if code in (404, 410) else f"Slack answered {code}"


def _is_slacks(face: Face, address: str) -> bool:
    """Tell whether an address is one of Slack's, or of the Slack-compatible server this bot was pointed at."""
    try:
        parts, home = urlsplit(address), urlsplit(face.client.base_url)
    except ValueError:
        return False
    if parts.hostname and (parts.scheme, parts.hostname, parts.port) == (home.scheme, home.hostname, home.port):
        return True
    return parts.scheme == "https" and bool(parts.hostname) and f".{parts.hostname}".endswith(_SLACK)


def _name(file: Mapping[str, Any]) -> str:
    """Return a file's name, with the ending of its type where it has none, as snippets do."""
    name = " ".join(str(file.get("name") or file.get("title") or _NAMELESS).split())[:120]
    kind = str(file.get("filetype") or "")
    if "." in name or not kind or kind == "binary":
        return name
    return f"{name}.{'txt' if kind == 'text' else kind}"
