"""The page of a report in a real browser, as wide as a phone and as a desk, on screen and on paper."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from bot.api import Serving, create_api
from bot.serving import bound
from flywheel.store import reports
from tests.parts import MOMENT, make_core
from tests.report_content import weekly

TOKEN = "the-token"
WIDTHS = (390, 1280)
SCREENSHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a report on 2026-W47 and yield where."""
    core = make_core(tmp_path_factory.mktemp("core"))
    with core.database.begin() as db:
        reports.put(db, reports.Report("2026-W47", "2026-W47", MOMENT, weekly()))
    with bound("127.0.0.1", 0) as listening, served(Serving(core, TOKEN, lambda _: None, dict), listening):
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    core.database.close()


@contextmanager
def served(serving: Serving, listening: object) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(create_api(serving), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """Return the page of the week, opened by entering the token; nothing may be refused by its own policy."""
    context = browser.new_context(viewport={"width": request.param, "height": 844})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.goto(f"{address}/reports/2026-W47")
    complaints.clear()  # the 401 that brings the form
    opened.get_by_label("API token").fill(TOKEN)
    opened.get_by_role("button", name="Read the reports").click()
    opened.get_by_role("heading", name="Flywheel in week 2026-W47").wait_for()
    yield opened
    shoot(opened, f"report-{request.param}")
    context.close()
    assert complaints == []


def shoot(page: Page, name: str) -> None:
    """Keep a picture where a folder for pictures is named."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_figure_opens_its_threads(page: Page) -> None:
    page.get_by_role("link", name="82 %").click()

    expect(page.get_by_role("heading", name="Satisfied: 82 %")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(2)


def test_the_chart_is_there_for_eyes_and_in_words(page: Page) -> None:
    picture = page.get_by_role("img", name="Satisfied rose from 76 %")

    assert picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 1200


def test_a_hostile_title_is_words(page: Page) -> None:
    expect(page.get_by_role("heading", name="<script>alert(1)</script>")).to_be_visible()


def test_on_paper_nothing_is_cut_off(page: Page) -> None:
    page.emulate_media(media="print")

    expect(page.get_by_role("navigation")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
