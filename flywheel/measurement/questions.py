"""The lines of a data set's files: `queries.jsonl`, `corpus.jsonl`, or the same compressed as `.gz`, in its folder."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flywheel.errors import InvalidInput


def question_lines(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the lines of `queries.jsonl` in order; each has a `text`.

    Raises:
        InvalidInput: there is no such file, or a line of it is no question; the message says which.
    """
    file = found(folder, "queries.jsonl")
    if file is None:
        raise InvalidInput(f"{folder} has no queries.jsonl or queries.jsonl.gz")
    yield from lines(file, "text")


def found(folder: Path, name: str) -> Path | None:
    """Return the file with this name, compressed or not, or None."""
    return next((file for file in (folder / f"{name}.gz", folder / name) if file.is_file()), None)


def lines(file: Path, needed: str) -> Iterator[Mapping[str, Any]]:
    """Yield the lines of a JSONL file in order; each is an object with a string under `needed`.

    Raises:
        InvalidInput: the file cannot be read, or a line is no such object; the message says which.
    """
    opener = gzip.open if file.suffix == ".gz" else open
    try:
        with opener(file, "rt", encoding="utf-8") as text:
            for number, line in enumerate(text, 1):
                yield _line(line, needed, f"{file}, line {number}")
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise InvalidInput(f"{file} cannot be read: {error}") from error


def _line(line: str, needed: str, place: str) -> Mapping[str, Any]:
    try:
        said = json.loads(line)
    except ValueError as error:
        raise InvalidInput(f"{place} is no JSON: {error}") from error
    if not isinstance(said, dict) or not isinstance(said.get(needed), str):
        raise InvalidInput(f"{place} has no {needed}")
    return said
