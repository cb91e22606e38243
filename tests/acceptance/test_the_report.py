"""The report, through the doors: some weeks of a company, a turn, and what an administrator reads and decides.

The tests run in the order in which they stand, on one company.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.simulator.install import Transport
from tests.acceptance import weeks
from tests.acceptance.weeks import ADMIN, BEN, CHANNEL, PEOPLE, got, posted
from tests.acceptance.workplace import (
    Message,
    Person,
    Workplace,
    button,
    clean_environment,
    eventually,
    flywheel,
    words,
    working,
)

LOFTY = 0.95
"""The satisfied share that somebody wanted before the bot was ever started in the workspace."""
WORDINGS = ("Did we answer your question?", "Can you use this answer?")
PNG = b"\x89PNG"

pytestmark = pytest.mark.timeout(600)
"""The weeks and the turn before the first test take longer than a test may."""


@dataclass(frozen=True)
class Company:
    """A company after its turn: the bot's workplace, the report as JSON, and its message in the channel."""

    place: Workplace
    report: dict[str, Any]
    message: Message

    @property
    def ana(self) -> Person:
        """Return the administrator."""
        return self.place.person(ADMIN)

    @property
    def ben(self) -> Person:
        """Return somebody who is none."""
        return self.place.person(BEN)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory, documents: Path) -> Iterator[Company]:
    """Let people ask and vote for two weeks, begin to serve the workspace, and turn the wheel."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("documents")
    weeks.written(folder, documents)
    alone = clean_environment(home, FLYWHEEL_TIMEZONE="UTC")
    flywheel(alone, "index", str(folder))
    weeks.lived(alone, (10.5, 3.5))
    flywheel(alone, "thresholds", "propose")
    flywheel(alone, "thresholds", "set", "satisfaction", str(LOFTY), "--reason", "we promised it")
    with working(home, folder, Transport.HTTP, weeks.staffed(), FLYWHEEL_TIMEZONE="UTC") as place:
        weeks.a_week(place.doors, 0)
        _ask_in_slack(place)
        place.command("turn")
        yield Company(place, got(place, "/v1/reports/latest"), eventually(lambda: _posted(place)))


def test_the_report_says_in_one_sentence_how_the_week_was(company: Company) -> None:
    assert company.report["verdict"].endswith((".", ")"))
    assert company.report["verdict"] in words(company.message)
    assert {"satisfied", "answered", "no_signal"} <= {one["key"] for one in company.report["figures"]}


def test_three_things_to_do_stand_in_it_each_with_its_threads(company: Company) -> None:
    todo = company.report["todo"]

    assert len(todo) == 3
    assert all(one["answers"] and one["title"] in words(company.message) for one in todo)


def test_a_number_opens_the_threads_that_it_counts(company: Company) -> None:
    number = next(one for one in company.message["blocks"] if one["block_id"].endswith("#todo-1"))
    company.ana.press(CHANNEL, company.message, number["accessory"]["text"]["text"])

    view = eventually(lambda: next(iter(company.ana.views()), None))

    assert view["title"]["text"] == "Threads"
    company.ana.do(f"views/{view['id']}/close")


def test_its_charts_are_pictures_whose_words_say_the_same(company: Company) -> None:
    shown = {one["alt_text"] for one in company.message["blocks"] if one["type"] == "image"}
    charts = {one["key"]: one["alt"] for one in company.report["charts"]}

    assert {"trend", "routes", "matrix"} <= charts.keys()
    assert shown == set(charts.values())
    for key in charts:
        assert _page(company, f"/charts/{key}.png").content.startswith(PNG)


def test_the_page_and_the_json_say_what_the_message_says(company: Company) -> None:
    page = _page(company, "").text

    assert all(one["value"] in page for one in company.report["figures"])
    assert _page(company, ".json").json() == company.report
    assert httpx.get(f"{company.place.doors.base_url}/reports").status_code == 401


def test_it_stands_in_the_channel_once_whatever_is_run_again(company: Company) -> None:
    company.place.command("report-ordered", "--due")

    again = [one for one in company.ana.channel(CHANNEL) if company.report["title"] in words(one)]
    assert [one["ts"] for one in again] == [company.message["ts"]]


def test_a_report_made_now_is_for_an_administrator_alone(company: Company) -> None:
    company.ben.command("report now", CHANNEL)
    company.ana.command("report now", CHANNEL)

    assert eventually(lambda: company.ben.told(CHANNEL, "Only administrators"))
    assert eventually(lambda: company.ana.told(CHANNEL, "Flywheel in week"), 180)
    assert company.ben.told(CHANNEL, "Flywheel in week") is None


def test_a_month_has_a_digest(company: Company) -> None:
    month = f"{datetime.now(UTC):%Y-%m}"

    told = company.place.command("report", "--month", month)

    digest = got(company.place, f"/v1/reports/{month}")
    assert all(f"{n}. {one['title']}\n   {one['why']}\n" in told for n, one in enumerate(digest["todo"], 1))
    assert (digest["kind"], digest["period"]) == ("monthly", month)
    assert digest["verdict"]


def test_what_was_measured_is_on_record_and_has_a_trend(company: Company) -> None:
    records = got(company.place, "/v1/records", metric="satisfaction")["records"]
    trend = got(company.place, "/v1/trends", metric="ndcg_at_10")

    assert all(one["low"] <= one["value"] <= one["high"] and one["n"] for one in records)
    assert records[-1]["versions"].keys() >= {"code", "encoder"}
    assert trend["series"][0]["points"]
    assert "satisfaction" in company.place.command("records", "--metric", "satisfaction")


def test_a_value_below_its_threshold_alarms_the_channel_once(company: Company) -> None:
    alarms = [one for one in company.ana.channel(CHANNEL) if "Worse than acceptable: Satisfied" in words(one)]

    assert len(alarms) == 1
    assert "at least 95 %" in words(alarms[0])
    assert [one["metric"] for one in got(company.place, "/v1/thresholds")["breaches"]] == ["satisfaction"]
    assert "95 %" in _section(company, "thresholds")


def test_a_proposed_threshold_is_in_force_once_an_administrator_gave_a_reason(company: Company) -> None:
    proposed = next(
        one for one in company.ana.channel(CHANNEL) if "is proposed" in words(one) or "are proposed" in words(one)
    )
    before = {one["metric"] for one in got(company.place, "/v1/thresholds")["in_force"]}
    company.ana.press(CHANNEL, proposed, "Confirm or change")
    view = eventually(lambda: next(iter(company.ana.views()), None))

    assert "errors" in company.ana.submit(view, least="71", why=" ")
    company.ana.submit(view, **{_label(view): "1"}, why="as good as it was")

    after = eventually(lambda: {one["metric"] for one in got(company.place, "/v1/thresholds")["in_force"]} - before)
    assert len(after) == 1


def test_an_experiment_is_written_down_started_met_and_stopped(company: Company) -> None:
    made = company.place.command("experiments", "draft", "question_wording", *WORDINGS, "--hypothesis", "Use is asked.")
    experiment = made.split()[0]
    company.ben.command("experiments", CHANNEL)
    company.ana.command("experiments", CHANNEL)
    listed = eventually(lambda: company.ana.told(CHANNEL, experiment))

    assert eventually(lambda: company.ben.told(CHANNEL, "Only administrators run experiments"))
    company.ana.press(CHANNEL, listed, "Start")
    eventually(lambda: _state(company, experiment) == "running")
    shown = [_invitation(company.place, one) for one in PEOPLE]
    counted = got(company.place, f"/v1/experiments/{experiment}")["analysis"]["persons"]
    stopped = company.place.command("experiments", "stop", experiment)

    assert set(shown) == set(WORDINGS)
    assert counted == {"A": shown.count(WORDINGS[0]), "B": shown.count(WORDINGS[1])}
    assert "is stopped" in stopped
    assert company.place.doors.post(f"/v1/experiments/{experiment}/start").status_code == 422


def test_a_card_is_judged_and_taken_back(company: Company) -> None:
    company.ana.command("review", CHANNEL)
    first = eventually(lambda: _card(company.ana))
    waiting = got(company.place, "/v1/reviews/next", user_id=ADMIN)["waiting"]

    company.ana.judge(first, _verdicts(first)[0])
    assert got(company.place, "/v1/reviews/next", user_id=ADMIN)["waiting"] == waiting - 1

    second = eventually(lambda: _card(company.ana, "Undo last"))
    _press_in(company.ana, second, "Undo last")
    eventually(lambda: got(company.place, "/v1/reviews/next", user_id=ADMIN)["waiting"] == waiting)


def test_the_doors_judge_and_take_back_too(company: Company) -> None:
    card = got(company.place, "/v1/reviews/next", user_id=ADMIN)["card"]
    door = f"/v1/reviews/{card['id']}"

    posted(company.place.doors, door, verdict=card["verdicts"][0], user_id=ADMIN, reason="looked at it")
    back = posted(company.place.doors, f"{door}/undo", user_id=ADMIN)
    refused = company.place.doors.post(door, json={"verdict": card["verdicts"][0], "user_id": BEN})

    assert back["verdict"] is None
    assert (refused.status_code, "only administrators" in refused.json()["detail"]) == (403, True)


def test_home_shows_everybody_theirs_and_an_administrator_the_figures(company: Company) -> None:
    mine, board = (_home(one) for one in (company.ben, company.ana))

    assert "which profile do I import into WireGuard?" in mine
    assert company.report["verdict"] not in mine
    assert company.report["verdict"] in board


def test_the_workspace_refused_nothing(company: Company) -> None:
    assert company.place.refusals() == []


def _posted(place: Workplace) -> Message | None:
    title = got(place, "/v1/reports/latest")["title"]
    return next((one for one in place.person(ADMIN).channel(CHANNEL) if title in words(one)), None)


def _ask_in_slack(place: Workplace) -> None:
    ben = place.person(BEN)
    asked = ben.say(CHANNEL, "<@UBOT> which profile do I import into WireGuard?")
    ben.press(CHANNEL, eventually(lambda: _answer(ben, asked)), "Yes")


def _answer(person: Person, asked: str) -> Message | None:
    return next((one for one in person.thread(CHANNEL, asked)[1:] if one.get("bot_id")), None)


def _invitation(place: Workplace, who: str) -> str:
    person = place.person(who)
    asked = person.say(CHANNEL, "<@UBOT> how do I get on the VPN?")
    answer = words(eventually(lambda: _answer(person, asked)))
    return next(one for one in WORDINGS if one in answer)


def _page(company: Company, rest: str) -> httpx.Response:
    reply = company.place.doors.get(f"/reports/{company.report['period']}{rest}")
    assert reply.status_code == 200, reply.text
    return reply


def _section(company: Company, key: str) -> str:
    section = next(one for one in company.report["sections"] if one["key"] == key)
    return "\n".join(one["text"] for one in section["lines"])


def _state(company: Company, experiment: str) -> str:
    return str(got(company.place, f"/v1/experiments/{experiment}")["experiment"]["state"])


def _label(view: dict[str, Any]) -> str:
    return str(view["blocks"][1]["label"]["text"]).lower()


def _card(person: Person, wanted: str = "Guidelines") -> dict[str, Any] | None:
    """Return the open card of the review queue once it has a button; while it is looked for, a view says so."""
    return next((one for one in person.views() if wanted in words(one)), None)


def _verdicts(view: dict[str, Any]) -> list[str]:
    field = next(one for one in view["blocks"] if one["type"] == "input" and "options" in one["element"])
    return [one["value"] for one in field["element"]["options"]]


def _press_in(person: Person, view: dict[str, Any], label: str) -> None:
    block, element = button(view["blocks"], label)
    about = {"block_id": block["block_id"], "action_id": element["action_id"], "value": element.get("value", "")}
    person.do("actions", view_id=view["id"], **about)


def _home(person: Person) -> str:
    person.do("home/open", tab="home")

    def shown() -> str:
        view = person.workspace.get("/sim/home", params={"as": person.id}).json()
        return words({"blocks": (view.get("view") or view).get("blocks", [])})

    return eventually(lambda: shown() if "Ask me anything" in shown() else None)
