"""A report as a page, and the list of threads behind one of its numbers. Every number that counts answers is a link."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from bot.blocks.text import web_address
from bot.counted import Counted, Thread, counted, figure_key, line_key, permalink, words_of
from bot.drawing import drawings
from bot.pages.frame import ROOT, minute, page, table
from bot.pages.html import Child, Html, joined, tag
from flywheel.measurement.lever_words import help_of

_HIDDEN_SECTIONS = frozenset({"learned"})
"""What a table of the page and its notes show already."""


def report_page(report: Mapping[str, Any]) -> str:
    """Render a report; anything but `title` and `period` may be missing."""
    period = str(report["period"])
    links = _Links(period, {one.key: one for one in counted(report)})
    parts = (
        _figures(report, links),
        _todo(report, links),
        _charts(report),
        _learned(report),
        *[_section(one, links) for one in report.get("sections", ()) if one["key"] not in _HIDDEN_SECTIONS],
        *_sources(report, links),
        _notes(report),
    )
    title = str(report.get("title") or period)
    return page(
        title, *_heading(report, title), *parts, links=((ROOT, "All reports"), (f"{ROOT}/{period}.json", "JSON"))
    )


def threads_page(report: Mapping[str, Any], number: Counted, listed: Sequence[Thread], workspace_url: str) -> str:
    """Render the threads behind a number."""
    period = str(report["period"])
    back = ((f"{ROOT}/{period}", str(report.get("title") or period)),)
    lines = [tag("li", _thread(one, workspace_url)) for one in listed]
    count = f"{len(listed)} {'answer' if len(listed) == 1 else 'answers'}"
    return page(
        f"Threads: {number.label}",
        tag("h1", number.label),
        tag("p", count, class_="quiet"),
        tag("ul", lines),
        links=back,
    )


class _Links:
    """Makes the numbers of one report into links."""

    def __init__(self, period: str, numbers: Mapping[str, Counted]) -> None:
        self._period = period
        self._numbers = numbers

    def of(self, key: str, text: str) -> Child:
        """Return a number's text as a link to its threads; the text alone where it counts nothing."""
        return (
            tag("a", text, href=f"{ROOT}/{self._period}/threads/{quote(key, safe='')}")
            if key in self._numbers
            else text
        )

    def count(self, key: str) -> Child:
        """Return “12 threads” as a link, or nothing."""
        if key not in self._numbers:
            return None
        count = len(self._numbers[key].answers)
        return joined(" ", self.of(key, f"{count} {'thread' if count == 1 else 'threads'}"))


def _heading(report: Mapping[str, Any], title: str) -> Sequence[Child]:
    start, end, made = (minute(report.get(name)) for name in ("from", "to", "made_at"))
    return (
        tag("h1", title),
        tag("p", f"From {start[:10]} until {end[:10]}, made {made}.", class_="quiet") if made else None,
        tag("p", str(report["verdict"]), class_="verdict") if report.get("verdict") else None,
    )


def _figures(report: Mapping[str, Any], links: _Links) -> Html | None:
    shown = [
        tag(
            "div",
            tag("dt", str(one["name"])),
            tag("dd", links.of(figure_key(one), str(one["value"])), class_="value"),
            tag("dd", str(one["note"]), class_="quiet") if one.get("note") else None,
        )
        for one in report.get("figures", ())
    ]
    return joined(tag("h2", "Figures"), tag("dl", shown, class_="figures")) if shown else None


def _todo(report: Mapping[str, Any], links: _Links) -> Html | None:
    listed = [
        tag(
            "li",
            tag("h3", str(one["title"])),
            tag("p", str(one["why"]), links.count(f"todo-{number}")),
            tag("p", _small(one), class_="quiet") if _small(one) else None,
        )
        for number, one in enumerate(report.get("todo", ()), 1)
    ]
    return joined(tag("h2", "To do next"), tag("ol", listed, class_="todo")) if listed else None


def _small(one: Mapping[str, Any]) -> str:
    lever = f"would help: {help_of(str(one['lever']))}" if one.get("lever") else ""
    owner = f"owner: {one['owner']}" if one.get("owner") else ""
    return " · ".join(filter(None, (lever, owner)))


def _charts(report: Mapping[str, Any]) -> Html | None:
    drawn = [
        tag(
            "figure",
            tag(
                "img",
                src=f"{ROOT}/{report['period']}/charts/{quote(one.key, safe='')}.png",
                alt=one.alt,
                width=1200,
                height=630,
            ),
            tag("figcaption", one.alt if one.alt.startswith(one.title) else f"{one.title}. {one.alt}"),
        )
        for one in drawings(report)
    ]
    return joined(tag("h2", "Charts"), drawn) if drawn else None


def _learned(report: Mapping[str, Any]) -> Html | None:
    rows = [
        (str(one["learner"]), str(one["outcome"]), str(one.get("evidence") or one.get("short") or ""))
        for one in report.get("verdicts", ())
    ]
    untried = tag("p", str(report["untried"]), class_="quiet") if report.get("untried") else None
    if not rows and untried is None:
        return None
    return joined(tag("h2", "What was learned"), table(("Learner", "Outcome", "Why"), rows) if rows else None, untried)


def _section(one: Mapping[str, Any], links: _Links) -> Html | None:
    lines = [
        tag("li", str(line["text"]), links.count(line_key(one, number))) for number, line in enumerate(one["lines"], 1)
    ]
    return joined(tag("h2", str(one["title"])), tag("ul", lines)) if lines else None


def _sources(report: Mapping[str, Any], links: _Links) -> Sequence[Html]:
    sources, named = report.get("sources") or {}, (("stale", "Stale sources"), ("contradicted", "Contradicted sources"))
    columns = ("Source", "Owner", "Changed", "Threads")
    return [
        joined(
            tag("h2", title),
            table(columns, [_source(one, links.count(f"{kind}-{n}")) for n, one in enumerate(sources[kind], 1)]),
        )
        for kind, title in named
        if sources.get(kind)
    ]


def _source(one: Mapping[str, Any], threads: Child) -> Sequence[Child]:
    address = web_address(one.get("url"))
    title = tag("a", str(one["title"]), href=address, rel="noreferrer") if address else str(one["title"])
    return (title, str(one.get("owner") or "nobody"), str(one.get("updated_at") or "—")[:10], threads)


def _notes(report: Mapping[str, Any]) -> Html | None:
    notes = [tag("li", str(one)) for one in report.get("notes", ())]
    return joined(tag("h2", "Notes"), tag("ul", notes)) if notes else None


def _thread(thread: Thread, workspace_url: str) -> Child:
    said = words_of(thread)
    address = permalink(workspace_url, thread)
    if address:
        return tag("a", said, href=address, rel="noreferrer")
    return joined(said, " ", tag("span", "(no thread: it came through the API or was not posted)", class_="quiet"))
