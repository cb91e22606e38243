"""The weekly report as a message, made from plain values.

The report is a mapping:

    title      str
    figures    [{name, value, note?}]           e.g. {"name": "Satisfied", "value": "82 %", "note": "of 61 votes"}
    verdicts   [{learner, outcome, short, evidence, release?}]
                                                e.g. {"learner": "fusion", "outcome": "released", "short": "Better: …"}
    untried    str                              what the other learners lack
    notes      [str]
    chart      a Slack file id, or absent
    chart_alt  what the chart shows, in words
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.blocks import limits
from bot.blocks.message import Block, Message, context, header, message, section
from bot.blocks.release import Shown, row
from bot.blocks.text import inert, plain

_MOST_VERDICTS = 14
"""With three blocks each, all fit into a message beside the rest."""
_FIELDS = 10
_NOTES = 10
_LINES = 6
"""Lines of a block of small print; so many fit into its characters."""
_WHOLE = "The whole reasons: `flywheel report`, or `GET /v1/reports/latest`."
_FIELD_TEXT = 2_000


def models_in(report: Mapping[str, Any]) -> list[str]:
    """Return the releases that a report's verdicts are about."""
    return [str(one["release"]) for one in report.get("verdicts", ()) if one.get("release")]


def report_message(report: Mapping[str, Any], shown: Mapping[str, Shown] | None = None) -> Message:
    """Render a report; verdicts on releases that are `shown` get their buttons."""
    title = str(report.get("title", "Weekly report"))
    verdicts = report.get("verdicts", ())[:_MOST_VERDICTS]
    blocks = [
        header(title),
        *_figures(report.get("figures", ())),
        *_chart(report),
        *[block for one in verdicts for block in _judged(one, shown or {})],
        *_small_print(report, [_WHOLE] if verdicts else []),
    ]
    return message(title, blocks)


def _small_print(report: Mapping[str, Any], more: Sequence[str]) -> list[Block]:
    said = [str(report.get("untried", "")), *map(str, report.get("notes", ())[:_NOTES])]
    lines = [inert(one) for one in said if one.strip()] + list(more)
    return [context("\n".join(lines[start : start + _LINES])) for start in range(0, len(lines), _LINES)]


def _figures(figures: Sequence[Mapping[str, Any]]) -> list[Block]:
    fields = [
        {"type": "mrkdwn", "text": limits.clip(_figure(figure), _FIELD_TEXT), "verbatim": True} for figure in figures
    ]
    rows = [fields[start : start + _FIELDS] for start in range(0, len(fields), _FIELDS)]
    return [{"type": "section", "fields": row} for row in rows]


def _figure(figure: Mapping[str, Any]) -> str:
    note = f"\n{inert(str(figure['note']))}" if figure.get("note") else ""
    return f"*{inert(str(figure['name']))}*\n{inert(str(figure['value']))}{note}"


def _chart(report: Mapping[str, Any]) -> list[Block]:
    if not report.get("chart"):
        return []
    alt = limits.clip(plain(str(report.get("chart_alt", "Chart of the week"))), limits.ALT_TEXT)
    return [{"type": "image", "slack_file": {"id": str(report["chart"])}, "alt_text": alt}]


def _judged(verdict: Mapping[str, Any], shown: Mapping[str, Shown]) -> list[Block]:
    about = shown.get(str(verdict.get("release")))
    return [section(_verdict(verdict)), *(row(about) if about else ())]


def _verdict(verdict: Mapping[str, Any]) -> str:
    outcome, learner = inert(str(verdict["outcome"])), inert(str(verdict["learner"]))
    return f"*{learner}: {outcome}*\n{inert(str(verdict.get('short') or verdict.get('evidence', '')))}"
