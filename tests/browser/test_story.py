"""A newcomer's first ten minutes, in a browser, with nothing but `flywheel demo` and `flywheel turn --demo`."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.acceptance.workplace import clean_environment, flywheel, free_port

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
ANSWERED = 60_000
INDEXED_SECONDS = 300


@dataclass(frozen=True)
class Demo:
    """A running demo: its address, and the environment that its commands share."""

    url: str
    environment: Mapping[str, str]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    environment = clean_environment(tmp_path_factory.mktemp("home"), PORT=str(free_port()))
    command = [sys.executable, "-m", "bot", "demo"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        said = next(line for line in server.stdout if "Open http://" in line)
        yield Demo(said.split("Open ")[1].split(" ")[0], environment)
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.mark.timeout(INDEXED_SECONDS)
def test_a_newcomer_sees_the_loop_turn(browser: Browser, demo: Demo) -> None:
    page = browser.new_page(viewport={"width": 1360, "height": 900})
    page.goto(demo.url)

    answer = ask(page, "Mira Solheim", "How often are laptops replaced?")
    expect(answer).to_contain_text("4 years")
    expect(answer.locator("[data-action-id=citation_1]")).to_be_visible()
    shoot(page, "1-answer")

    answer.get_by_role("button", name="No", exact=True).click()
    page.get_by_role("button", name="Suggest an answer").last.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("textarea").first.fill("Every four years from 2027 on; engineers every three. Ask Kenji for a loan.")
    shoot(page, "2-suggestion")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)

    approve(page, "Sanne")
    again = ask(page, "Elin", "When will my laptop be replaced?")
    expect(again).to_contain_text("Every four years from 2027 on")
    shoot(page, "4-verified")

    flywheel(demo.environment, "turn", "--demo")
    page.goto(f"{demo.url}/?as=U0MIRA#C0REPORTS")
    report = page.locator("#main article").filter(has_text="Satisfied").last
    expect(report).to_contain_text("Corrections", timeout=ANSWERED)
    shoot(page, "5-report")
    expect(report.locator("img[alt*=Satisfied]").first).to_be_visible()
    page.close()


def ask(page: Page, person: str, question: str) -> Locator:
    """Ask in #ask-anything as somebody and return the bot's answer in the thread."""
    act_as(page, person)
    page.locator("[data-channel=C0ASK]").first.click()
    page.locator("#composer").fill(f"@flywheel {question}")
    page.locator("#composer").press("Enter")
    asked = page.locator("#main article").filter(has_text=question).last
    asked.get_by_role("button", name="1 reply").click(timeout=ANSWERED)
    return page.locator("#thread article").filter(has=page.locator("[data-action-id^=vote_]")).last


def approve(page: Page, reviewer: str) -> None:
    """Approve the suggestion that waits in the reviewer's messages from the bot."""
    act_as(page, reviewer)
    page.get_by_role("region", name="Apps").get_by_role("button", name="Flywheel").click()
    page.get_by_role("tab", name="Messages").click()
    review = page.locator("#main article").filter(has_text="Every four years from 2027 on").last
    expect(review).to_be_visible(timeout=ANSWERED)
    shoot(page, "3-review")
    review.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator("#main")).to_contain_text("pproved", timeout=ANSWERED)


def act_as(page: Page, person: str) -> None:
    """Choose whom the page acts as."""
    page.get_by_role("button", name=re.compile("Acting as")).click()
    page.get_by_role("menuitem", name=person).click()


def shoot(page: Page, name: str) -> None:
    """Keep a picture of what the newcomer sees."""
    SCREENSHOTS.mkdir(exist_ok=True)
    page.wait_for_timeout(400)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
