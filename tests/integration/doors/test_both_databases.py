"""The doors once around the loop, on SQLite and on Postgres."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from flywheel.curation.corrections import approve
from flywheel.store import corrections, signals
from flywheel.store.database import Database
from tests.integration.doors.conftest import ADMIN, World, client_of, made_world

QUESTION = {"question": "How do I connect to the VPN?", "user_id": "U2"}


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    return made_world(tmp_path, database)


@pytest.fixture
def client(world: World) -> TestClient:
    return client_of(world)


def gave(client: TestClient, request_id: str, kind: str, **more: object) -> int:
    body = {"request_id": request_id, "signal_type": kind, "user_id": "U2", **more}
    return client.post("/v1/feedback", json=body).status_code


def send(client: TestClient, body: dict[str, str]) -> int:
    return client.post("/v1/feedback", json=body, headers={"Idempotency-Key": "k1"}).status_code


def test_a_question_is_answered_with_its_sources(client: TestClient) -> None:
    asked = client.post("/v1/ask", json=QUESTION).json()

    assert not asked["abstained"]
    assert [one["external_id"] for one in asked["citations"]][:1] == ["vpn.md"]


def test_a_citation_of_an_answer_can_be_voted_on(client: TestClient) -> None:
    request_id = client.post("/v1/ask", json=QUESTION).json()["request_id"]

    assert gave(client, request_id, "citation_up", metadata={"external_id": "vpn.md"}) == 200


def test_an_answer_that_helped_becomes_a_candidate(client: TestClient) -> None:
    request_id = client.post("/v1/ask", json=QUESTION).json()["request_id"]
    gave(client, request_id, "thumbs_up")

    found = client.get("/v1/flywheel/training-candidates").json()["candidates"]
    assert [one["answer_id"] for one in found] == [request_id]


def test_an_approved_correction_answers_the_next_time(client: TestClient, world: World) -> None:
    request_id = client.post("/v1/ask", json=QUESTION).json()["request_id"]
    gave(client, request_id, "edit", user_correction="Use client 5.")
    with world.core.database.read() as db:
        [waiting] = corrections.every(db)
    approve(world.core, waiting.id, ADMIN)

    assert "Use client 5." in client.post("/v1/ask", json=QUESTION).json()["answer"]


def test_the_same_suggestion_at_the_same_time_is_one_correction(client: TestClient, world: World) -> None:
    request_id = client.post("/v1/ask", json=QUESTION).json()["request_id"]
    body = {"request_id": request_id, "signal_type": "edit", "user_id": "U2", "user_correction": "Use client 5."}
    with ThreadPoolExecutor(4) as callers:
        statuses = list(callers.map(lambda _: send(client, body), range(4)))

    assert statuses == [200] * 4
    with world.core.database.read() as db:
        assert len(corrections.every(db)) == len(signals.every(db)) == 1


def test_turns_and_figures_are_served(client: TestClient) -> None:
    assert client.post("/v1/flywheel/turns").status_code == 202
    assert client.get("/v1/models").json() == {"models": []}
    assert "flywheel_passages 4.0" in client.get("/metrics").text
