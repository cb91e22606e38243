"""The report as messages, made from plain values: the one that everybody reads, and its details in the thread.

The report is the JSON of `flywheel.measurement.report`. Everything but `title` may be missing, as in reports that were
stored before there were sections:

    verdict    the week in a sentence            figures   [{key, name, value, note, answers}]
    todo       [{title, why, lever, answers, owner}], at most three
    verdicts   [{learner, outcome, short, evidence, release?}]
    sections   [{key, title, lines: [{text, answers}]}]
    sources    {stale, contradicted: [{title, url, owner, updated_at}]}
    charts     [{key, title, alt, slack}]        untried, notes, chart_alt

Pictures are given as Slack file ids by the keys of their charts. Owners are shown by name, as what calls nobody.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.blocks import limits
from bot.blocks.message import Block, Message, context, header, message, section
from bot.blocks.release import Shown, row
from bot.blocks.text import inert, link, plain, web_address
from bot.blocks.threads import menu, with_threads
from bot.counted import counted, find
from flywheel.measurement.lever_words import help_of

OLD_CHART = "chart"
"""The key of the one picture of older reports; their content may hold its file id under this name."""

_MOST_VERDICTS = 14
_FIELDS = 10
_NOTES = 10
_LINES = 6
"""Lines of a block of small print; so many fit into its characters."""
_WHOLE = "The whole reasons: `flywheel report`, or `GET /v1/reports/latest`."
_FIELD_TEXT = 2_000
_CHARTS = 3
_NATIVE = 2
"""Slack's own charts in a message (docs.slack.dev, data_visualization)."""
_SOURCES = 5
_IN_MAIN = frozenset({"experiments"})
_SHOWN_OTHERWISE = frozenset({"learned"})
_A_LINE = 700


def models_in(report: Mapping[str, Any]) -> list[str]:
    """Return the releases that a report's verdicts are about."""
    return [str(one["release"]) for one in report.get("verdicts", ()) if one.get("release")]


def report_message(
    report: Mapping[str, Any],
    shown: Mapping[str, Shown] | None = None,
    *,
    report_id: str = "",
    pictures: Mapping[str, str] | None = None,
) -> Message:
    """Render a report; verdicts on releases that are `shown` get their buttons. With an id its threads can be opened.

    What was learned takes the room that the rest leaves of Slack's fifty blocks.
    """
    title = str(report.get("title", "Weekly report"))
    verdict = str(report.get("verdict") or "")
    before = [
        header(title),
        *([section(f"*{inert(verdict)}*")] if verdict else []),
        *_figures(report.get("figures", ())),
        *menu(report_id, counted(report)),
        *_todo(report, report_id),
        *_pictures(report, pictures or {}),
    ]
    verdicts = report.get("verdicts", ())
    after = [
        *[_section(one) for one in report.get("sections", ()) if one["key"] in _IN_MAIN],
        *_sources(report.get("sources") or {}),
        *_small_print(report, [_WHOLE] if verdicts else []),
    ]
    room = limits.MESSAGE_BLOCKS - len(before) - len(after)
    return message(
        f"{title}. {verdict}" if verdict else title, [*before, *_learned(verdicts, shown or {}, room), *after]
    )


def details_message(report: Mapping[str, Any]) -> Message | None:
    """Render what stands in the report's thread: its other sections and Slack's own charts; None without any."""
    left_out = _IN_MAIN | _SHOWN_OTHERWISE
    sections = [_section(one) for one in report.get("sections", ()) if one["key"] not in left_out and one["lines"]]
    native = [dict(one["slack"]) for one in report.get("charts", ()) if one.get("slack")][:_NATIVE]
    if not sections and not native:
        return None
    room = limits.MESSAGE_BLOCKS - len(native)
    return message(f"{report.get('title', 'Report')}: the details", [*sections[:room], *native])


def _figures(figures: Sequence[Mapping[str, Any]]) -> list[Block]:
    fields = [
        {"type": "mrkdwn", "text": limits.clip(_figure(figure), _FIELD_TEXT), "verbatim": True} for figure in figures
    ]
    rows = [fields[start : start + _FIELDS] for start in range(0, len(fields), _FIELDS)]
    return [{"type": "section", "fields": row} for row in rows]


def _figure(figure: Mapping[str, Any]) -> str:
    note = f"\n{inert(str(figure['note']))}" if figure.get("note") else ""
    return f"*{inert(str(figure['name']))}*\n{inert(str(figure['value']))}{note}"


