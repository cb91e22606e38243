"""The doors of the wheel: candidates, turns, models, records, reports; and what operators look at."""

import json

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from flywheel.model import Signal, SignalKind
from flywheel.registry import Outcome, Release
from flywheel.signals.record import record
from flywheel.store import releases, reports
from tests.integration.doors.conftest import World
from tests.parts import MOMENT, answered

CANDIDATES = "/v1/flywheel/training-candidates"


@pytest.fixture
def helped(world: World) -> World:
    """Return a world where an answer helped, and one of its two sources was called wrong."""
    answered(world.core, "a1", cites=["vpn.md:0", "lunch.md:0"])
    record(world.core, Signal("k1", "a1", SignalKind.THUMBS_UP, "U2", MOMENT))
    record(world.core, Signal("k2", "a1", SignalKind.CITATION_DOWN, "U2", MOMENT, {"passage_id": "lunch.md:0"}))
    return world


def lines(body: str) -> list[object]:
    return [json.loads(line) for line in body.splitlines()]


def released(world: World, alpha: float) -> str:
    artefact = {"alpha": alpha}
    made = Release(
        releases.identity("fusion", artefact), "fusion", artefact, {"n": 9}, "s", MOMENT, Outcome.HELD, serving=False
    )
    with world.core.database.begin() as db:
        return releases.put(db, made).id


def test_candidates_come_as_json(client: TestClient, helped: World) -> None:
    reply = client.get(CANDIDATES).json()

    assert reply["total"] == len(reply["candidates"]) == 1
    assert (reply["candidates"][0]["quality"], reply["candidates"][0]["answer_id"]) == ("high", "a1")


def test_candidates_come_as_chat_lines(client: TestClient, helped: World) -> None:
    reply = client.get(CANDIDATES, params={"format": "jsonl"})

    assert reply.headers["content-type"].startswith("application/x-ndjson")
    assert lines(reply.text) == [
        {
            "messages": [
                {"role": "user", "content": "How do I connect?"},
                {"role": "assistant", "content": "Install the client. [1]"},
            ]
        }
    ]


def test_candidates_come_as_triplets(client: TestClient, helped: World) -> None:
    [triplet] = lines(client.get(CANDIDATES, params={"format": "triplets"}).text)

    assert triplet == {
        "query": "How do I connect?",
        "positive": "Connect to the VPN with the new client.",
        "negative": "Lunch is served from noon until two in the canteen.",
    }


def test_a_source_that_somebody_pointed_out_makes_triplets_too(client: TestClient, world: World) -> None:
    answered(world.core, "a1", cites=["lunch.md:0", "vpn.md:0"])
    record(world.core, Signal("k1", "a1", SignalKind.THUMBS_DOWN, "U2", MOMENT))
    record(world.core, Signal("k2", "a1", SignalKind.CITATION_UP, "U2", MOMENT, {"passage_id": "vpn.md:0"}))
    record(world.core, Signal("k3", "a1", SignalKind.CITATION_DOWN, "U2", MOMENT, {"passage_id": "lunch.md:0"}))

    reply = client.get(CANDIDATES, params={"format": "triplets"})
    beyond = client.get(CANDIDATES, params={"format": "triplets", "offset": 1})

    assert [one["positive"] for one in map(json.loads, reply.text.splitlines())] == [
        "Connect to the VPN with the new client."
    ]
    assert (reply.headers["x-total-count"], beyond.text) == ("1", "")


def test_candidates_come_as_graded_lists(client: TestClient, helped: World) -> None:
    reply = client.get(CANDIDATES, params={"format": "graded"})

    assert reply.headers["x-total-count"] == "1"
    assert lines(reply.text) == [
        {
            "query": "How do I connect?",
            "passages": [
                {"text": "Connect to the VPN with the new client.", "grade": 2.0},
                {"text": "Lunch is served from noon until two in the canteen.", "grade": 0.0},
            ],
        }
    ]


def test_candidates_come_page_by_page(client: TestClient, helped: World) -> None:
    second = client.get(CANDIDATES, params={"offset": 1, "limit": 1}).json()

    assert second == {"candidates": [], "total": 1}


