"""What every page has around its content, and the two pages that show no report: the list, and the question for the
token."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.pages.html import Child, Html, joined, raw, tag
from bot.pages.style import SHEET

ROOT = "/reports"
ENTER = f"{ROOT}/enter"


def page(title: str, *content: Child, links: Sequence[tuple[str, str]] = ()) -> str:
    """Return a whole page; `links` are (address, label) pairs above it."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex"),
        tag("link", rel="icon", href="data:,"),
        tag("title", title),
        tag("style", raw(SHEET)),
    )
    above = tag("nav", *[tag("a", label, href=address) for address, label in links], aria_label="Reports")
    body = tag("body", above if links else None, tag("main", *content))
    return joined(raw("<!doctype html>\n"), tag("html", head, body, lang="en"))


def table(columns: Sequence[str], rows: Sequence[Sequence[Child]]) -> Html:
    """Return a table; the first cell of each row heads it."""
    head = tag("thead", tag("tr", *[tag("th", one, scope="col") for one in columns]))
    body = tag(
        "tbody", *[tag("tr", tag("th", row[0], scope="row"), *[tag("td", one) for one in row[1:]]) for row in rows]
    )
    return tag("div", tag("table", head, body), class_="table")


def enter_page(to: str, problem: str = "") -> str:
    """Ask for the token; `to` is the path that was asked for."""
    return page(
        "Flywheel reports",
        tag("h1", "Flywheel reports"),
        tag("p", "Enter the API token once; this browser may then read reports for twelve hours."),
        tag("p", problem, class_="problem", role="alert") if problem else None,
        tag(
            "form",
            tag("input", type="hidden", name="to", value=to),
            tag("label", "API token", for_="token"),
            tag(
                "input", type="password", id="token", name="token", autocomplete="current-password", required="required"
            ),
            tag("button", "Read the reports", type="submit"),
            method="post",
            action=ENTER,
        ),
        tag(
            "p", "Administrators: “Open as a page” under a report in Slack opens it without the token.", class_="quiet"
        ),
    )


def list_page(reports: Sequence[Mapping[str, Any]]) -> str:
    """List reports, newest first; each is a content with `period`."""
    rows = [_listed(one) for one in reports]
    shown = table(("Report", "In a sentence", "Made"), rows) if rows else tag("p", "No report has been made yet.")
    return page("Flywheel reports", tag("h1", "Flywheel reports"), shown)


def _listed(report: Mapping[str, Any]) -> Sequence[Child]:
    period = str(report["period"])
    opened = tag("a", str(report.get("title") or period), href=f"{ROOT}/{period}")
    return (opened, str(report.get("verdict") or "—"), tag("time", minute(report.get("made_at"))))


def minute(stamp: object) -> str:
    """Return an ISO time to the minute, as people read it; an empty string without one."""
    return str(stamp or "")[:16].replace("T", " ")