def _todo(report: Mapping[str, Any], report_id: str) -> list[Block]:
    todo = report.get("todo", ())
    listed = [
        with_threads(section(_to_do(number, one)), report_id, find(report, f"todo-{number}"))
        for number, one in enumerate(todo, 1)
    ]
    return [section("*To do next*"), *listed] if listed else []


def _to_do(number: int, one: Mapping[str, Any]) -> str:
    lever = f"would help: {inert(help_of(str(one['lever'])))}" if one.get("lever") else ""
    owner = f"owner: {inert(str(one['owner']))}" if one.get("owner") else ""
    title = _words(one["title"], 200).replace("*", "∗")
    why, small = _words(one["why"], 600), " · ".join(filter(None, (lever, owner)))
    return "\n".join(filter(None, (f"{number}. *{title}*", why, small)))


def _pictures(report: Mapping[str, Any], files: Mapping[str, str]) -> list[Block]:
    alts = {str(one["key"]): str(one["alt"]) for one in report.get("charts", ())}
    alts = alts or {OLD_CHART: str(report.get("chart_alt", "Chart of the week"))}
    known = files or ({OLD_CHART: str(report[OLD_CHART])} if report.get(OLD_CHART) else {})
    return [_picture(known[key], alts.get(key, "Chart")) for key in alts if key in known][:_CHARTS]


def _picture(file_id: str, alt: str) -> Block:
    return {
        "type": "image",
        "slack_file": {"id": file_id},
        "alt_text": limits.clip(plain(alt), limits.ALT_TEXT) or "Chart",
    }


def _learned(verdicts: Sequence[Mapping[str, Any]], shown: Mapping[str, Shown], room: int) -> list[Block]:
    """Return the verdicts with their buttons, as many as fit; the others in a line."""
    made = [_judged(one, shown) for one in verdicts[:_MOST_VERDICTS]]
    kept: list[Block] = []
    for number, blocks in enumerate(made):
        if len(kept) + len(blocks) + 1 > room:
            return [*kept, context(f"{len(verdicts) - number} more: `/ask models`, or the page of this report.")]
        kept += blocks
    return kept


def _judged(verdict: Mapping[str, Any], shown: Mapping[str, Shown]) -> list[Block]:
    about = shown.get(str(verdict.get("release")))
    return [section(_verdict(verdict)), *(row(about) if about else ())]


def _verdict(verdict: Mapping[str, Any]) -> str:
    outcome, learner = inert(str(verdict["outcome"])), inert(str(verdict["learner"]))
    return f"*{learner}: {outcome}*\n{inert(str(verdict.get('short') or verdict.get('evidence', '')))}"


def _section(one: Mapping[str, Any]) -> Block:
    lines = [f"• {_words(line['text'], _A_LINE)}" for line in one["lines"]]
    return section("\n".join([f"*{inert(str(one['title']))}*", *lines]))


def _sources(sources: Mapping[str, Any]) -> list[Block]:
    named = (("stale", "Stale sources"), ("contradicted", "Contradicted sources"))
    return [_source_block(title, sources[key]) for key, title in named if sources.get(key)]


def _source_block(title: str, listed: Sequence[Mapping[str, Any]]) -> Block:
    more = [f"{len(listed) - _SOURCES} more on the page."] if len(listed) > _SOURCES else []
    return section("\n".join([f"*{title}*", *map(_source, listed[:_SOURCES]), *more]))


def _source(one: Mapping[str, Any]) -> str:
    since = f", changed {inert(str(one['updated_at']).partition('T')[0])}" if one.get("updated_at") else ""
    owner = f"owner: {inert(str(one['owner']))}" if one.get("owner") else "no owner"
    opened = f" · {link(str(one['url']), 'Open')}" if web_address(one.get("url")) else ""
    return f"• {_words(one['title'], 150)} ({owner}{since}){opened}"


def _words(text: object, longest: int) -> str:
    return limits.clip(inert(str(text)), longest)


def _small_print(report: Mapping[str, Any], more: Sequence[str]) -> list[Block]:
    said = [str(report.get("untried", "")), *map(str, report.get("notes", ())[:_NOTES])]
    lines = [inert(one) for one in said if one.strip()] + list(more)
    return [context("\n".join(lines[start : start + _LINES])) for start in range(0, len(lines), _LINES)]
