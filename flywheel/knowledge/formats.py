"""Decide what a file is: by its name, then by its first bytes, which must agree.

A name that promises one thing and bytes that are another are refused with both said, never guessed at.
"""

import re
from enum import StrEnum
from pathlib import PurePath

from flywheel.errors import BrokenDocument, UnsupportedDocument
from flywheel.model import Kind


class Format(StrEnum):
    """What can be read; each has a parser module of its name in `knowledge.parsers`, lists and exports apart."""

    MARKDOWN = "markdown"
    TEXT = "plain_text"
    RST = "restructured_text"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx_file"
    PPTX = "pptx_file"
    XLSX = "xlsx_file"
    CSV = "delimited"
    NOTEBOOK = "notebook"
    CODE = "source_code"
    IMAGE = "image"
    JSONL = "jsonl"
    SLACK = "slack_export"


_BY_SUFFIX = {
    ".md": Format.MARKDOWN, ".markdown": Format.MARKDOWN, ".mdx": Format.MARKDOWN,
    ".txt": Format.TEXT, ".text": Format.TEXT,
    ".rst": Format.RST,
    ".html": Format.HTML, ".htm": Format.HTML, ".xhtml": Format.HTML,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX, ".pptx": Format.PPTX, ".xlsx": Format.XLSX, ".xlsm": Format.XLSX,
    ".csv": Format.CSV, ".tsv": Format.CSV,
    ".ipynb": Format.NOTEBOOK,
    ".png": Format.IMAGE, ".jpg": Format.IMAGE, ".jpeg": Format.IMAGE, ".gif": Format.IMAGE, ".webp": Format.IMAGE,
    ".jsonl": Format.JSONL,
}  # fmt: skip
_CODE_SUFFIXES = frozenset({
    ".py", ".pyi", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".java", ".kt", ".kts", ".scala", ".groovy", ".go",
    ".rs", ".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".cs", ".swift", ".m", ".rb", ".php", ".pl", ".pm", ".lua",
    ".r", ".jl", ".ex", ".exs", ".erl", ".hs", ".ml", ".clj", ".dart", ".vue", ".svelte", ".sh", ".bash", ".zsh",
    ".fish", ".ps1", ".bat", ".sql", ".proto", ".graphql", ".tf", ".hcl", ".yaml", ".yml", ".toml", ".ini", ".cfg",
    ".conf", ".json", ".css", ".scss", ".gradle", ".cmake", ".nix",
})  # fmt: skip
_BY_NAME = {
    "readme": Format.TEXT, "license": Format.TEXT, "changelog": Format.TEXT, "authors": Format.TEXT,
    "notice": Format.TEXT, "makefile": Format.CODE, "dockerfile": Format.CODE, "justfile": Format.CODE,
    "jenkinsfile": Format.CODE,
}  # fmt: skip
_KIND_OF = {Format.CODE: Kind.CODE, Format.CSV: Kind.TABLE, Format.XLSX: Kind.TABLE, Format.IMAGE: Kind.IMAGE}

_SIGNATURES = (
    ("PDF", re.compile(rb"(?s).{0,1000}?%PDF-")),
    ("ZIP", re.compile(rb"PK\x03\x04|PK\x05\x06")),
    ("image", re.compile(rb"(?s)\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP")),
    ("OLE", re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")),
    ("gzip", re.compile(rb"\x1f\x8b")),
    ("program", re.compile(rb"\x7fELF|MZ.{50,}This program|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe")),
)
_EXPECTED = {
    Format.PDF: "PDF", Format.DOCX: "ZIP", Format.PPTX: "ZIP", Format.XLSX: "ZIP", Format.IMAGE: "image",
}  # fmt: skip
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
HEAD = 4_096
"""How many first bytes `check` wants."""


def format_of(name: str) -> Format:
    """Return the format that a file's name promises.

    Raises:
        UnsupportedDocument: no parser is known for such a name.
    """
    path = PurePath(name.lower())
    if path.name.endswith(".jsonl.gz"):
        return Format.JSONL
    found = _BY_SUFFIX.get(path.suffix) or _BY_NAME.get(path.name)
    if found:
        return found
    if path.suffix in _CODE_SUFFIXES:
        return Format.CODE
    raise UnsupportedDocument(f"no parser for {path.suffix or 'files without an extension'}")


def kind_of(fmt: Format) -> Kind:
    """Return what sort of knowledge a file of this format is as a whole."""
    return _KIND_OF.get(fmt, Kind.TEXT)


def check(fmt: Format, name: str, head: bytes) -> None:
    """Make sure that the first bytes are what the name promises.

    Raises:
        BrokenDocument: they are not; the message says what they are.
    """
    suffix = PurePath(name).suffix or name
    found = next((what for what, signature in _SIGNATURES if signature.match(head)), None)
    expected = _EXPECTED.get(fmt)
    if expected is not None:
        if found == "OLE":
            raise BrokenDocument("encrypted, or in the Office format from before 2007")
        if found != expected:
            raise BrokenDocument(f"named {suffix} but its content is {found or 'something else'}")
        return
    if found in {"ZIP", "OLE", "gzip", "program", "image"} or head.startswith(b"%PDF-"):
        raise BrokenDocument(f"named {suffix} but its content is {found}")
    if not head.startswith(_UTF16_MARKS) and len(_CONTROL.findall(head)) > len(head) // 100:
        raise BrokenDocument(f"named {suffix} but its content is binary")
