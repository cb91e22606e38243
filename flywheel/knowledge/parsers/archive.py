"""Look into a ZIP container (DOCX, PPTX, XLSX) before a library unpacks it.

A 972 KB DOCX can declare 1 GB (1,028:1), so what the members declare is bounded first; and because a declaration can
lie, every member is unpacked once with a cap that does not trust it.
"""

import io
import zipfile
import zlib

from flywheel.errors import BrokenDocument, HostileDocument

_MEMBERS = 2_000
_RATIO = 100
_SMALL = 1_000_000
_UNPACKED = 300_000_000
_STEP = 1 << 20


def open_checked(content: bytes, main_part: str) -> io.BytesIO:
    """Return the container's bytes as a file, once they are known to be harmless and to hold `main_part`.

    Raises:
        BrokenDocument: it is no such container, it is damaged or encrypted.
        HostileDocument: it unpacks to more than a document may.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive, main_part, len(content))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BrokenDocument(f"damaged ZIP container: {error}") from error
    return io.BytesIO(content)


def _check(archive: zipfile.ZipFile, main_part: str, packed: int) -> None:
    members = archive.infolist()
    if len(members) > _MEMBERS:
        raise HostileDocument(f"holds {len(members):,} members, more than {_MEMBERS:,}")
    declared = sum(member.file_size for member in members)
    if declared > _UNPACKED or (declared > _SMALL and declared > packed * _RATIO):
        raise HostileDocument(f"unpacks to {declared // 1_000_000:,} MB, {declared // max(packed, 1):,} times its size")
    if any(member.flag_bits & 1 for member in members):
        raise BrokenDocument("encrypted")
    if main_part not in archive.namelist():
        raise BrokenDocument(f"a ZIP container without {main_part}: not what its name says")
    for member in members:
        _unpack(archive, member)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    seen = 0
    with archive.open(member) as stream:
        while step := stream.read(_STEP):
            seen += len(step)
            if seen > member.file_size:
                raise HostileDocument(f"{member.filename[:80]} unpacks to more than it declares")
