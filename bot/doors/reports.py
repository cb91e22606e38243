"""The doors of reports: JSON for programs under `/v1`, pages for people under `/reports`.

Pages open with the bearer token, with the cookie of a browser in which the token was entered once, or with an
administrator's link, which leaves that cookie too. All other requests get the form that asks for the token.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from pydantic import AfterValidator, WithJsonSchema

from bot import drawing, passes
from bot.counted import find, threads
from bot.doors.entrance import CoreOf, is_token
from bot.owners import with_names
from bot.pages.frame import ENTER, ROOT, enter_page, list_page, page
from bot.pages.html import tag
from bot.pages.report import report_page, threads_page
from bot.pages.style import POLICY
from flywheel.core import Core
from flywheel.errors import FlywheelError, NotFound
from flywheel.store import report_periods, reports

router = APIRouter(tags=["flywheel"])
pages = APIRouter(include_in_schema=False)

_PERIOD = re.compile(r"[0-9]{4}-(W[0-9]{2}|[0-9]{2})")


def _is_period(said: str) -> str:
    if not _PERIOD.fullmatch(said):
        raise ValueError("must be a week such as 2026-W47 or a month such as 2026-11")
    return said


Period = Annotated[
    str, AfterValidator(_is_period), WithJsonSchema({"type": "string", "pattern": f"^{_PERIOD.pattern}$"})
]
Pass = Annotated[str, Query(alias="pass", max_length=200)]

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}
_WRONG = "This is not the token. It stands in FLYWHEEL_API_TOKEN, or in the file api_token of the data folder."
_BACK = ((ROOT, "All reports"),)
_NONE = "no report has been made yet; run a turn"


class Entering(FlywheelError):
    """Somebody without a pass wants a page: ask for the token."""


class NoPage(NotFound):
    """There is no such page."""


@router.get("/v1/reports/latest")
def show_latest_report(core: CoreOf) -> dict[str, Any]:
    """Show the newest report.

    Raises:
        NotFound: no report has been made yet.
    """
    with core.database.read() as db:
        report = reports.latest(db)
    if report is None:
        raise NotFound(_NONE)
    return dict(report)


@router.get("/v1/reports/{period}")
def show_report(period: Period, core: CoreOf) -> dict[str, Any]:
    """Show the newest report on an ISO week such as 2026-W47, or on a month such as 2026-11.

    Raises:
        NotFound: there is none.
    """
    found = _newest(core, period)
    if found is None:
        raise NotFound(f"there is no report on {period}")
    return found


def require_pass(request: Request, given: Pass = "") -> None:
    """Let those in who hold the token, a cookie made of it, or a link to this very page.

    Raises:
        Entering: none of these was presented.
    """
    token, now = str(request.app.state.api_token), _now(request)
    cookie = request.cookies.get(passes.COOKIE, "")
    if is_token(request, request.headers.get("authorization", "").removeprefix("Bearer ")):
        return
    if passes.holds(token, passes.EVERY_PAGE, cookie, now):
        return
    if passes.holds(token, request.url.path, given, now):
        request.state.keep_pass = True
        return
    raise Entering


Shown = Annotated[None, Depends(require_pass)]


@pages.get(ROOT)
def list_reports(request: Request, core: CoreOf, _: Shown) -> Response:
    """List the reports."""
    with core.database.read() as db:
        found = report_periods.listed(db)
    return _page(request, list_page(found))


@pages.post(ENTER)
async def enter(request: Request) -> Response:
    """Take the token and leave a cookie that stands for it."""
    try:
        form = dict(parse_qsl((await request.body()).decode("utf-8"), max_num_fields=4))
    except (UnicodeDecodeError, ValueError):
        form = {}
    to = _inside(form.get("to", ""))
    given = form.get("token", "").strip().encode("utf-8", "replace").decode("latin-1")  # as in a header
    if not is_token(request, given):
        return HTMLResponse(enter_page(to, _WRONG), 401, _HEADERS)
    reply = RedirectResponse(to, 303, _HEADERS)
    _keep_pass(request, reply)
    return reply


@pages.get(f"{ROOT}/{{period}}.json")
def show_json(period: str, core: CoreOf, _: Shown) -> Response:
    """Show a report as JSON."""
    return JSONResponse(_content(core, period), headers=_HEADERS)


@pages.get(f"{ROOT}/{{period}}")
def show_page(request: Request, period: str, core: CoreOf, _: Shown) -> Response:
    """Show a report as a page."""
    name_of: Callable[[str], str] = request.app.state.name_of
    return _page(request, report_page(with_names(_content(core, period), name_of)))


@pages.get(f"{ROOT}/{{period}}/threads/{{key}}")
def show_threads(request: Request, period: str, key: str, core: CoreOf, _: Shown) -> Response:
    """Show the threads behind a number of a report."""
    content = _content(core, period)
    number = find(content, key)
    if number is None:
        raise NoPage(f"The report of {period} counts no answers under this name.")
    url = str(request.app.state.workspace_url)
    return _page(request, threads_page(content, number, threads(content, number.answers), url))


@pages.get(f"{ROOT}/{{period}}/charts/{{key}}.png")
def show_chart(period: str, key: str, core: CoreOf, _: Shown) -> Response:
    """Draw a chart of a report."""
    content = _content(core, period)
    return Response(
        drawing.draw(content, key),
        media_type="image/png",
        headers={**_HEADERS, "Cache-Control": "private, max-age=300"},
    )


def mount(app: FastAPI) -> None:
    """Serve the pages; somebody without a pass gets the form, and what is not there is said in a page."""
    app.include_router(pages)
    app.add_exception_handler(Entering, _ask_for_token)
    app.add_exception_handler(NoPage, _say_missing)


def _ask_for_token(request: Request, _error: Exception) -> Response:
    return HTMLResponse(enter_page(_inside(request.url.path)), 401, _HEADERS)


def _say_missing(_request: Request, error: Exception) -> Response:
    return HTMLResponse(page("Not found", tag("h1", "Not found"), tag("p", str(error)), links=_BACK), 404, _HEADERS)


def _page(request: Request, text: str) -> Response:
    reply = HTMLResponse(text.encode("utf-8", "replace"), headers=_HEADERS)
    if getattr(request.state, "keep_pass", False):
        _keep_pass(request, reply)
    return reply


def _keep_pass(request: Request, reply: Response) -> None:
    made = passes.make(str(request.app.state.api_token), passes.EVERY_PAGE, _now(request) + passes.COOKIE_FOR)
    is_public = str(request.app.state.base_url).startswith("https:")
    reply.set_cookie(
        passes.COOKIE,
        made,
        max_age=int(passes.COOKIE_FOR.total_seconds()),
        path=ROOT,
        secure=is_public,
        httponly=True,
        samesite="strict",
    )


def _content(core: Core, period: str) -> dict[str, Any]:
    found = _newest(core, period)
    if found is None:
        raise NoPage(f"There is no report on {period}.")
    return {**found, "period": period}


def _newest(core: Core, period: str) -> dict[str, Any] | None:
    if not _PERIOD.fullmatch(period):
        return None
    with core.database.read() as db:
        found = reports.of_period(db, period)
    return None if found is None else dict(found.content)


def _inside(path: str) -> str:
    """Return a path of ours to go on to; the list for anything else."""
    is_ours = path.startswith(f"{ROOT}/") and path.isprintable() and "\\" not in path and path != ENTER
    return path if is_ours else ROOT


def _now(request: Request) -> datetime:
    now: Callable[[], datetime] = request.app.state.core.now
    return now()
