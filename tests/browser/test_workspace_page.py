"""The workspace page: what people do in it reaches the app, and what the app does shows up."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.small_app import ANSWER


def say(page: Page, text: str, box: str = "#composer") -> None:
    page.locator(box).fill(text)
    page.locator(box).press("Enter")


def message(page: Page, text: str) -> Locator:
    return page.locator("#main article").filter(has_text=text)


def tool(within: Locator, name: str) -> Locator:
    within.hover()
    return within.get_by_role("button", name=name, exact=True)


def answered(page: Page) -> Locator:
    """Ask the app a question and return its answer in the open thread."""
    say(page, "@flywheel how do I get on the VPN?")
    page.get_by_role("button", name=re.compile("1 reply")).click()
    return page.locator("#thread article").filter(has_text="Office-2")


def test_a_sent_message_appears_and_empties_the_box(page: Page) -> None:
    say(page, "Good *morning* <b>all</b>")

    expect(message(page, "<b>all</b>")).to_be_visible()
    expect(page.locator("#composer")).to_have_value("")


def test_completing_a_name_mentions_the_person(page: Page) -> None:
    page.locator("#composer").press_sequentially("@cle")
    page.get_by_role("option", name="Cleo Costa").click()
    page.locator("#composer").press("Enter")

    expect(page.locator("#main article .mention")).to_have_text("@Cleo Costa")


def test_the_app_answers_a_mention_in_a_thread(page: Page) -> None:
    answer = answered(page)

    expect(answer.get_by_role("link", name="VPN handbook")).to_have_attribute("href", "https://wiki.example/vpn")
    expect(answer.locator("strong")).to_have_text("Office-2")


def test_a_reply_counts_on_the_message_it_answers(page: Page) -> None:
    say(page, "Lunch at twelve?")
    tool(message(page, "Lunch"), "Reply in thread").click()
    say(page, "Yes please", "#thread-composer")

    expect(page.locator("#thread article").filter(has_text="Yes please")).to_be_visible()
    expect(message(page, "Lunch")).to_contain_text("1 reply")


def test_a_reaction_is_toggled_by_clicking_it(page: Page) -> None:
    say(page, "We shipped it")
    tool(message(page, "We shipped it"), "Add a reaction").click()
    page.locator("[data-emoji=tada]").click()
    chip = message(page, "We shipped it").locator("[data-reaction=tada]")
    expect(chip).to_have_attribute("aria-pressed", "true")

    chip.click()

    expect(chip).to_have_count(0)


def test_an_edited_message_says_so(page: Page) -> None:
    say(page, "The office opens at nine")
    tool(message(page, "opens at nine"), "Edit").click()
    page.get_by_label("Edit message").fill("The office opens at eight")
    page.get_by_label("Edit message").press("Enter")

    expect(message(page, "opens at eight")).to_contain_text("(edited)")


def test_a_message_is_deleted_after_a_confirmation(page: Page) -> None:
    say(page, "Wrong channel")
    tool(message(page, "Wrong channel"), "Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()

    expect(message(page, "Wrong channel")).to_have_count(0)


def test_a_click_on_a_button_reaches_the_app(page: Page) -> None:
    answered(page).locator("[data-action-id=helpful]").click()

    expect(page.locator("#thread")).to_contain_text("@Ana Alvarez found this helpful.")


def test_a_refused_form_shows_the_error_and_keeps_the_text(page: Page) -> None:
    answered(page).locator("[data-action-id=correct]").click()
    form = page.get_by_role("dialog", name="A better answer")
    form.get_by_label("What should it say?").fill("Nope")
    form.get_by_role("button", name="Send").click()

    expect(form.get_by_role("alert")).to_have_text("Please write a sentence.")
    expect(form.get_by_label("What should it say?")).to_have_value("Nope")


def test_an_accepted_form_closes_and_thanks_only_its_author(page: Page) -> None:
    answered(page).locator("[data-action-id=correct]").click()
    form = page.get_by_role("dialog", name="A better answer")
    form.get_by_label("What should it say?").fill("Use the profile Office-3.")
    form.get_by_role("button", name="Send").click()

    expect(form).to_have_count(0)
    expect(message(page, "An owner will check it.")).to_contain_text("Only visible to you")


def test_a_click_that_nobody_answers_is_reported(page: Page) -> None:
    answered(page).locator("[data-action-id=silent]").click()

    expect(page.locator(".toast")).to_contain_text("The app did not respond", timeout=10_000)


def test_a_command_answers_only_its_author(page: Page) -> None:
    say(page, "/ask where is the canteen?")

    expect(message(page, "You asked: where is the canteen?")).to_contain_text("Only visible to you")


def test_a_message_shortcut_opens_its_form(page: Page) -> None:
    say(page, "The canteen is on the second floor")
    tool(message(page, "canteen"), "More actions").click()
    page.get_by_role("menuitem", name="Save as an answer").click()

    expect(page.get_by_role("dialog", name="A better answer")).to_be_visible()


def test_another_person_sees_their_own_channels(page: Page) -> None:
    page.get_by_role("button", name=re.compile("Acting as")).click()
    page.get_by_role("menuitem", name="Ben Bauer").click()

    expect(page.get_by_role("button", name="Acting as Ben Bauer")).to_be_visible()
    expect(page.locator("[data-channel=C3]")).to_have_count(0)


def test_the_app_publishes_its_home(page: Page) -> None:
    page.get_by_role("region", name="Apps").get_by_role("button", name="Flywheel").click()

    expect(page.get_by_role("tabpanel").get_by_role("heading", name="This week")).to_be_visible()


def test_a_file_is_attached_and_can_be_opened(page: Page) -> None:
    page.get_by_label("Attach files").set_input_files(
        {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"first the pump"}
    )
    page.get_by_role("button", name="Send").click()
    address = page.locator("#main article a.file").get_attribute("href") or ""

    assert page.request.get(f"{page.url.partition('/?')[0]}{address}").text() == "first the pump"


def test_the_page_asks_nothing_of_other_hosts(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    answered(page)

    assert [url for url in asked if not url.startswith(page.url.partition("/?")[0])] == []


def test_a_text_with_markup_stays_a_text(page: Page) -> None:
    say(page, "<img src=x onerror=alert(1)> [x](javascript:alert(1))")

    expect(message(page, "onerror")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator("#main article img")).to_have_count(0)


def test_the_answer_shown_is_what_the_app_wrote(page: Page) -> None:
    expect(answered(page)).to_contain_text(ANSWER.replace("*", ""))


def test_a_conversation_is_reached_from_the_keyboard(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("rand")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="random", exact=True)).to_be_visible()


def test_a_public_channel_can_be_joined(page: Page, workspace_url: str) -> None:
    page.goto(f"{workspace_url}/?as=U3#C2")
    page.get_by_role("button", name="Join channel").click()

    expect(page.get_by_label("Message #random")).to_be_visible()


def test_a_narrow_screen_keeps_everything_within_its_width(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    expect(answered(page)).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_click_counts_although_the_sidebar_changes_while_the_button_is_down(page: Page) -> None:
    page.locator("[data-channel=C2]").hover()
    page.mouse.down()
    said = {"as": "U3", "channel": "C3", "text": "Who is here?"}
    with page.expect_response(re.compile("/sim/state")):
        assert page.request.post(f"{page.url.split('?', maxsplit=1)[0]}sim/messages", data=said).ok
    page.evaluate("new Promise(requestAnimationFrame)")
    page.mouse.up()

    expect(page.get_by_role("heading", name="random", exact=True)).to_be_visible()
    expect(page.locator("[data-channel=C3]")).to_contain_text("1")
