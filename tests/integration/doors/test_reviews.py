"""The door of the review queue: what waits, who may decide, and which verdicts there are."""

import pytest
from starlette.testclient import TestClient

from flywheel.store import reviews
from flywheel.store.reviews import ReviewItem, ReviewKind
from tests.integration.doors.conftest import ADMIN, World
from tests.parts import MOMENT

DOUBT = ReviewItem("d1", ReviewKind.DOUBTED, "key p1", MOMENT, "U1", {"belief": 0.1})
QUARANTINE = ReviewItem("q1", ReviewKind.QUARANTINE, "U7", MOMENT, "U7")
ALARM = ReviewItem("b1", ReviewKind.ALARM, "p1", MOMENT, None, {"count": 40})


@pytest.fixture(autouse=True)
def _queue(world: World) -> None:
    """Put up a doubted label, a person and an alarm."""
    with world.core.database.begin() as db:
        reviews.put(db, [DOUBT, QUARANTINE, ALARM])


def waiting(client: TestClient, **wanted: str) -> list[str]:
    """Return the ids of what waits."""
    told = client.get("/v1/reviews", params=wanted).json()
    assert told["total"] == len(told["items"])
    return sorted(one["id"] for one in told["items"])


def test_what_waits_is_listed_with_the_verdicts_it_takes(client: TestClient) -> None:
    told = {one["id"]: one for one in client.get("/v1/reviews").json()["items"]}

    assert {name: one["verdicts"] for name, one in told.items()} == {
        "d1": ["right", "wrong"],
        "q1": ["not trusted", "trusted"],
        "b1": ["seen"],
    }
    assert (told["d1"]["person"], told["d1"]["detail"], told["d1"]["verdict"]) == ("U1", {"belief": 0.1}, None)


def test_one_kind_is_listed_alone(client: TestClient) -> None:
    assert waiting(client, kind="quarantine") == ["q1"]


def test_the_keys_of_suggestions_are_no_matter_to_decide(client: TestClient, world: World) -> None:
    with world.core.database.begin() as db:
        reviews.turn_key(db, "c1", "U2", MOMENT)

    assert waiting(client) == ["b1", "d1", "q1"]


def test_what_is_decided_waits_no_longer(client: TestClient) -> None:
    decided = client.post("/v1/reviews/q1", json={"verdict": "trusted", "user_id": ADMIN})

    assert (decided.status_code, decided.json()["verdict"]) == (200, "trusted")
    assert waiting(client) == ["b1", "d1"]


def test_a_later_verdict_replaces_the_first(client: TestClient) -> None:
    client.post("/v1/reviews/d1", json={"verdict": "wrong", "user_id": ADMIN})
    again = client.post("/v1/reviews/d1", json={"verdict": "right", "user_id": ADMIN})

    assert again.json()["verdict"] == "right"


@pytest.mark.parametrize(
    ("item", "body", "status"),
    [
        ("d1", {"verdict": "right", "user_id": "U2"}, 403),
        ("d7", {"verdict": "right", "user_id": ADMIN}, 404),
        ("d1", {"verdict": "trusted", "user_id": ADMIN}, 422),
        ("d1", {"verdict": "", "user_id": ADMIN}, 422),
        ("d1", {"verdict": "right\x00", "user_id": ADMIN}, 422),
        ("d1", {"verdict": "right", "user_id": ""}, 422),
        ("d1", {"verdict": "right"}, 422),
        ("d1", ["right"], 422),
    ],
)
def test_what_is_refused_says_why_and_decides_nothing(
    client: TestClient, item: str, body: dict[str, str] | list[str], status: int
) -> None:
    reply = client.post(f"/v1/reviews/{item}", json=body)

    assert reply.status_code == status
    assert len(reply.json()["detail"].split()) >= 3
    assert waiting(client) == ["b1", "d1", "q1"]


def test_a_kind_that_does_not_exist_is_refused(client: TestClient) -> None:
    reply = client.get("/v1/reviews", params={"kind": "weather"})

    assert reply.status_code == 422
    assert "quarantine" in reply.json()["detail"]


def test_nothing_is_told_without_the_token(client: TestClient) -> None:
    assert client.get("/v1/reviews", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_who_decided_is_kept(client: TestClient, world: World) -> None:
    client.post("/v1/reviews/b1", json={"verdict": "seen", "user_id": ADMIN})

    with world.core.database.read() as db:
        found = reviews.find(db, "b1")
    assert found is not None
    assert (found.verdict, found.reviewer) == ("seen", ADMIN)
