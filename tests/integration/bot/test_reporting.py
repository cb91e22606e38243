"""The report in Slack: posted once with its charts and details, opened by number, made now for administrators."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from bot import outbox, passes, report_answers, reporting
from bot.app import FaceSettings, build
from bot.blocks.report import details_message
from bot.directory import SlackDirectory
from bot.identity import whoami
from bot.outbox import Outgoing, slack_client
from bot.settings import Settings
from bot.simulator.install import AppInstall
from bot.simulator.server import running
from bot.simulator.workspace import Workspace
from flywheel.core import Core
from flywheel.errors import ConfigurationError, FlywheelError
from flywheel.measurement.edition import weekly as this_week
from flywheel.store import reports
from flywheel.store.learning_tables import ReportRow
from flywheel.store.reports import Report
from tests.integration.bot.world import QUICK, Door, People, eventually, install_at, utc_now, words
from tests.report_content import weekly

URL = "https://flywheel.example"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def people(core: Core) -> Iterator[People]:
    """Run a workspace with a bot that makes reports and links; reports go to C1."""
    door = Door()
    install = install_at(door.url)
    with running(Workspace.small(utc_now), install) as url:
        client = slack_client(install.bot_token, f"{url}/api/", timeout_seconds=5)
        whole = replace(core, directory=SlackDirectory(client, core.database, core.now))
        settings = FaceSettings(
            identity=whoami(client),
            signing_secret=install.signing_secret,
            report_channel="C1",
            make_report=lambda key: report_answers.fill(whole, client, key, this_week(core.now())),
            page_link=lambda path: passes.link(URL, path, "token", core.now()),
            pace=QUICK,
        )
        bot = build(whole, client, settings)
        door.receive = bot.ingress.receive
        bot.start()
        yield People(url)
        bot.stop()
        door.close()


@pytest.fixture
def settings(people: People, tmp_path: Path) -> Settings:
    """Return what `flywheel report --post` is given."""
    return Settings(
        flywheel_home=tmp_path,
        slack_bot_token=SecretStr(AppInstall().bot_token),
        slack_api_url=f"{people.url}/api/",
        flywheel_report_channel="C1",
        flywheel_admins="U1",
    )


def stored(core: Core, content: dict[str, Any] | None = None, made_at: datetime | None = None) -> Report:
    """Store a turn's report, by default one without pictures, and return it."""
    made = Report("2026-W47:t1", "2026-W47", made_at or utc_now(), content or weekly(charts=[]), "t1")
    with core.database.begin() as db:
        reports.put(db, made)
    return made


def posted(people: People, by: str = "U1") -> list[dict[str, Any]]:
    return [one for one in people.messages(by, "C1") if "week 2026-W47" in words(one) and not one.get("ephemeral")]


def private(people: People, by: str, text: str) -> list[dict[str, Any]]:
    return [one for one in people.messages(by, "C1") if one.get("ephemeral") and text in words(one)]


def choose(people: People, by: str, key: str) -> str:
    """Choose a number in the menu of the posted report and return what the list shows."""
    message = posted(people)[0]
    block = next(one["block_id"] for one in message["blocks"] if one.get("block_id", "").endswith("#menu"))
    option = {"text": {"type": "plain_text", "text": key}, "value": key}
    where = {"channel": "C1", "ts": message["ts"], "block_id": block}
    people.act("actions", by=by, action_id="report_threads", selected_option=option, **where)
    return str(people.modal(by))


def test_a_report_says_the_week_first_and_its_details_in_the_thread(
    people: People, core: Core, settings: Settings
) -> None:
    reporting.post(core, settings, stored(core, weekly()))

    main = posted(people)[0]
    assert "Getting better" in str(main["blocks"][1])
    details = people.replies("U1", "C1", main["ts"])[-1]
    assert "What people ask about" in words(details)
    assert "data_visualization" in words(details)


