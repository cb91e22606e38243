"""An app that is not in a channel hears nothing there; the page says so and lets people bring it in."""

from playwright.sync_api import Page, expect

from tests.browser.test_workspace_page import say


def test_mentioning_an_app_that_is_not_there_says_how_to_bring_it_in(page: Page) -> None:
    page.locator("[data-channel=C2]").click()
    say(page, "@flywheel how do I get on the VPN?")

    expect(page.locator(".toast")).to_contain_text("/invite @flywheel")


def test_an_invited_app_joins(page: Page) -> None:
    page.locator("[data-channel=C2]").click()
    say(page, "/invite @flywheel")

    expect(page.locator("#main")).to_contain_text("@Flywheel has joined the channel")


def test_inviting_nobody_is_refused(page: Page) -> None:
    say(page, "/invite nobody")

    expect(page.locator(".toast")).to_contain_text("Say whom to invite")
