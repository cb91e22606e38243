"""The doors of the metric log: records by metric and moment, the catalogue, and trends."""

from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from flywheel.registry import Record
from flywheel.store import records
from tests.integration.doors.conftest import World
from tests.parts import MOMENT

BEFORE = Record(
    MOMENT, "ndcg_at_10", 0.5, 20, 0.4, 0.6, dataset="frozen", dataset_hash="h",
    scores=(0.4, 0.6) * 10, persons=tuple(range(20)),
)  # fmt: skip
AFTER = replace(
    BEFORE, at=MOMENT + timedelta(hours=1), value=0.4, scores=(0.3, 0.5) * 10, change="router 3fa promoted by U9"
)


@pytest.fixture
def logged(world: World) -> World:
    """Return a world whose log has two measurements of the same frozen questions."""
    with world.core.database.begin() as db:
        records.put(db, [BEFORE, AFTER])
    return world


def test_records_are_chosen_by_metric_and_moment(client: TestClient, logged: World) -> None:
    chosen = client.get("/v1/records", params={"metric": "ndcg_at_10", "since": AFTER.at.isoformat()}).json()

    assert [(one["value"], one["change"]) for one in chosen["records"]] == [(0.4, "router 3fa promoted by U9")]


@pytest.mark.parametrize(("since", "count"), [("2026", 2), (" 2026 ", 2), ("2027", 0), ("2026-11-19T00:00:00Z", 0)])
def test_a_year_is_its_beginning(client: TestClient, logged: World, since: str, count: int) -> None:
    assert len(client.get("/v1/records", params={"since": since}).json()["records"]) == count


@pytest.mark.parametrize(
    "since",
    ["yesterday", "2026-11-18T09:30:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
     "0", "20", "20261118", "1763000000", "1763000000.5", "-1", "1e9", "0000", "٢٠٢٦"],
)  # fmt: skip
def test_a_moment_that_cannot_be_placed_is_refused(client: TestClient, since: str) -> None:
    assert client.get("/v1/records", params={"since": since}).status_code == 422


def test_a_trend_names_the_change_after_which_it_got_worse(client: TestClient, logged: World) -> None:
    trend = client.get("/v1/trends", params={"metric": "ndcg_at_10"}).json()

    [series] = trend["series"]
    [step] = series["steps"]
    assert (series["dataset"], len(series["points"]), trend["metric"]["better"]) == ("frozen", 2, "higher")
    assert (step["verdict"], step["method"], step["change"]) == ("regression", "paired", "router 3fa promoted by U9")


@pytest.mark.parametrize("door", ["trends", "records"])
def test_no_metric_of_ours_is_refused(client: TestClient, door: str) -> None:
    reply = client.get(f"/v1/{door}", params={"metric": "speed of light"})

    assert (reply.status_code, "there is no metric" in reply.json()["detail"]) == (422, True)


def test_a_name_that_is_too_long_is_called_so(client: TestClient) -> None:
    reply = client.get("/v1/trends", params={"metric": "m" * 100})

    assert (reply.status_code, "at most 80 characters" in reply.json()["detail"]) == (422, True)


def test_a_segment_without_records_has_no_series(client: TestClient, logged: World) -> None:
    assert client.get("/v1/trends", params={"metric": "ndcg_at_10", "segment": "route:code"}).json()["series"] == []


def test_the_catalogue_says_what_a_metric_means(client: TestClient) -> None:
    found = {one["name"]: one for one in client.get("/v1/metrics").json()["metrics"]}

    assert found["people_silent"]["better"] == "lower"
    assert "voted down" in found["people_unsatisfied"]["meaning"]
