"""The door of signals: what is recorded, what is refused, what is recorded once."""

import pytest
from starlette.testclient import TestClient

from flywheel.model import Correction, Signal, SignalKind
from flywheel.signals.votes import votes
from flywheel.store import corrections, signals
from tests.integration.doors.conftest import World
from tests.parts import answered

VOTE = {"request_id": "a1", "signal_type": "thumbs_up", "user_id": "U2"}


@pytest.fixture(autouse=True)
def _answer(world: World) -> None:
    """Store an answer "a1" whose shortlist holds the second passage of vpn.md."""
    answered(world.core, "a1", cites=["vpn.md:1"])


def recorded(world: World) -> list[Signal]:
    with world.core.database.read() as db:
        return signals.of_answer(db, "a1")


def suggested(world: World) -> list[Correction]:
    with world.core.database.read() as db:
        return corrections.every(db)


def test_a_vote_counts(client: TestClient, world: World) -> None:
    assert client.post("/v1/feedback", json=VOTE).json() == {"status": "recorded", "request_id": "a1"}
    assert votes(world.core, "a1") == {"U2": True}


@pytest.mark.parametrize("kind", ["thumbs_up", "thumbs_down", "regenerate", "copy", "follow_up", "abandon", "escalate"])
def test_signals_about_the_whole_answer_need_nothing_more(client: TestClient, world: World, kind: str) -> None:
    assert client.post("/v1/feedback", json=VOTE | {"signal_type": kind}).status_code == 200
    assert [one.kind for one in recorded(world)] == [SignalKind(kind)]


@pytest.mark.parametrize("kind", ["citation_up", "citation_down", "citation_click", "more_like_this"])
def test_signals_about_a_source_name_its_passage(client: TestClient, world: World, kind: str) -> None:
    body = VOTE | {"signal_type": kind, "metadata": {"external_id": "vpn.md"}}

    assert client.post("/v1/feedback", json=body).status_code == 200
    assert recorded(world)[0].detail == {"passage_id": "vpn.md:1", "external_id": "vpn.md"}


def test_a_source_beyond_the_shortlist_is_known_by_its_first_passage(client: TestClient, world: World) -> None:
    client.post("/v1/feedback", json=VOTE | {"signal_type": "citation_up", "metadata": {"external_id": "lunch.md"}})

    assert recorded(world)[0].detail["passage_id"] == "lunch.md:0"


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"request_id": "a7"}, 404, "there is no answer with request_id a7"),
        ({"signal_type": "applause"}, 422, "signal_type: Input should be"),
        ({"signal_type": "edit"}, 422, "edit needs user_correction"),
        ({"signal_type": "reroute"}, 422, "reroute needs metadata.retriever"),
        ({"signal_type": "citation_up"}, 422, "citation_up needs metadata.external_id or metadata.passage_id"),
        ({"signal_type": "citation_up", "metadata": {"passage_id": "p7"}}, 422, "no passage is known as p7"),
        ({"metadata": {"retriever": "oracle"}}, 422, "metadata.retriever: Input should be"),
        ({"metadata": {"reason": "mood"}}, 422, "metadata.reason: Input should be"),
        ({"metadata": {str(n): n for n in range(21)}}, 422, "20 further entries"),
        ({"metadata": {"x": "y" * 2_001}}, 422, "2,000 characters"),
        ({"user_correction": "x" * 3_001}, 422, "3000 are allowed"),
        ({"user_query": "a\x00"}, 422, "user_query: must not contain the NUL character"),
    ],
)
def test_what_is_refused_says_why_and_leaves_nothing(
    client: TestClient, world: World, change: dict[str, object], status: int, sentence: str
) -> None:
    reply = client.post("/v1/feedback", json=VOTE | change)

    assert (reply.status_code, sentence in reply.json()["detail"]) == (status, True)
    assert (recorded(world), suggested(world)) == ([], [])


def test_an_edit_is_a_suggestion_and_one_signal(client: TestClient, world: World) -> None:
    client.post("/v1/feedback", json=VOTE | {"signal_type": "edit", "user_correction": "Use client 5."})

    assert [one.text for one in suggested(world)] == ["Use client 5."]
    assert [one.kind for one in recorded(world)] == [SignalKind.EDIT]


def test_a_vote_with_a_correction_is_both(client: TestClient, world: World) -> None:
    client.post("/v1/feedback", json=VOTE | {"signal_type": "thumbs_down", "user_correction": "Use client 5."})

    assert {one.kind for one in recorded(world)} == {SignalKind.EDIT, SignalKind.THUMBS_DOWN}


def test_the_same_idempotency_key_is_stored_once(client: TestClient, world: World) -> None:
    body = VOTE | {"signal_type": "thumbs_down", "user_correction": "Use client 5."}
    for _ in range(2):
        reply = client.post("/v1/feedback", json=body, headers={"Idempotency-Key": "k1"})

    assert reply.status_code == 200
    assert (len(recorded(world)), len(suggested(world))) == (2, 1)


def test_without_a_key_every_call_is_an_act(client: TestClient, world: World) -> None:
    for _ in range(2):
        client.post("/v1/feedback", json=VOTE | {"signal_type": "copy"})

    assert len(recorded(world)) == 2


def test_reasons_retrievers_and_further_entries_are_kept(client: TestClient, world: World) -> None:
    metadata = {"reason": "outdated", "retriever": "answers", "app": "intranet", "nested": {"a": [1]}}
    client.post("/v1/feedback", json=VOTE | {"signal_type": "reroute", "metadata": metadata, "user_query": "Why?"})

    assert recorded(world)[0].detail == {
        "reason": "outdated", "retriever": "answers", "app": "intranet", "nested": "{'a': [1]}", "user_query": "Why?",
    }  # fmt: skip


@pytest.mark.parametrize("raw", [b'{"\\u0000": "\\u0000"}', b'{"x": "\\udfff"}', b'{"x": ["\\ud800", "\\u0000"]}'])
def test_further_entries_that_no_database_holds_are_mended(client: TestClient, world: World, raw: bytes) -> None:
    body = b'{"request_id": "a1", "signal_type": "copy", "user_id": "U2", "metadata": ' + raw + b"}"
    reply = client.post("/v1/feedback", content=body, headers={"Content-Type": "application/json"})

    assert reply.status_code == 200
    assert "\x00" not in str(recorded(world)[0].detail)


def test_deep_further_entries_are_refused(client: TestClient) -> None:
    deep = b'{"x": ' + b"[" * 900 + b"]" * 900 + b"}"
    body = b'{"request_id": "a1", "signal_type": "copy", "user_id": "U2", "metadata": ' + deep + b"}"

    reply = client.post("/v1/feedback", content=body, headers={"Content-Type": "application/json"})

    assert reply.status_code in {200, 400, 422}
