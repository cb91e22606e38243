"""The doors of reports: JSON under /v1, pages under /reports, and who may open them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from bot import passes
from bot.api import create_api
from flywheel.store import reports
from tests.integration.doors.conftest import TOKEN, World
from tests.parts import MOMENT
from tests.report_content import HOSTILE, PUBLIC_ANSWER, older, weekly

WEEK = "/reports/2026-W47"


@pytest.fixture
def stored(world: World) -> World:
    """Return a world in which the week's report is stored."""
    with world.core.database.begin() as db:
        reports.put(db, reports.Report("2026-W47:t1", "2026-W47", MOMENT, weekly(), "t1"))
    return world


@pytest.fixture
def browser(stored: World) -> TestClient:
    """Return a client without the token, as a browser is."""
    return TestClient(create_api(stored.serving()), follow_redirects=False)


@pytest.fixture
def inside(browser: TestClient) -> TestClient:
    """Return a browser in which the token was entered."""
    browser.post("/reports/enter", data={"token": TOKEN, "to": WEEK})
    return browser


def signed(path: str, *, minutes: int = 5, subject: str | None = None) -> str:
    return f"{path}?pass={passes.make(TOKEN, subject or path, MOMENT + timedelta(minutes=minutes))}"


def test_the_report_of_a_week_is_json(client: TestClient, stored: World) -> None:
    assert client.get("/v1/reports/2026-W47").json() == weekly()


def test_of_two_reports_on_a_week_the_newer_counts(client: TestClient, stored: World) -> None:
    with stored.core.database.begin() as db:
        reports.put(db, reports.Report("2026-W47", "2026-W47", MOMENT + timedelta(hours=1), {"title": "Newer"}))

    assert client.get("/v1/reports/2026-W47").json() == {"title": "Newer"}


def test_a_week_without_a_report_is_said_to_have_none(client: TestClient, stored: World) -> None:
    reply = client.get("/v1/reports/2026-W01")

    assert (reply.status_code, reply.json()["detail"]) == (404, "there is no report on 2026-W01")


@pytest.mark.parametrize("period", ["yesterday", "2026-47", "2026-W4", "2026-W47x", "..%2F"])
def test_what_is_no_period_is_refused(client: TestClient, stored: World, period: str) -> None:
    assert client.get(f"/v1/reports/{period}").status_code in {404, 422}


@pytest.mark.parametrize(
    "path", ["/reports", WEEK, f"{WEEK}.json", f"{WEEK}/threads/satisfied", f"{WEEK}/charts/trend.png"]
)
def test_a_browser_without_the_token_gets_the_form_alone(browser: TestClient, path: str) -> None:
    reply = browser.get(path)

    assert (reply.status_code, "API token" in reply.text, "82 %" in reply.text) == (401, True, False)


def test_the_bearer_token_opens_the_page(client: TestClient, stored: World) -> None:
    assert client.get(WEEK).status_code == 200


def test_the_entered_token_opens_the_page_it_was_asked_for(browser: TestClient) -> None:
    reply = browser.post("/reports/enter", data={"token": TOKEN, "to": WEEK})

    assert (reply.status_code, reply.headers["location"]) == (303, WEEK)
    assert browser.get(WEEK).status_code == 200


def test_the_cookie_holds_nothing_of_the_token_and_no_script_reads_it(browser: TestClient) -> None:
    cookie = browser.post("/reports/enter", data={"token": TOKEN}).headers["set-cookie"]

    assert TOKEN not in cookie
    assert all(word in cookie for word in ("HttpOnly", "SameSite=strict", "Path=/reports"))


def test_over_https_the_cookie_never_travels_in_the_open(stored: World) -> None:
    app = create_api(stored.serving())
    app.state.base_url = "https://flywheel.example"

    entered = TestClient(app, follow_redirects=False).post("/reports/enter", data={"token": TOKEN})

    assert "Secure" in entered.headers["set-cookie"]


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", "ü"])
def test_a_wrong_token_opens_nothing(browser: TestClient, token: str) -> None:
    reply = browser.post("/reports/enter", data={"token": token, "to": WEEK})

    assert (reply.status_code, "set-cookie" in reply.headers) == (401, False)
    assert browser.get(WEEK).status_code == 401


def test_a_token_beyond_ascii_can_be_entered(stored: World) -> None:
    browser = TestClient(create_api(replace(stored.serving(), api_token="tökén")), follow_redirects=False)

    assert browser.post("/reports/enter", data={"token": "tökén"}).status_code == 303


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/reports/\\evil", "/v1/ask", "/reportsx"])
def test_the_form_leads_nowhere_else(browser: TestClient, to: str) -> None:
    assert browser.post("/reports/enter", data={"token": TOKEN, "to": to}).headers["location"] == "/reports"


def test_a_signed_link_opens_its_page_and_then_the_rest_of_it(browser: TestClient) -> None:
    assert browser.get(signed(WEEK)).status_code == 200
    assert browser.get(f"{WEEK}/threads/satisfied").status_code == 200