def test_posted_twice_it_stands_once(people: People, core: Core, settings: Settings) -> None:
    report = stored(core)

    said = [reporting.post(core, settings, report) for _ in range(2)]

    assert "already" in said[1]
    assert len(posted(people)) == 1


def test_a_death_before_the_note_of_it_posts_nothing_again(people: People, core: Core, settings: Settings) -> None:
    report = stored(core, weekly())
    reporting.post(core, settings, report)
    again = replace(report, id="2026-W47:t1")
    with core.database.begin() as db:  # as if the process had died before it noted where the message stands
        db.delete(db.get(ReportRow, report.id))
        db.flush()
        reports.put(db, again)
    uploads = len(people.calls("files.completeUploadExternal"))

    reporting.post(core, settings, again)

    assert (len(posted(people)), len(people.calls("files.completeUploadExternal"))) == (1, uploads)


def test_a_workspace_that_draws_no_charts_gets_the_rest(people: People, core: Core) -> None:
    people.act("faults", method="chat.postMessage", error="invalid_blocks")
    details = details_message(weekly())
    assert details is not None
    with core.database.begin() as db:
        outbox.put(db, Outgoing("details", details, channel="C1"), core.now())

    told = eventually(lambda: [one for one in people.messages("U1", "C1") if "cannot show" in words(one)])
    assert "What people ask about" in words(told[0])


def test_a_report_goes_without_a_picture_that_cannot_be_uploaded(
    people: People, core: Core, settings: Settings
) -> None:
    people.act("faults", method="files.getUploadURLExternal", error="invalid_arguments", times=9)

    reporting.post(core, settings, stored(core, weekly()))

    assert "To do next" in words(posted(people)[0])


def test_the_menu_lists_threads_that_one_may_open_and_counts_the_others(
    people: People, core: Core, settings: Settings
) -> None:
    reporting.post(core, settings, stored(core))

    shown = choose(people, "U2", "satisfied")

    assert f"{people.url}/archives/C1/p1700000000000100" in shown
    assert "/archives/C3/" not in shown
    assert "1 stand where you are not a member" in shown


def test_a_member_of_the_private_channel_gets_its_thread_too(people: People, core: Core, settings: Settings) -> None:
    reporting.post(core, settings, stored(core))

    assert f"{people.url}/archives/C3/p1700000000000200" in choose(people, "U3", "satisfied")


def test_what_was_asked_outside_slack_is_said_to_have_no_thread(people: People, core: Core, settings: Settings) -> None:
    reporting.post(core, settings, stored(core))

    assert "1 came through the API" in choose(people, "U1", "questions")


def test_a_thing_to_do_opens_its_own_threads(people: People, core: Core, settings: Settings) -> None:
    report = stored(core)
    reporting.post(core, settings, report)
    message = posted(people)[0]

    block = f"report_threads:{report.id}#todo-1"
    people.act("actions", by="U1", channel="C1", ts=message["ts"], block_id=block, action_id="report_threads")

    assert "/archives/C1/" in str(people.modal("U1"))


def test_an_administrator_gets_a_link_to_the_page_for_themselves(
    people: People, core: Core, settings: Settings
) -> None:
    reporting.post(core, settings, stored(core))

    people.press("U1", "C1", posted(people)[0], "report_page")

    told = words(eventually(lambda: people.messages("U1", people.dm("U1")))[0])
    assert f"{URL}/reports/2026-W47?pass=" in told


def test_an_administrator_outside_of_the_report_channel_gets_no_link_to_what_it_quotes(
    people: People, core: Core, settings: Settings
) -> None:
    report = stored(core, {**weekly(charts=[]), "channel": "C99"})
    reporting.post(core, settings, report)

    people.press("U1", "C1", posted(people)[0], "report_page")

    told = words(eventually(lambda: people.messages("U1", people.dm("U1")))[0])
    assert ("Join that channel" in told, "?pass=" in told) == (True, False)


