"""Stream the lines of a list (`*.jsonl`, `*.jsonl.gz`): each is a document of its own, named by its `_id`.

    {"_id", "title", "text", "source_type"?, "url"?, "access"?, "owner"?, "updated_at"?, "table"?}

A record of the type `table` has its rows in `table`, the first being the head, or in its text as `a | b | c`. Other
keys are left alone. A line that cannot be read is refused by its number and the next one is read; a line longer than
LONGEST_LINE is passed over without ever being in memory. No child is needed: JSON of a bounded line is harmless.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from flywheel.errors import BrokenDocument, DocumentError, InvalidInput
from flywheel.knowledge.blocks import clean
from flywheel.knowledge.policy import check_labels, narrowed
from flywheel.knowledge.source import Candidate, Refusal
from flywheel.model import Kind

LONGEST_LINE = 5_000_000
"""Bytes."""

MOST_REFUSED = 1_000
"""Lines of one list that are refused by name; the rest is counted."""

_GZIP = b"\x1f\x8b"
_STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class ListRecord:
    """One line of a list, checked. `updated_at` is as written."""

    external_id: str
    title: str
    text: str
    access: frozenset[str]
    kind: Kind = Kind.TEXT
    url: str | None = None
    owner: str | None = None
    updated_at: str | None = None
    table: tuple[tuple[str, ...], ...] = ()


def records(candidate: Candidate) -> Iterator[ListRecord | Refusal]:
    """Yield the records of a list in order, and a refusal for every line that is none."""
    source = str(candidate.path)
    number = refused = 0
    try:
        for number, line in enumerate(_lines(candidate.path), 1):
            found = _record_or_refusal(line, number, candidate)
            refused += isinstance(found, Refusal)
            if found is not None and (refused <= MOST_REFUSED or not isinstance(found, Refusal)):
                yield found
        if refused > MOST_REFUSED:
            yield Refusal(source, f"line {number}", f"{refused - MOST_REFUSED:,} more lines up to here were refused")
    except (OSError, EOFError, zlib.error) as error:
        yield Refusal(source, f"line {number + 1}", f"cannot be read from here on: {error}", unseen=candidate.path)


def count_lines(path: Path) -> int:
    """Return about how many records a list holds, 0 when it cannot be read."""
    try:
        with _open(path) as file:
            return sum(step.count(b"\n") for step in iter(lambda: file.read(_STEP), b""))
    except (OSError, EOFError, zlib.error):
        return 0


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(len(_GZIP)) == _GZIP
    return cast("BinaryIO", gzip.open(path, "rb")) if packed else path.open("rb")


def _lines(path: Path) -> Iterator[bytes | None]:
    """Yield each line, or None for one that is too long."""
    with _open(path) as file:
        while line := file.readline(LONGEST_LINE + 1):
            too_long = len(line) > LONGEST_LINE
            yield None if too_long else line
            while too_long and line and not line.endswith(b"\n"):
                line = file.readline(_STEP)


def _record_or_refusal(line: bytes | None, number: int, candidate: Candidate) -> ListRecord | Refusal | None:
    """Return what a line holds; an empty line holds nothing."""
    if line is not None and not line.strip():
        return None
    try:
        return _record(line, candidate)
    except DocumentError as error:
        return Refusal(str(candidate.path), f"line {number}", str(error))


def _record(line: bytes | None, candidate: Candidate) -> ListRecord:
    if line is None:
        raise BrokenDocument(f"longer than {LONGEST_LINE // 1_000_000} MB")
    said = _object(line)
    external_id, text = _text(said, "_id"), _text(said, "text")
    if not external_id or not text:
        raise BrokenDocument("no text" if external_id else "no _id")
    policy, kind = candidate.policy, _kind(said)
    return ListRecord(
        external_id,
        _text(said, "title") or external_id,
        text,
        narrowed(policy.limit, _access(said)),
        kind,
        _url(said),
        _text(said, "owner") or policy.owner,
        _text(said, "updated_at"),
        _table(said, text) if kind is Kind.TABLE else (),
    )


def _object(line: bytes) -> Mapping[str, object]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BrokenDocument(f"not JSON: {str(error)[:120]}") from error
    if not isinstance(said, dict):
        raise BrokenDocument("not a JSON object")
    return said


def _text(said: Mapping[str, object], key: str) -> str | None:
    value = said.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if value is not None and not isinstance(value, str):
        raise BrokenDocument(f"{key} is not text")
    return clean(value).strip() or None if value else None


def _table(said: Mapping[str, object], text: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a record's table, its head first; none where its text holds no rows of one width."""
    value = said.get("table")
    if value is None:
        return _rows_of(text)
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise BrokenDocument("table is not a list of rows")
    return tuple(tuple(_cell(cell) for cell in row) for row in value)


def _cell(value: object) -> str:
    if isinstance(value, list | dict):
        raise BrokenDocument("a cell of the table is not text")
    return "" if value is None else clean(str(value)).strip()


def _rows_of(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the lines of a text as rows, where each is parted by `|` and all are of one width."""
    lines = [line.strip().strip("|") for line in text.splitlines() if line.strip(" |-:")]
    rows = tuple(tuple(cell.strip() for cell in line.split("|")) for line in lines)
    widths = {len(row) for row in rows}
    return rows if len(rows) > 1 and len(widths) == 1 and min(widths) > 1 else ()


def _url(said: Mapping[str, object]) -> str | None:
    url = _text(said, "url")
    return url if url and url.startswith(("https://", "http://")) else None


def _access(said: Mapping[str, object]) -> frozenset[str] | None:
    value = said.get("access")
    if value is None:
        return None
    labels = [value] if isinstance(value, str) else value
    if not isinstance(labels, list):
        raise BrokenDocument("access is not a list of labels")
    try:
        return check_labels(str(label) for label in labels)
    except InvalidInput as error:
        raise BrokenDocument(str(error)) from error


def _kind(said: Mapping[str, object]) -> Kind:
    value = said.get("source_type")
    return next((kind for kind in Kind if kind.value == value), Kind.TEXT)
