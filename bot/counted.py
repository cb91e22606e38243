"""What a report counts: each number in it with the answers behind it, and where the threads of those answers are.

A report is plain JSON. The faces (Slack, the web page) read it through this module, so that a key names the same number
on both: `satisfied` is a figure, `todo-1` the first thing to do, `topics-3` the third line of the section on topics,
`route-code` what searched code, `stale-1` and `contradicted-1` sources. Surprising: reports from before there were
threads name no answers, and nothing is counted in them then.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_SOURCES = {"stale": "Stale", "contradicted": "Contradicted"}
_BEHIND = {"answered": "not answered", "satisfied": "voted on", "time": "the slowest"}
"""Which answers stand behind a figure that is not a count of them."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of a report, as people read it, and the ids of the answers that it counts."""

    key: str
    label: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """Where an answer stands. `ts` is None where it was asked outside Slack, `question` where it may not be quoted."""

    answer: str
    channel: str | None = None
    ts: str | None = None
    question: str | None = None


def counted(report: Mapping[str, Any]) -> tuple[Counted, ...]:
    """Return everything in a report that counts answers, in reading order."""
    return tuple(one for one in _all(report) if one.answers)


def find(report: Mapping[str, Any], key: str) -> Counted | None:
    """Return what a key names, or None."""
    return next((one for one in counted(report) if one.key == key), None)


def figure_key(figure: Mapping[str, Any]) -> str:
    """Return the key of a figure; those of older reports have none but their name."""
    return str(figure.get("key") or figure["name"]).lower().replace(" ", "-")


def line_key(section: Mapping[str, Any], number: int) -> str:
    """Return the key of a section's line; `number` counts from 1."""
    return f"{section['key']}-{number}"


def threads(report: Mapping[str, Any], answers: Iterable[str]) -> tuple[Thread, ...]:
    """Return where answers stand; one that the report does not place stands nowhere."""
    known: Mapping[str, Mapping[str, Any]] = report.get("threads") or {}
    return tuple(_thread(answer, known.get(answer, {})) for answer in answers)


def words_of(thread: Thread) -> str:
    """Return the question of a thread; where it may not be quoted, when it was asked, as far as that is known."""
    if thread.question:
        return thread.question
    seconds = (thread.ts or "").partition(".")[0]
    if not seconds.isdigit() or len(seconds) > 10:
        return "A question that is not quoted here"
    return f"Asked {datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d %H:%M} UTC, not quoted here"


def permalink(workspace_url: str, thread: Thread) -> str | None:
    """Return the address of a thread's message, or None where there is none.

    `workspace_url` is what auth.test says, with a slash at its end (docs.slack.dev, chat.getPermalink, for the form).
    """
    if not workspace_url or not thread.channel or not thread.ts:
        return None
    return f"{workspace_url}archives/{thread.channel}/p{thread.ts.replace('.', '')}"


def _all(report: Mapping[str, Any]) -> Iterator[Counted]:
    for one in report.get("figures", ()):
        key = figure_key(one)
        behind = f"; {_BEHIND[key]}" if key in _BEHIND else ""
        yield Counted(key, f"{one['name']}: {one['value']}{behind}", _answers(one))
    for number, one in enumerate(report.get("todo", ()), 1):
        yield Counted(f"todo-{number}", f"To do {number}: {one['title']}", _answers(one))
    for section in report.get("sections", ()):
        for number, line in enumerate(section["lines"], 1):
            yield Counted(line_key(section, number), f"{section['title']}: {line['text']}", _answers(line))
    for one in (report.get("numbers") or {}).get("routes", ()):
        yield Counted(f"route-{one['route']}", f"Satisfied by route: {one['route']}", _answers(one))
    for kind, name in _SOURCES.items():
        for number, one in enumerate((report.get("sources") or {}).get(kind, ()), 1):
            yield Counted(f"{kind}-{number}", f"{name}: {one['title']}", _answers(one))


def _answers(one: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(str, one.get("answers") or ())))


def _thread(answer: str, place: Mapping[str, Any]) -> Thread:
    channel, ts, question = (place.get(name) for name in ("channel", "ts", "question"))
    return Thread(answer, channel or None, ts or None, question or None)
