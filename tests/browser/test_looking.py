"""Look in… and Why this answer?, as people use them in the page; the bot behind it is the real one."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.integration.bot.world import utc_now, workplace
from tests.parts import know, make_core


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Ana's page, in #general, with a bot that knows one handbook."""
    core = make_core(tmp_path, now=utc_now)
    know(core, "vpn.md", "To get on the VPN, install the Office-2 profile from the self service portal.", owner="U3")
    with workplace(core) as (people, _):
        opened = browser.new_page(viewport={"width": 1280, "height": 800})
        opened.goto(f"{people.url}/?as=U1#C1")
        yield opened
        opened.close()
    core.database.close()


def test_a_tap_looks_elsewhere_in_the_same_message(page: Page) -> None:
    answer = asked(page)

    answer.get_by_label("Look in…").select_option(label="Tables")

    expect(answer).to_contain_text("Looked in tables, as you asked")
    answer.get_by_role("button", name="Show the previous answer").click()
    expect(answer).to_contain_text("Office-2")


def test_the_trace_opens_over_the_page(page: Page) -> None:
    asked(page).get_by_role("button", name="Why this answer?").click()

    trace = page.get_by_role("dialog")
    expect(trace).to_contain_text("how do I get on the VPN?")
    expect(trace).to_contain_text("Confidence")


def asked(page: Page) -> Locator:
    """Ask a question and return the bot's answer in the open thread."""
    page.locator("#composer").fill("@flywheel how do I get on the VPN?")
    page.locator("#composer").press("Enter")
    page.get_by_role("button", name=re.compile("1 reply")).click()
    return page.locator("#thread article").filter(has=page.get_by_label("Look in…"))
