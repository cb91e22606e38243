"""The HTTP doors, as another program uses them: ask, react, turn, read what came of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.workplace import clean_environment, eventually, flywheel, free_port, process


@pytest.fixture(scope="module")
def doors(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The doors of a bot without a workspace."""
    port = free_port()
    environment = clean_environment(tmp_path_factory.mktemp("home"), PORT=str(port))
    flywheel(environment, "index", str(documents))
    with process(environment, port) as client:
        yield client


def ask(doors: httpx.Client, question: str, **who: str) -> dict[str, Any]:
    reply = doors.post("/v1/ask", json={"question": question, "user_id": "U2", **who})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def test_nothing_is_told_without_the_token(doors: httpx.Client) -> None:
    reply = httpx.post(f"{doors.base_url}/v1/ask", json={"question": "VPN?", "user_id": "U2"})

    assert reply.status_code == 401


def test_search_shows_only_what_the_audience_may_read(doors: httpx.Client) -> None:
    query = {"query": "what do engineers in band E2 earn", "k": 10}

    public = doors.post("/v1/search", json=query).json()
    finance = doors.post("/v1/search", json={**query, "user_id": "U3", "channel_id": "C3"}).json()

    assert "finance/salaries.md" not in [one["external_id"] for one in public["passages"]]
    assert finance["passages"][0]["external_id"] == "finance/salaries.md"
    assert set(public["route"]) == {"documents", "answers"}


def test_an_answer_cites_what_it_says(doors: httpx.Client) -> None:
    answer = ask(doors, "What is the daily meal allowance?")

    assert "75 euros" in answer["answer"]
    assert [one["external_id"] for one in answer["citations"]] == ["travel.md"]
    assert 0 <= answer["confidence"] <= 1
    assert answer["timings_ms"]["total"] > 0


def test_a_follow_up_is_understood_from_its_thread(doors: httpx.Client) -> None:
    ask(doors, "How do I get on the VPN?", thread_id="t1")

    answer = ask(doors, "And who helps when it drops?", thread_id="t1")

    assert "network team" in answer["answer"]


def test_feedback_a_turn_and_its_evidence(doors: httpx.Client) -> None:
    answer = ask(doors, "How do I get on the VPN?")
    feedback = {"request_id": answer["request_id"], "signal_type": "thumbs_up", "user_id": "U2"}
    assert doors.post("/v1/feedback", json=feedback).json() == {
        "status": "recorded",
        "request_id": answer["request_id"],
    }

    started = doors.post("/v1/flywheel/turns").json()
    turn = eventually(lambda: _finished(doors, started["id"]))

    assert turn["state"] == "finished"
    assert "Too little data" in turn["evidence"]["learners"]["reranker"]["reason"]
    assert {one["learner"] for one in doors.get("/v1/models").json()["models"]} <= {"router"}  # trained when indexed
    assert doors.get("/v1/reports/latest").json()["numbers"]["satisfied"]["count"] >= 1
    assert doors.get("/v1/records", params={"metric": "satisfaction"}).json()["records"]


def test_a_liked_answer_becomes_a_training_candidate(doors: httpx.Client) -> None:
    answer = ask(doors, "When do I hand in receipts?")
    liked = {"request_id": answer["request_id"], "signal_type": "thumbs_up", "user_id": "U2"}
    doors.post("/v1/feedback", json=liked)

    found = doors.get("/v1/flywheel/training-candidates", params={"min_quality": "high"}).json()
    chats = doors.get("/v1/flywheel/training-candidates", params={"format": "jsonl"}).text

    assert "When do I hand in receipts?" in [one["input"] for one in found["candidates"]]
    assert '"role": "assistant"' in chats


def test_bad_input_says_what_to_change_and_stores_nothing(doors: httpx.Client) -> None:
    reply = doors.post("/v1/feedback", json={"request_id": "none", "signal_type": "applause", "user_id": "U2"})

    assert reply.status_code == 422
    assert "signal_type" in reply.json()["detail"]


def _finished(doors: httpx.Client, turn_id: str) -> dict[str, Any] | None:
    turn = doors.get(f"/v1/flywheel/turns/{turn_id}").json()
    return turn if turn["state"] in {"finished", "failed"} else None