def test_a_question_that_was_deleted_is_not_in_the_list(people: People, core: Core, settings: Settings) -> None:
    content = weekly(charts=[])
    content["threads"] = {name: {**place, "question": "Am I fired?"} for name, place in content["threads"].items()}
    reporting.post(core, settings, stored(core, content))

    assert "fired" not in choose(people, "U1", "satisfied")


def test_others_get_no_link(people: People, core: Core, settings: Settings) -> None:
    reporting.post(core, settings, stored(core))

    people.press("U2", "C1", posted(people)[0], "report_page")

    told = words(eventually(lambda: people.messages("U2", people.dm("U2")))[0])
    assert ("Only administrators open the page" in told, "?pass=" in told) == (True, False)


def test_an_administrator_has_the_report_made_now_and_sees_it_alone(people: People, core: Core) -> None:
    people.act("commands", by="U1", channel="C1", command="/ask", text="report now")

    told = eventually(lambda: private(people, "U1", "Satisfied"))
    assert "report_threads" in words(told[0])
    assert [one for one in people.messages("U2", "C1") if "Satisfied" in words(one)] == []


def test_somebody_else_is_refused_and_nothing_is_made(people: People, core: Core) -> None:
    people.act("commands", by="U2", channel="C1", command="/ask", text="report now")

    assert eventually(lambda: private(people, "U2", "Only administrators"))
    with core.database.read() as db:
        assert reports.newest(db) is None


def test_a_turn_s_report_that_was_not_posted_is_due(people: People, core: Core, settings: Settings) -> None:
    report = stored(core)

    assert reporting.due(core, settings, BERLIN).report == report
    reporting.post_due(core, settings, BERLIN)
    assert reporting.due(core, settings, BERLIN).report is None


def test_a_report_from_last_week_is_not_posted_late(core: Core, settings: Settings) -> None:
    stored(core, made_at=utc_now() - timedelta(days=3))

    assert reporting.due(core, settings, BERLIN).report is None


def test_the_digest_of_a_month_is_posted_once(people: People, core: Core, settings: Settings) -> None:
    first = replace(core, now=lambda: datetime(2026, 12, 1, 8, 30, tzinfo=UTC))

    said = [reporting.post_due(first, settings, BERLIN) for _ in range(2)]

    assert said == [["The report of 2026-11 is posted in C1."], []]
    told = [one for one in people.messages("U1", "C1") if "November 2026" in words(one)]
    assert len(told) == 1


def test_the_bot_joins_the_report_channel_by_itself(people: People, core: Core, settings: Settings) -> None:
    into = settings.model_copy(update={"flywheel_report_channel": "C2"})

    assert reporting.post(core, into, stored(core)) == "The report of 2026-W47 is posted in C2."


def test_a_refused_report_is_posted_once_nothing_stands_in_its_way(
    people: People, core: Core, settings: Settings
) -> None:
    report = stored(core)
    people.act("faults", method="chat.postMessage", error="is_archived", times=1)
    with pytest.raises(FlywheelError):
        reporting.post(core, settings, report)
    told = eventually(lambda: [one for one in people.messages("U1", people.dm("U1")) if "archived" in words(one)])
    assert "I could not post into <#C1>" in words(told[0])

    reporting.post(core, settings, report)
    assert len(posted(people)) == 1


def test_a_picture_waits_where_slack_asks_for_patience(people: People, core: Core, settings: Settings) -> None:
    people.act("faults", method="files.getUploadURLExternal", status=429, error="ratelimited", retry_after=1, times=1)
    reporting.post(core, settings, stored(core, weekly()))

    assert sum(block["type"] == "image" for block in posted(people)[0]["blocks"]) == len(weekly()["charts"])


def test_a_channel_with_a_guest_gets_no_report(people: People, core: Core, settings: Settings) -> None:
    people.act("channels/invite", by="U1", channel="C1", user="U4")

    with pytest.raises(ConfigurationError, match="guests"):
        reporting.post(core, settings, stored(core))
    assert posted(people) == []