def test_candidates_of_less_quality_are_left_out(client: TestClient, helped: World) -> None:
    assert client.get(CANDIDATES, params={"min_quality": "very_high"}).json() == {"candidates": [], "total": 0}


@pytest.mark.parametrize("wrong", [{"format": "xml"}, {"min_quality": "perfect"}])
def test_unknown_formats_and_qualities_are_refused(client: TestClient, wrong: dict[str, str]) -> None:
    assert client.get(CANDIDATES, params=wrong).status_code == 422


def test_a_turn_is_queued_started_and_shown(client: TestClient, world: World) -> None:
    queued = client.post("/v1/flywheel/turns")

    assert (queued.status_code, queued.json()["state"]) == (202, "queued")
    assert world.started == [queued.json()["id"]]
    assert client.get(f"/v1/flywheel/turns/{queued.json()['id']}").json() == queued.json()


def test_a_turn_that_is_not_there_is_not_found(client: TestClient) -> None:
    reply = client.get("/v1/flywheel/turns/t7")

    assert (reply.status_code, reply.json()["detail"]) == (404, "there is no turn t7")


def test_models_are_listed_promoted_and_taken_back(client: TestClient, world: World) -> None:
    model_id = released(world, 0.4)

    assert [one["id"] for one in client.get("/v1/models").json()["models"]] == [model_id]
    assert client.post(f"/v1/models/{model_id}/promote").json()["serving"] is True
    assert client.post(f"/v1/models/{model_id}/rollback").json()["outcome"] == "rolled_back"


def test_what_an_operator_did_to_a_model_is_in_the_audit_log(client: TestClient, world: World) -> None:
    client.post(f"/v1/models/{released(world, 0.4)}/promote")

    with world.core.database.read() as db:
        assert db.execute(text("SELECT person, act FROM audit")).one() == ("api", "promote")


def test_a_model_that_does_not_serve_cannot_be_taken_back(client: TestClient, world: World) -> None:
    reply = client.post(f"/v1/models/{released(world, 0.4)}/rollback")

    assert (reply.status_code, "does not serve" in reply.json()["detail"]) == (422, True)


@pytest.mark.parametrize("act", ["promote", "rollback"])
def test_a_model_that_is_not_there_is_not_found(client: TestClient, act: str) -> None:
    assert client.post(f"/v1/models/m7/{act}").status_code == 404


def test_a_model_whose_parameters_were_changed_is_refused(client: TestClient, world: World) -> None:
    model_id = released(world, 0.4)
    with world.core.database.begin() as db:
        db.execute(text("""UPDATE "release" SET artefact = '{"alpha": 0.9}'"""))

    assert client.post(f"/v1/models/{model_id}/promote").status_code == 409


def test_before_the_first_report_there_is_none(client: TestClient) -> None:
    reply = client.get("/v1/reports/latest")

    assert (reply.status_code, reply.json()["detail"]) == (404, "no report has been made yet; run a turn")


def test_the_newest_report_is_shown(client: TestClient, world: World) -> None:
    with world.core.database.begin() as db:
        reports.put(db, reports.Report("r1", "2026-W47", MOMENT, {"headline": "Better."}))

    assert client.get("/v1/reports/latest").json() == {"headline": "Better."}


def test_health_is_ready_when_every_part_is(client: TestClient) -> None:
    reply = client.get("/healthz")

    assert (reply.status_code, reply.json()["status"]) == (200, "ready")


def test_health_says_which_part_is_missing(client: TestClient, world: World) -> None:
    world.parts["slack"] = "not connected"
    reply = client.get("/healthz")

    assert (reply.status_code, reply.json()["status"]) == (503, "not ready")
    assert reply.json()["parts"]["slack"] == "not connected"


def test_figures_are_read_at_each_scrape(client: TestClient, helped: World) -> None:
    before = client.get("/metrics").text
    record(helped.core, Signal("k3", "a1", SignalKind.COPY, "U2", MOMENT))

    assert 'flywheel_signals{kind="thumbs_up"} 1.0' in before
    assert 'kind="copy"' not in before
    assert 'flywheel_signals{kind="copy"} 1.0' in client.get("/metrics").text
