"""What a file is: its name and its first bytes must agree."""

import pytest

from flywheel.errors import BrokenDocument, UnsupportedDocument
from flywheel.knowledge.formats import Format, check, format_of
from flywheel.knowledge.parsers.encoding import decode


@pytest.mark.parametrize(
    ("name", "expected"),
    [("A.MD", Format.MARKDOWN), ("x.jsonl.gz", Format.JSONL), ("Makefile", Format.CODE), ("README", Format.TEXT)],
)
def test_a_name_promises_a_format(name: str, expected: Format) -> None:
    assert format_of(name) is expected


def test_a_name_without_a_parser_is_said_so() -> None:
    with pytest.raises(UnsupportedDocument, match=r"no parser for \.mp4"):
        format_of("party.mp4")


@pytest.mark.parametrize(
    ("fmt", "name", "head", "reason"),
    [
        (Format.TEXT, "a.txt", b"%PDF-1.7\n...", "named .txt but its content is PDF"),
        (Format.MARKDOWN, "a.md", b"\x7fELF\x02\x01", "named .md but its content is program"),
        (Format.MARKDOWN, "a.md", b"abc\x00\x01\x02def" * 9, "named .md but its content is binary"),
        (Format.PDF, "a.pdf", b"<html>", "named .pdf but its content is something else"),
        (Format.DOCX, "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "encrypted, or in the Office format"),
        (Format.IMAGE, "a.png", b"PK\x03\x04", "named .png but its content is ZIP"),
    ],
)
def test_bytes_that_break_the_promise_are_refused(fmt: Format, name: str, head: bytes, reason: str) -> None:
    with pytest.raises(BrokenDocument, match=reason):
        check(fmt, name, head)


def test_a_text_that_mentions_pdf_is_a_text() -> None:
    check(Format.TEXT, "a.txt", b"The header of a PDF is %PDF-1.7.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_common_encodings_are_read(encoding: str) -> None:
    assert decode("Größe\r\nzwei".encode(encoding)) == "Größe\nzwei"


def test_utf_8_with_a_broken_byte_is_damaged_and_not_guessed_at() -> None:
    with pytest.raises(BrokenDocument, match="not valid UTF-8 at byte 7"):
        decode("Größe".encode() + b"\xff rest")
