"""Log lines without personal text: one line of text each, or one JSON object each (FLYWHEEL_LOG=json).

A log line names things by their ids. Of an error that is not ours only the type and the places in the code are told,
because its message may quote what it failed on: a question, a value that was to be stored, a body that was sent.
"""

import json
import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

from flywheel.errors import FlywheelError

_TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class Lines(logging.Formatter):
    """Plain lines; an error's places in the code follow it."""

    def __init__(self) -> None:
        """Use the one format of the terminal."""
        super().__init__(_TEXT)

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        """Tell an error without what it quotes."""
        error = ei[1] if isinstance(ei, tuple) else None
        return "\n".join(_told(error)) if isinstance(error, BaseException) else ""


class JsonLines(logging.Formatter):
    """One JSON object per line: at, level, logger, message, and where there is one, error and trace."""

    def __init__(self, current: Callable[[], str] = str) -> None:
        """Name the current trace by `current`, a W3C traceparent."""
        super().__init__()
        self._current = current

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"], line["places"] = _named(error), _places(error)
        if trace := self._current():
            line["trace"] = trace
        return json.dumps(line, ensure_ascii=False)


def log_to_terminal(style: str = "text", current: Callable[[], str] = str) -> None:
    """Log our own lines from INFO up and everybody else's from WARNING up; no library may log a request."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines(current) if style == "json" else Lines())
    root = logging.getLogger()
    root.handlers, root.level = [handler], logging.WARNING
    for name in ("flywheel", "bot"):
        logging.getLogger(name).setLevel(logging.INFO)


def _told(error: BaseException) -> list[str]:
    return [*(f"  {place}" for place in _places(error)), _named(error)]


def _named(error: BaseException) -> str:
    name = type(error).__name__
    return f"{name}: {error}" if isinstance(error, FlywheelError) else name


def _places(error: BaseException) -> list[str]:
    """Return where an error passed, and where those behind it did, outermost first."""
    behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = [*_places(behind), _named(behind)] if behind is not None else []
    return before + [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]
