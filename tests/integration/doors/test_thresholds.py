"""The door of thresholds: administrators decide with a reason; everything else is refused with a sentence."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from flywheel.store import thresholds as stored
from flywheel.store.thresholds import Bound, Threshold, ThresholdState
from tests.integration.doors.conftest import ADMIN, World
from tests.parts import MOMENT

SET: dict[str, Any] = {
    "metric": "satisfaction", "decision": "set", "value": 0.7, "user_id": ADMIN, "reason": "as agreed",
}  # fmt: skip


@pytest.fixture
def proposed(world: World) -> Threshold:
    made = Threshold("satisfaction", "all", Bound.AT_LEAST, 0.71, ThresholdState.PROPOSED, "flywheel", "Why.", MOMENT)
    with world.core.database.begin() as db:
        return stored.put(db, made)


def standing(client: TestClient) -> list[tuple[str, float]]:
    return [(one["person"], one["value"]) for one in client.get("/v1/thresholds").json()["in_force"]]


def test_a_value_is_set(client: TestClient) -> None:
    assert client.post("/v1/thresholds", json=SET).status_code == 200
    assert standing(client) == [(ADMIN, 0.7)]


def test_a_proposal_is_listed_and_confirmed(client: TestClient, proposed: Threshold) -> None:
    waiting = client.get("/v1/thresholds").json()["proposed"]
    client.post("/v1/thresholds", json={**SET, "decision": "confirm", "value": None})

    assert [one["value"] for one in waiting] == [0.71]
    assert standing(client) == [(ADMIN, 0.71)]


def test_a_proposal_is_changed_when_confirmed(client: TestClient, proposed: Threshold) -> None:
    client.post("/v1/thresholds", json={**SET, "decision": "confirm", "value": 0.6})

    assert standing(client) == [(ADMIN, 0.6)]


def test_a_rejected_proposal_waits_no_longer(client: TestClient, proposed: Threshold) -> None:
    client.post("/v1/thresholds", json={**SET, "decision": "reject"})

    assert client.get("/v1/thresholds").json()["proposed"] == []


def test_what_is_in_force_is_retired(client: TestClient) -> None:
    client.post("/v1/thresholds", json=SET)
    client.post("/v1/thresholds", json={**SET, "decision": "retire"})

    assert standing(client) == []


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"user_id": "U1"}, 403, "only administrators"),
        ({"reason": " "}, 422, "reason"),
        ({"value": None}, 422, "say which value"),
        ({"value": 1.5}, 422, "between 0 and 1"),
        ({"metric": "happiness"}, 422, "a threshold is for one of"),
        ({"segment": "rout:code"}, 422, "is measured for all, route:documents"),
        ({"metric": "ndcg_at_10"}, 422, "is measured for frozen"),
        ({"metric": "ndcg_at_10", "segment": "frozen:" + "y" * 100}, 422, "at most 80"),
        ({"metric": "judged_happiness"}, 422, "a threshold is for one of"),
        ({"metric": "judged_faithfulness", "segment": "route:code"}, 422, "measured for all answers alone"),
        ({"decision": "confirm"}, 404, "no threshold is proposed"),
        ({"decision": "retire"}, 404, "no threshold is in force"),
        ({"decision": "forget"}, 422, "decision"),
    ],
)
def test_what_cannot_be_is_refused(client: TestClient, change: dict[str, Any], status: int, says: str) -> None:
    answer = client.post("/v1/thresholds", json={**SET, **change})

    assert (answer.status_code, says in answer.json()["detail"]) == (status, True)


def test_nothing_is_proposed_of_nothing(client: TestClient) -> None:
    assert client.post("/v1/thresholds/proposals").json() == []
