"""The door of understanding shows what the newest report found, and says when there is none."""

from typing import Any

from starlette.testclient import TestClient

from flywheel.store import reports
from flywheel.store.reports import Report
from tests.integration.doors.conftest import World
from tests.parts import MOMENT

NUMBERS = {"topics": {"questions": 3}, "matrix": {"points": []}, "drift": {"found": False}, "stall": {"state": "young"}}


def reported(world: World, content: dict[str, Any]) -> None:
    made = {"period": "2026-W47", "made_at": MOMENT.isoformat(), "todo": [], **content}
    with world.core.database.begin() as db:
        reports.put(db, Report("2026-W47", "2026-W47", MOMENT, made))


def test_topics_are_those_of_the_newest_report(client: TestClient, world: World) -> None:
    sections = [{"key": key, "title": key, "lines": [], "numbers": numbers} for key, numbers in NUMBERS.items()]
    reported(world, {"sections": sections})

    told = client.get("/v1/topics").json()

    assert {key: told[key] for key in NUMBERS} == NUMBERS


def test_before_the_first_report_there_are_no_topics(client: TestClient) -> None:
    reply = client.get("/v1/topics")

    assert (reply.status_code, "run a turn" in reply.json()["detail"]) == (404, True)


def test_a_report_of_an_earlier_version_has_no_topics(client: TestClient, world: World) -> None:
    reported(world, {})

    assert client.get("/v1/topics").status_code == 404
