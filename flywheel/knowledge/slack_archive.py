"""Open an export of a Slack workspace, a folder or a ZIP, and read its files one by one, with limits.

    channels.json  groups.json  dms.json  mpims.json  users.json      what there is; public, private, direct, group
    <channel>/2026-11-03.json                                         what was said on a day

Nothing is ever unpacked to disk, and a file is only looked for by names that the folder or the archive itself lists, so
that no name of a channel leads out of it. How much a ZIP's directory and members declare is checked before they are
read, and what they really hold while they are.
"""

import json
import os
import stat
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from flywheel.errors import BrokenDocument, HostileDocument

KINDS = ("channels.json", "groups.json", "dms.json", "mpims.json")
USERS = "users.json"

LARGEST = 100_000_000
"""Bytes that one file of an export may have."""

_ALL = 20_000_000_000
_RATIO = 300
_SMALL = 1_000_000
_MOST_MEMBERS = 2_000_000
_LARGEST_DIRECTORY = 300_000_000
_TAIL = 65_557
_END, _END64, _LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"


class Export(Protocol):
    """An open export."""

    def days(self, folder: str) -> list[str]:
        """Return the names of a channel's files, in order; none where there is no such channel."""

    def content(self, name: str) -> bytes | None:
        """Return a file, or None where there is none.

        Raises:
            DocumentError: damaged, or larger than it may be.
        """


def is_export(path: Path) -> bool:
    """Tell whether a folder or a ZIP is an export of a Slack workspace.

    Raises:
        DocumentError: a ZIP that cannot be looked into.
        OSError: it cannot be read.
    """
    if path.is_dir():
        return _has((path / USERS).is_file(), [one for one in KINDS if (path / one).is_file()])
    if path.suffix.lower() != ".zip":
        return False
    with opened(path) as export:
        return isinstance(export, _Packed) and _has(USERS in export.top, export.top & set(KINDS))


@contextmanager
def opened(path: Path) -> Iterator[Export]:
    """Open an export.

    Raises:
        DocumentError: a damaged ZIP, or one that declares more than an export may.
        OSError: it cannot be read.
    """
    if path.is_dir():
        yield _Loose(path)
        return
    _check_directory(path)
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BrokenDocument(f"damaged ZIP container: {error}") from error
    with archive:
        yield _Packed(archive)


def listed(export: Export, name: str) -> list[Mapping[str, object]]:
    """Return the objects that a file of an export lists; none where there is no such file.

    Raises:
        DocumentError: it is damaged, or no list.
    """
    content = export.content(name)
    if content is None:
        return []
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BrokenDocument(f"not JSON: {str(error)[:120]}") from error
    if not isinstance(found, list):
        raise BrokenDocument("not a list, as the files of an export are")
    return [one for one in found if isinstance(one, dict)]


class _Loose:
    """An export that lies unpacked in a folder. Links are passed over."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folders = {entry.name for entry in os.scandir(path) if entry.is_dir(follow_symlinks=False)}

    def days(self, folder: str) -> list[str]:
        if folder not in self._folders:
            return []
        inside = os.scandir(self._path / folder)
        found = (entry.name for entry in inside if entry.is_file(follow_symlinks=False))
        return [f"{folder}/{name}" for name in sorted(found) if name.endswith(".json")]

    def content(self, name: str) -> bytes | None:
        try:
            descriptor = os.open(self._path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise BrokenDocument(f"cannot be read: {error.strerror}") from error
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise BrokenDocument("not a plain file")
            return _bounded(file.read(LARGEST + 1))


class _Packed:
    """An export as Slack hands it out."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = {one.filename: one for one in archive.infolist() if not one.is_dir()}
        self._days: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._members):
            folder, _, file = name.partition("/")
            if file.endswith(".json") and "/" not in file:
                self._days[folder].append(name)
        self._left = _ALL
        self.top = frozenset(name for name in self._members if "/" not in name)

    def days(self, folder: str) -> list[str]:
        return list(self._days.get(folder, ()))

    def content(self, name: str) -> bytes | None:
        member = self._members.get(name)
        if member is None:
            return None
        _check_member(member)
        try:
            with self._archive.open(member) as stream:
                content = _bounded(stream.read(LARGEST + 1))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise BrokenDocument(f"damaged in the ZIP container: {error}") from error
        self._left -= len(content)
        if self._left < 0:
            raise HostileDocument(f"the export unpacks to more than {_ALL // 1_000_000_000} GB")
        return content


def _has(users: object, kinds: object) -> bool:
    return bool(users) and bool(kinds)


def _bounded(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise HostileDocument(f"more than {LARGEST // 1_000_000} MB")
    return content


def _check_member(member: zipfile.ZipInfo) -> None:
    size, packed = member.file_size, max(member.compress_size, 1)
    if member.flag_bits & 1:
        raise BrokenDocument("encrypted")
    if size > LARGEST or (size > _SMALL and size > packed * _RATIO):
        raise HostileDocument(f"unpacks to {size // 1_000_000:,} MB, {size // packed:,} times its size")


def _check_directory(path: Path) -> None:
    """Make sure that the list of a ZIP's members is short enough to be read into memory."""
    with path.open("rb") as file:
        length = file.seek(0, os.SEEK_END)
        file.seek(max(length - _TAIL, 0))
        tail = file.read(_TAIL)
        at = tail.rfind(_END)
        if at < 0 or len(tail) < at + 22:
            raise BrokenDocument("damaged ZIP container: it has no end")
        members, size = struct.unpack("<10xHL6x", tail[at : at + 22])
        if at >= 20 and tail[at - 20 : at - 16] == _LOCATOR:
            (offset,) = struct.unpack("<8xQ4x", tail[at - 20 : at])
            file.seek(min(offset, length))
            record = file.read(56)
            if len(record) < 56 or record[:4] != _END64:
                raise BrokenDocument("damaged ZIP container: its directory is not where it says")
            members, size = struct.unpack("<32xQQ8x", record)
    if members > _MOST_MEMBERS or size > _LARGEST_DIRECTORY:
        raise HostileDocument(f"holds {members:,} members")
