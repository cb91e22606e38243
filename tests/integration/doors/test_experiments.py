"""The doors of experiments."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

DESIGN = {
    "variable": "question_wording",
    "hypothesis": "Fewer words get more feedback.",
    "values": ["Did we answer your question?", "Is this right?"],
}


def drafted(client: TestClient, **changes: Any) -> dict[str, Any]:
    """Write an experiment down and return it."""
    return dict(client.post("/v1/experiments", json=DESIGN | changes).json())


def test_a_draft_says_what_it_needs(client: TestClient) -> None:
    made = drafted(client)

    assert (made["state"], sorted(made["plan"]["exposures"])) == ("draft", ["A", "B"])


def test_the_list_says_what_may_be_varied(client: TestClient) -> None:
    drafted(client)
    told = client.get("/v1/experiments").json()

    assert [one["state"] for one in told["experiments"]] == ["draft"]
    assert {one["name"] for one in told["variables"]} == {"question_wording", "question_moment"}


def test_one_is_started_looked_at_stopped_and_adopted(client: TestClient) -> None:
    door = f"/v1/experiments/{drafted(client)['id']}"

    assert client.post(f"{door}/start").json()["state"] == "running"
    assert client.get(door).json()["analysis"]["finding"] == "undecided"
    assert client.post(f"{door}/stop").json()["state"] == "stopped"
    assert client.post(f"{door}/adopt", json={"arm": "B"}).json()["adopted"] == "B"


def test_a_running_one_is_not_adopted(client: TestClient) -> None:
    door = f"/v1/experiments/{drafted(client)['id']}"
    client.post(f"{door}/start")

    assert client.post(f"{door}/adopt", json={"arm": "B"}).status_code == 422


def test_an_unknown_one_is_not_found(client: TestClient) -> None:
    assert client.get("/v1/experiments/none").status_code == 404


def test_a_value_that_cannot_be_is_refused_in_a_sentence(client: TestClient) -> None:
    refused = client.post("/v1/experiments", json=DESIGN | {"values": ["Is this right?", "Click here!"]})

    assert (refused.status_code, "question mark" in refused.json()["detail"]) == (422, True)


@pytest.mark.parametrize("shares", ["[NaN, 0.5]", "[0.5, NaN]", "[NaN, NaN]", "[Infinity, 0.5]"])
def test_a_share_that_is_no_number_is_refused_in_a_sentence(client: TestClient, shares: str) -> None:
    body = json.dumps(DESIGN | {"shares": None}).replace("null", shares)

    refused = client.post("/v1/experiments", content=body, headers={"Content-Type": "application/json"})

    assert (refused.status_code, "share" in refused.json()["detail"]) == (422, True)
    assert client.get("/v1/experiments").json()["experiments"] == []
