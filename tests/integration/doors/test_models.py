"""Canaries through the API: held, promoted and rolled back, within a second, for the very next question."""

import time

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from flywheel.learning import release
from flywheel.learning.gate import Decision
from flywheel.registry import Outcome, Release
from flywheel.store import releases
from tests.integration.doors.conftest import World
from tests.parts import MOMENT


def settled(world: World, alpha: float, decision: Decision) -> str:
    """Settle a fusion weight and return its id."""
    artefact = {"alpha": alpha}
    one = releases.identity("fusion", artefact)
    made = Release(one, "fusion", artefact, {}, "s", MOMENT, Outcome.HELD, serving=False)
    with world.core.database.begin() as db:
        return release.settle(db, made, None, MOMENT, decision).id


@pytest.fixture
def champion(world: World) -> str:
    return settled(world, 0.21, Decision.RELEASED)


@pytest.fixture
def canary(world: World, champion: str) -> str:
    return settled(world, 0.22, Decision.PROVISIONAL)


def version(client: TestClient, person: str, question: str) -> str:
    """Ask, and return the fusion weight that the answer was made with."""
    reply = client.post("/v1/ask", json={"question": question, "user_id": person})
    return str(reply.json()["versions"]["fusion"])


def test_models_say_whom_they_serve(client: TestClient, champion: str, canary: str) -> None:
    listed = {one["id"]: one for one in client.get("/v1/models").json()["models"]}

    assert (listed[canary]["share"], listed[canary]["outcome"], listed[champion]["serving"]) == (0.5, "canary", False)


def test_a_canary_is_held(client: TestClient, canary: str) -> None:
    reply = client.post(f"/v1/models/{canary}/hold")

    assert (reply.json()["outcome"], reply.json()["serving"]) == ("held", False)


def test_what_serves_everybody_cannot_be_held(client: TestClient, champion: str) -> None:
    assert client.post(f"/v1/models/{champion}/hold").status_code == 422


def test_holding_what_is_not_there_is_not_found(client: TestClient) -> None:
    assert client.post("/v1/models/m7/hold").status_code == 404


def test_who_held_is_in_the_audit_log(client: TestClient, world: World, canary: str) -> None:
    client.post(f"/v1/models/{canary}/hold")

    with world.core.database.read() as db:
        newest = db.execute(text("SELECT person, act FROM audit ORDER BY id DESC LIMIT 1")).one()
    assert tuple(newest) == ("api", "hold")


def test_answers_say_in_which_arm_their_asker_is(client: TestClient, champion: str, canary: str) -> None:
    arms = [version(client, f"U{number}", "How do I connect to the VPN?") for number in range(12)]

    assert set(arms) == {champion, canary}
    assert arms == [version(client, f"U{number}", "Where is the VPN client?") for number in range(12)]


def test_a_roll_back_holds_for_the_next_question_within_a_second(
    client: TestClient, champion: str, world: World
) -> None:
    newer = settled(world, 0.23, Decision.RELEASED)
    before = version(client, "U1", "Where is the VPN client?")
    began = time.perf_counter()
    client.post(f"/v1/models/{newer}/rollback")
    took = time.perf_counter() - began

    assert (before, version(client, "U1", "How do I connect?")) == (newer, champion)
    assert took < 1.0
