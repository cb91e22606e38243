"""The door of credit: what signals about an answer blame, and a reviewer's word."""

import pytest
from starlette.testclient import TestClient

from tests.integration.doors.conftest import ADMIN, World
from tests.parts import answered

NO = {"request_id": "a1", "signal_type": "thumbs_down", "user_id": "U2", "metadata": {"reason": "too_long"}}


@pytest.fixture(autouse=True)
def _complaint(world: World, client: TestClient) -> None:
    """Store an answer "a1" that somebody found too long."""
    answered(world.core, "a1", cites=["vpn.md:1"])
    client.post("/v1/feedback", json=NO)


def test_it_tells_which_part_is_to_blame_and_why(client: TestClient) -> None:
    told = client.get("/v1/credit/a1").json()

    assert (told["part"], told["why"]) == ("writing", "Somebody found the answer too long.")
    assert len(told["signals"]) == 1


def test_an_administrator_may_say_otherwise(client: TestClient) -> None:
    told = client.post("/v1/credit/a1", json={"part": "ranking", "user_id": ADMIN}).json()

    assert (told["part"], told["signals"][0]["corrected_by"]) == ("ranking", ADMIN)


@pytest.mark.parametrize(
    ("answer_id", "body", "status"),
    [
        ("a1", {"part": "ranking", "user_id": "U2"}, 403),
        ("a7", {"part": "ranking", "user_id": ADMIN}, 404),
        ("a1", {"part": "weather", "user_id": ADMIN}, 422),
        ("a1", {"part": "ranking"}, 422),
    ],
)
def test_what_is_refused_changes_nothing(client: TestClient, answer_id: str, body: dict[str, str], status: int) -> None:
    assert client.post(f"/v1/credit/{answer_id}", json=body).status_code == status
    assert client.get("/v1/credit/a1").json()["part"] == "writing"


def test_an_answer_that_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.get("/v1/credit/a7").status_code == 404
