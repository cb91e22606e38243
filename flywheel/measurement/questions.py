"""The questions of a data set: the lines of `queries.jsonl`, or of `queries.jsonl.gz`, in its folder."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flywheel.errors import InvalidInput

_NAMES = ("queries.jsonl.gz", "queries.jsonl")


def question_lines(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the lines in order; each has a `text`.

    Raises:
        InvalidInput: there is no such file, or a line of it is no question; the message says which.
    """
    file = next((folder / name for name in _NAMES if (folder / name).is_file()), None)
    if file is None:
        raise InvalidInput(f"{folder} has no queries.jsonl or queries.jsonl.gz")
    opener = gzip.open if file.suffix == ".gz" else open
    try:
        with opener(file, "rt", encoding="utf-8") as text:
            for number, line in enumerate(text, 1):
                yield _question(line, f"{file}, line {number}")
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise InvalidInput(f"{file} cannot be read: {error}") from error


def _question(line: str, place: str) -> Mapping[str, Any]:
    try:
        said = json.loads(line)
    except ValueError as error:
        raise InvalidInput(f"{place} is no JSON: {error}") from error
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        raise InvalidInput(f"{place} has no text")
    return said
