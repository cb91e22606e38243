"""The doors that read: search and ask."""

from starlette.testclient import TestClient

from tests.integration.doors.conftest import World
from tests.parts import HashingEncoder


def search(client: TestClient, **body: object) -> list[str]:
    reply = client.post("/v1/search", json=body)
    assert reply.status_code == 200
    return [one["external_id"] for one in reply.json()["passages"]]


def test_search_returns_passages_best_first(client: TestClient) -> None:
    reply = client.post("/v1/search", json={"query": "new VPN client", "k": 2}).json()

    assert [one["passage_id"] for one in reply["passages"]] == ["vpn.md:0", "vpn.md:1"]
    assert reply["passages"][0]["title"] == "vpn"
    assert set(reply["route"]) == {"documents", "answers"}


def test_search_returns_at_most_k(client: TestClient) -> None:
    assert len(search(client, query="the VPN client canteen", k=1)) == 1


def test_without_a_person_only_what_is_public_is_found(client: TestClient) -> None:
    assert "pay.md" not in search(client, query="pay day")


def test_a_member_of_the_channel_finds_what_it_holds(client: TestClient) -> None:
    assert "pay.md" in search(client, query="pay day", user_id="U1")
    assert "pay.md" not in search(client, query="pay day", user_id="U2")


def test_a_reply_in_a_channel_finds_what_all_its_members_may_read(client: TestClient) -> None:
    assert "pay.md" in search(client, query="pay day", channel_id="C1")
    assert "pay.md" not in search(client, query="pay day", user_id="U1", channel_id="C2")


def test_an_answer_can_be_referred_to(client: TestClient) -> None:
    asked = client.post("/v1/ask", json={"question": "How do I connect to the VPN?", "user_id": "U2"}).json()
    vote = {"request_id": asked["request_id"], "signal_type": "thumbs_up", "user_id": "U2"}

    assert client.post("/v1/feedback", json=vote).json() == {"status": "recorded", "request_id": asked["request_id"]}


def test_an_answer_says_where_from_how_sure_and_with_what(client: TestClient) -> None:
    asked = client.post("/v1/ask", json={"question": "How do I connect to the VPN?", "user_id": "U2"}).json()

    assert {one["external_id"] for one in asked["citations"]} <= {"vpn.md", "lunch.md"}
    assert 0 <= asked["confidence"] <= 1
    assert asked["versions"]["encoder"] == HashingEncoder().name
    assert asked["timings_ms"]["total"] > 0


def test_what_the_asker_may_not_read_is_not_answered_from(client: TestClient) -> None:
    asked = client.post("/v1/ask", json={"question": "When is pay day?", "user_id": "U2"}).json()

    assert "25th" not in asked["answer"]
    assert "pay.md" not in {one["external_id"] for one in asked["citations"]}


def test_a_thread_keeps_what_was_said_before(client: TestClient, world: World) -> None:
    body = {"question": "How do I connect to the VPN?", "user_id": "U2", "thread_id": "t1"}
    first = client.post("/v1/ask", json=body).json()
    second = client.post("/v1/ask", json=body | {"question": "And on my phone?"}).json()

    assert first["request_id"] != second["request_id"]


def test_asking_needs_a_person(client: TestClient) -> None:
    reply = client.post("/v1/ask", json={"question": "Why?"})

    assert (reply.status_code, reply.json()["detail"]) == (422, "user_id: Field required")
