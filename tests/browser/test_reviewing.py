"""The review queue, as a reviewer uses it in the page; the bot behind it is the real one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from flywheel.store import expertise, reviews
from flywheel.store.reviews import ReviewItem, ReviewKind
from tests.integration.bot.world import People, utc_now, workplace
from tests.parts import answered, know, make_core

ASKED = {"a1": ("How do I get on the VPN?", "Use the Office-2 profile. [1]"), "a2": ("When is lunch?", "At noon. [1]")}


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Ana's page, with two answers to judge and the queue open."""
    core = make_core(tmp_path, now=utc_now, admins=frozenset({"U1"}))
    know(core, "handbook.md", "To get on the VPN, install the Office-2 profile. Lunch is at noon.")
    with workplace(core) as (people, _):
        for name, (question, text) in ASKED.items():
            answered(core, name, question=question, text=text, cites=["handbook.md:0"])
        with core.database.begin() as db:
            expertise.put_open_channels(db, ["C1"])
            reviews.put(db, [item(name) for name in ASKED])
        opened = browser.new_page(viewport={"width": 1280, "height": 900})
        opened.goto(f"{people.url}/?as=U1#C1")
        open_queue(people)
        yield opened
        opened.close()
    core.database.close()


def item(answer_id: str) -> ReviewItem:
    detail = {"answer_id": answer_id, "question_id": f"q-{answer_id}", "confidence": 0.5}
    return ReviewItem(f"s-{answer_id}", ReviewKind.SAMPLE, answer_id, utc_now(), detail=detail)


def open_queue(people: People) -> None:
    people.act("commands", by="U1", channel="C1", command="/ask", text="review")


def test_a_verdict_brings_the_next_card_with_nothing_chosen(page: Page) -> None:
    card = page.get_by_role("dialog")
    expect(card).to_contain_text("How do I get on the VPN?")
    card.get_by_role("radio").first.check()
    card.get_by_role("button", name="Save, next one").click()

    expect(card).to_contain_text("When is lunch?")
    expect(card.get_by_role("radio", checked=True)).to_have_count(0)


def test_guidelines_lie_on_top_and_the_card_is_still_below(page: Page) -> None:
    page.get_by_role("button", name="Guidelines").click()

    expect(page.get_by_text("Every statement must stand in a cited source")).to_be_visible()


def test_undo_brings_the_last_card_back(page: Page) -> None:
    card = page.get_by_role("dialog")
    card.get_by_role("radio").first.check()
    card.get_by_role("button", name="Save, next one").click()
    card.get_by_role("button", name="Undo last").click()

    expect(card).to_contain_text("How do I get on the VPN?")
