"""Who is let in, and what is refused with which sentence."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from bot.api import create_api
from bot.doors.entrance import LARGEST_BODY
from tests.integration.doors.conftest import TOKEN, World

GUARDED = [
    ("POST", "/v1/search"),
    ("POST", "/v1/ask"),
    ("POST", "/v1/feedback"),
    ("GET", "/v1/flywheel/training-candidates"),
    ("POST", "/v1/flywheel/turns"),
    ("GET", "/v1/flywheel/turns/t1"),
    ("GET", "/v1/models"),
    ("POST", "/v1/models/m1/promote"),
    ("POST", "/v1/models/m1/rollback"),
    ("GET", "/v1/records"),
    ("GET", "/v1/metrics"),
    ("GET", "/v1/trends"),
    ("GET", "/v1/reports/latest"),
    ("GET", "/v1/reports/2026-W47"),
]


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_no_door_of_v1_opens_without_the_token(client: TestClient, method: str, path: str) -> None:
    del client.headers["Authorization"]
    reply = client.request(method, path, json={})

    assert reply.status_code == 401
    assert "Authorization: Bearer" in reply.json()["detail"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer tökén"])
def test_a_wrong_token_opens_nothing(client: TestClient, header: str) -> None:
    reply = client.get("/v1/models", headers={b"Authorization": header.encode()})

    assert reply.status_code == 401


def test_an_empty_token_of_the_application_opens_nothing(world: World) -> None:
    client = TestClient(create_api(replace(world.serving(), api_token="")))

    assert client.get("/v1/models", headers={"Authorization": "Bearer "}).status_code == 401


def test_a_token_beyond_ascii_opens_the_doors(world: World) -> None:
    client = TestClient(create_api(replace(world.serving(), api_token="tökén")))
    header = {b"Authorization": "Bearer tökén".encode()}

    assert client.get("/v1/models", headers=header).status_code == 200


def test_health_and_figures_need_no_token(client: TestClient) -> None:
    del client.headers["Authorization"]

    assert [client.get(path).status_code for path in ("/healthz", "/metrics", "/docs")] == [200, 200, 200]


def test_an_unknown_path_is_not_found(client: TestClient) -> None:
    assert client.get("/v1/nothing").status_code == 404


def test_slack_has_no_door_without_a_workspace(client: TestClient) -> None:
    assert client.post("/slack/events", content=b"{}").status_code == 404


def test_a_body_that_declares_too_much_is_refused(client: TestClient) -> None:
    reply = client.post("/v1/search", content=b"x" * (LARGEST_BODY + 1))

    assert (reply.status_code, str(LARGEST_BODY) in reply.json()["detail"]) == (413, True)


def test_a_body_of_unknown_length_is_refused_too(client: TestClient) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * (LARGEST_BODY // 10)

    assert client.post("/v1/search", content=pieces()).status_code == 413


def test_the_largest_body_is_read(client: TestClient) -> None:
    assert client.post("/v1/search", content=b"x" * LARGEST_BODY).status_code != 413


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "query: Field required"),
        ({"query": ""}, "query: String should have at least 1 character"),
        ({"query": " \n"}, "query: String should have at least 1 character"),
        ({"query": "x" * 8001}, "query: String should have at most 8000 characters"),
        ({"query": 7}, "query: Input should be a valid string"),
        ({"query": "x", "k": 0}, "k: Input should be greater than or equal to 1"),
        ({"query": "x", "k": 101}, "k: Input should be less than or equal to 100"),
        ({"query": "a\x00b"}, "query: must not contain the NUL character"),
        ({"query": "x", "user_id": ""}, "user_id: String should have at least 1 character"),
    ],
)
def test_a_wrong_request_is_told_what_to_change(client: TestClient, body: object, sentence: str) -> None:
    reply = client.post("/v1/search", json=body)

    assert (reply.status_code, reply.json()["detail"]) == (422, sentence)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"query": NaN}',
        b'{"query": "\\ud800"}',
        b'{"query": "a\\udfffb"}',
        b'{"\\ud800": 1}',
        b'{"query": "\xff"}',
        b"[" * 100_000,
        b'{"query": "x", "k": ' + b"9" * 5_000 + b"}",
        b'{"query": "x", "k": 1e400}',
    ],
    ids=range(12),
)
def test_a_broken_body_is_the_callers_to_mend(client: TestClient, raw: bytes) -> None:
    reply = client.post("/v1/search", content=raw, headers={"Content-Type": "application/json"})

    assert reply.status_code in {400, 422}
    assert reply.json()["detail"]


@pytest.mark.parametrize("path", ["/v1/flywheel/turns/%00", "/v1/flywheel/turns/" + "x" * 201])
def test_an_impossible_id_in_a_path_is_refused(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 422
