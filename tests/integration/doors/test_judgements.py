"""The door of judgements."""

from starlette.testclient import TestClient

from flywheel.store import judgements
from flywheel.store.judgements import Judgement
from tests.integration.doors.conftest import World
from tests.parts import answered


def put(world: World, *values: float | None) -> None:
    core = world.core
    answered(core, "a1")
    with core.database.begin() as db:
        judgements.put(
            db, [Judgement("a1", "j", "faithfulness", n, one, "So.", "r", core.now()) for n, one in enumerate(values)]
        )


def test_runs_and_their_median_are_told(world: World, client: TestClient) -> None:
    put(world, 0.25, 1.0, 0.5)
    told = client.get("/v1/judgements", params={"answer_id": "a1"}).json()

    assert told["marks"] == [{"judge": "j", "metric": "faithfulness", "value": 0.5, "spread": 0.75}]
    assert sorted(one["value"] for one in told["runs"]) == [0.25, 0.5, 1.0]


def test_an_unread_reply_is_told_without_a_value(world: World, client: TestClient) -> None:
    put(world, None)
    told = client.get("/v1/judgements", params={"answer_id": "a1"}).json()

    assert (told["marks"], told["runs"][0]["value"]) == ([], None)


def test_an_answer_that_there_is_not_is_not_found(client: TestClient) -> None:
    assert client.get("/v1/judgements", params={"answer_id": "nothing"}).status_code == 404


def test_the_answer_must_be_named(client: TestClient) -> None:
    assert client.get("/v1/judgements").status_code == 422