@pytest.mark.parametrize(
    "link",
    [
        signed(WEEK, minutes=-1),
        signed(WEEK, subject="/reports/2026-W46"),
        signed(WEEK) + "0",
        f"{WEEK}?pass=x.y",
        f"{WEEK}?pass=99999999999.",
    ],
)
def test_a_link_that_has_ended_or_was_made_for_something_else_opens_nothing(browser: TestClient, link: str) -> None:
    assert browser.get(link).status_code == 401


def test_a_cookie_that_was_made_up_opens_nothing(browser: TestClient) -> None:
    browser.cookies.set(passes.COOKIE, "99999999999." + "0" * 64)

    assert browser.get(WEEK).status_code == 401


def test_a_page_says_the_week_in_a_sentence_and_shows_its_parts(inside: TestClient) -> None:
    text = inside.get(WEEK).text

    for said in ("Getting better: 82 %", "To do next", "What was learned", "Experiments", "Stale sources", "Notes"):
        assert said in text


def test_hostile_words_come_out_as_words(inside: TestClient) -> None:
    text = inside.get(WEEK).text + inside.get(f"{WEEK}/threads/satisfied").text

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text
    assert "javascript:" not in text


def test_a_page_lets_nothing_in_from_elsewhere(inside: TestClient) -> None:
    policy = inside.get(WEEK).headers["content-security-policy"]

    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "frame-ancestors 'none'" in policy


def test_every_number_that_counts_answers_is_a_link(inside: TestClient) -> None:
    text = inside.get(WEEK).text

    for key in ("questions", "satisfied", "todo-1", "topics-1", "stale-1"):
        assert f'href="{WEEK}/threads/{key}"' in text
    assert f"{WEEK}/threads/cost" not in text


def test_threads_are_links_and_what_has_none_is_said(stored: World) -> None:
    app = create_api(stored.serving())
    app.state.workspace_url = "https://acme.slack.com/"
    text = TestClient(app, headers={"Authorization": f"Bearer {TOKEN}"}).get(f"{WEEK}/threads/questions").text

    assert 'href="https://acme.slack.com/archives/C1/p1700000000000100"' in text
    assert "came through the API" in text


def test_a_number_that_is_not_there_is_a_page_that_says_so(inside: TestClient) -> None:
    reply = inside.get(f"{WEEK}/threads/{PUBLIC_ANSWER}")

    assert (reply.status_code, "<h1>Not found</h1>" in reply.text) == (404, True)


def test_charts_are_pictures_with_words_for_those_who_do_not_see_them(inside: TestClient) -> None:
    assert 'alt="Parking is asked most and liked least."' in inside.get(WEEK).text


@pytest.mark.parametrize("key", ["trend", "matrix"])
def test_a_chart_is_drawn(inside: TestClient, key: str) -> None:
    assert inside.get(f"{WEEK}/charts/{key}.png").content.startswith(b"\x89PNG")


def test_a_chart_that_the_report_does_not_list_is_not_there(inside: TestClient) -> None:
    assert inside.get(f"{WEEK}/charts/routes.png").status_code == 404


def test_a_report_from_before_there_were_sections_is_shown_too(client: TestClient, world: World) -> None:
    with world.core.database.begin() as db:
        reports.put(db, reports.Report("old", "2026-W30", MOMENT, older()))

    reply = client.get("/reports/2026-W30")

    assert (reply.status_code, "82 %" in reply.text, "/threads/" in reply.text) == (200, True, False)


def test_an_older_report_s_chart_is_drawn(client: TestClient, world: World) -> None:
    with world.core.database.begin() as db:
        reports.put(db, reports.Report("old", "2026-W30", MOMENT, older()))

    assert client.get("/reports/2026-W30/charts/chart.png").content.startswith(b"\x89PNG")


def test_the_list_names_every_period_once(inside: TestClient, stored: World) -> None:
    with stored.core.database.begin() as db:
        reports.put(db, reports.Report("2026-11", "2026-11", MOMENT, weekly(title="November", verdict=HOSTILE)))
        reports.put(db, reports.Report("2026-W47", "2026-W47", MOMENT, weekly()))
    text = inside.get("/reports").text

    assert (text.count('href="/reports/2026-W47"'), text.count('href="/reports/2026-11"')) == (1, 1)


@pytest.mark.parametrize("period", ["banana", "2026-W", "2026-W47%0A", "%00", "２０２６-W47"])
def test_a_page_that_cannot_be_is_said_to_be_missing_in_a_page(inside: TestClient, period: str) -> None:
    reply = inside.get(f"/reports/{period}")

    assert (reply.status_code, "<h1>Not found</h1>" in reply.text) == (404, True)


def test_a_program_is_told_how_a_period_is_written(client: TestClient) -> None:
    reply = client.get("/v1/reports/2026-47")

    assert (reply.status_code, "there is no report on 2026-47" in reply.json()["detail"]) == (404, True)
    assert "such as 2026-W47" in client.get("/v1/reports/last").json()["detail"]
