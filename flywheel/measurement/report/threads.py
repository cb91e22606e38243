"""Where the answers that a report counts can be read: their channel and thread.

A question's words stand here only where everybody in the report's channel may read its reply.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flywheel.measurement.window import Window

_QUOTED = 160


def threads(windows: Iterable[Window], wanted: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the channel, the thread and, where it may be quoted, the question of each wanted answer, by its id."""
    named = set(wanted)
    return {
        one.answer.id: {
            "channel": one.question.channel,
            "ts": one.question.thread_ts or one.question.message_ts,
            "question": one.question.text[:_QUOTED] if window.may_quote(one) else None,
        }
        for window in windows
        for one in window.exchanges
        if one.answer.id in named
    }


def named_in(content: Mapping[str, Any]) -> set[str]:
    """Return every answer's id that a report names, wherever it stands under `answers`."""
    found: set[str] = set()
    waiting: list[Any] = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            found.update(value.get("answers", ()) if isinstance(value.get("answers"), list | tuple) else ())
            waiting.extend(value.values())
        elif isinstance(value, list | tuple):
            waiting.extend(value)
    return found
