"""Uploaded files: first an upload address, then the bytes, then the file appears in a conversation."""

import mimetypes
import threading
from dataclasses import dataclass
from typing import Any

from bot.simulator.errors import SlackError
from bot.simulator.ids import Ids


@dataclass(slots=True)
class StoredFile:
    """One file; `shares` maps a channel to the timestamps of the messages that show it."""

    id: str
    name: str
    alt_txt: str = ""
    owner: str = ""
    title: str = ""
    content: bytes | None = None
    completed: bool = False
    created: int = 0

    def as_file(self, base_url: str, shares: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return Slack's file object."""
        mimetype = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        address = f"{base_url}/files/{self.id}/{self.name}"
        described: dict[str, Any] = {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": mimetype,
            "filetype": self.name.rpartition(".")[2].lower() if "." in self.name else "binary",
            "user": self.owner,
            "size": len(self.content or b""),
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": address,
            "url_private_download": address,
            "permalink": address,
        }
        if self.alt_txt:
            described["alt_txt"] = self.alt_txt
        return described | ({"shares": shares} if shares is not None else {})


class FileStore:
    """All files by id, and the open upload addresses."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._lock = threading.Lock()
        self._files: dict[str, StoredFile] = {}

    def reserve(self, name: str, alt_txt: str, owner: str, created: int) -> StoredFile:
        """Return a new file that still waits for its bytes."""
        stored = StoredFile(self._ids.fresh("F"), name, alt_txt, owner, created=created)
        with self._lock:
            self._files[stored.id] = stored
        return stored

    def file(self, file_id: str) -> StoredFile:
        """Return a file; raises SlackError file_not_found."""
        with self._lock:
            found = self._files.get(file_id)
        if found is None:
            raise SlackError("file_not_found")
        return found
