"""The `.env` file: our lines set, everybody else's kept, written whole or not at all, readable by its owner alone."""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from flywheel.errors import ConfigurationError

_NAME = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=")
_PLAIN = re.compile(r"[A-Za-z0-9_./:@,+=~%?&-]*")


def read(file: Path) -> dict[str, str]:
    """Return what a file sets, empty values left out; nothing where there is no file."""
    return {name: value for name, value in dotenv_values(file, interpolate=False).items() if value}


def write(file: Path, values: Mapping[str, str]) -> None:
    """Set variables in a file. Its other lines stay, in their places; so do ours, each once.

    Raises:
        ConfigurationError: the file cannot be written; then it is as it was.
    """
    file = file.resolve()
    try:
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        handle, aside = tempfile.mkstemp(dir=file.parent, prefix=".env-")  # readable by its owner alone
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            new.write(merged(old, values))
            new.flush()
            os.fsync(new.fileno())
        Path(aside).replace(file)
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror}") from error
    finally:
        Path(aside).unlink(missing_ok=True)


def require_writable(file: Path) -> None:
    """Refuse a file that `write` could not replace, before somebody answers questions for it.

    Raises:
        ConfigurationError: its folder is not there, or nothing can be written in it.
    """
    folder = file.resolve().parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise ConfigurationError(f"{file} cannot be written; name another place with --env-file")


def merged(old: str, values: Mapping[str, str]) -> str:
    """Return the text of a file in which these variables have these values."""
    left = dict(values)
    lines: list[str] = []
    for line in old.splitlines():
        found = _NAME.match(line)
        name = found.group(1) if found else ""
        if name not in values:
            lines.append(line)
        elif name in left:
            lines.append(f"{name}={_quoted(left.pop(name))}")
    lines.extend(f"{name}={_quoted(value)}" for name, value in left.items())
    return "".join(f"{line}\n" for line in lines)


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
