"""The door of the review queue: what waits, in which order, what one may see of it, who may decide, and undo."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from flywheel.curation.corrections import Suggestion, reject, suggest
from flywheel.store import corrections, reviews, trusts
from flywheel.store.reviews import ReviewItem, ReviewKind
from flywheel.store.standing import Standing
from tests.integration.doors.conftest import ADMIN, World
from tests.parts import MOMENT, answered

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


@pytest.fixture
def sampled(world: World) -> None:
    """Put up an answer that all may read, for two reviewers, and one from channel C1; U2 has proved trustworthy."""
    answered(world.core, "a1", question="Where is the client?", cites=["vpn.md:1"], person="U8")
    answered(world.core, "a2", question="When is pay day?", cites=["pay.md:0"], person="U8")
    with world.core.database.begin() as db:
        reviews.put(db, [sample("s1", "a1", 2), sample("s2", "a2", 1)])
        reviews.rank(db, {"s1": 9.0, "s2": 8.0, "d1": 1.0, "q1": 1.0, "b1": 1.0})
        trusts.replace_all(db, {"U2": Standing(9.0, 1.0, 10)}, MOMENT)


def sample(name: str, answer_id: str, wanted: int) -> ReviewItem:
    detail = {"answer_id": answer_id, "question_id": f"q-{answer_id}", "value": 0.1, "reason": "It is wrong."}
    return ReviewItem(name, ReviewKind.JUDGE_SAMPLE, answer_id, MOMENT, detail=detail, wanted=wanted)


def judge(client: TestClient, item: str, verdict: str, user: str) -> dict[str, Any]:
    reply = client.post(f"/v1/reviews/{item}", json={"verdict": verdict, "user_id": user, "reason": "I know it."})
    assert reply.status_code == 200
    return dict(reply.json())


@pytest.mark.usefixtures("sampled")
def test_the_most_urgent_comes_first_and_the_rest_is_counted(client: TestClient) -> None:
    told = client.get("/v1/reviews", params={"limit": 2}).json()

    assert ([one["id"] for one in told["items"]], told["total"]) == (["s1", "s2"], 5)


@pytest.mark.usefixtures("sampled")
def test_a_reviewer_is_shown_what_they_need_and_not_what_the_judge_said(client: TestClient) -> None:
    reply = client.get("/v1/reviews/next", params={"user_id": "U2"})

    card = reply.json()["card"]
    assert (card["id"], card["question"], card["verdicts"][0]) == ("s1", "Where is the client?", "right")
    assert [one["text"] for one in card["sources"]] == ["The VPN client is in the software portal."]
    assert "It is wrong." not in reply.text + client.get("/v1/reviews").text


@pytest.mark.usefixtures("sampled")
def test_what_a_reviewer_may_not_read_is_not_shown(client: TestClient) -> None:
    judge(client, "s1", "right", "U2")

    assert client.get("/v1/reviews/next", params={"user_id": "U2"}).json()["card"] is None


@pytest.mark.usefixtures("sampled")
def test_a_second_reviewer_does_not_see_what_the_first_said(client: TestClient) -> None:
    first = judge(client, "s1", "wrong", "U2")
    listed = client.get("/v1/reviews", params={"kind": "judge_sample"}).text

    assert first["verdict"] is None
    assert 'wrong"' not in listed.replace('"verdicts":["cannot tell","partly","right","wrong"]', "")
    assert judge(client, "s1", "wrong", ADMIN)["verdict"] == "wrong"


@pytest.mark.usefixtures("sampled")
def test_a_verdict_is_taken_back_by_who_gave_it(client: TestClient) -> None:
    judge(client, "s1", "wrong", "U2")
    judge(client, "s1", "wrong", ADMIN)

    assert client.post("/v1/reviews/s1/undo", json={"user_id": "U7"}).status_code == 403
    assert client.post("/v1/reviews/s1/undo", json={"user_id": "U2"}).json()["verdict"] is None


def test_guidelines_say_how_each_kind_is_judged(client: TestClient) -> None:
    told = {one["kind"]: one for one in client.get("/v1/reviews/guidelines").json()}

    assert set(told) == {kind.value for kind in ReviewKind} - {"key"}
    assert set(told["sample"]["verdicts"]) == {"right", "partly", "wrong", "cannot tell"}


def test_a_suggestion_waits_here_as_well_and_is_decided_once(client: TestClient, world: World) -> None:
    answered(world.core, "a1", cites=["vpn.md:1"])
    suggest(world.core, Suggestion("k", "a1", "U2", "Use the new portal."))
    [item] = waiting(client, kind="correction")
    judge(client, item, "approve", ADMIN)

    assert waiting(client, kind="correction") == []
    with world.core.database.read() as db:
        assert [one.state.value for one in corrections.every(db)] == ["approved"]


def test_a_suggestion_decided_elsewhere_waits_no_longer(client: TestClient, world: World) -> None:
    answered(world.core, "a1", cites=["vpn.md:1"])
    made = suggest(world.core, Suggestion("k", "a1", "U2", "Use the new portal."))
    assert len(waiting(client, kind="correction")) == 1
    reject(world.core, made.id, ADMIN)

    assert waiting(client, kind="correction") == []
