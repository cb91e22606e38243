"""Turn the bytes of a text file into text: UTF-8, UTF-16 with a mark, or Windows-1252, and nothing by guessing."""

import re

from flywheel.errors import BrokenDocument

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]")


def decode(content: bytes) -> str:
    """Return the text with line ends as newlines.

    Text that is UTF-8 in some places and broken in others is damaged, not Windows-1252.

    Raises:
        BrokenDocument: the bytes are in no encoding that we read.
    """
    return _decode(content).replace("\r\n", "\n").replace("\r", "\n")


def _decode(content: bytes) -> str:
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        return content.decode(marked)
    except UnicodeDecodeError as error:
        if marked != "utf-8" or _MULTIBYTE.search(content):
            raise BrokenDocument(f"not valid {marked.upper()} at byte {error.start}") from error
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as error:
        raise BrokenDocument(f"neither UTF-8 nor Windows-1252 (byte {error.start})") from error
