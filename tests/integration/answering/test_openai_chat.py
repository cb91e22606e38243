"""The gateway to OpenAI-compatible servers against a real local one that misbehaves."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from flywheel.errors import ModelUnavailable
from flywheel.gateways.openai_chat import OpenAIChat, Patience, Prices
from flywheel.ports import ChatMessage, Usage
from tests.llm_server import Behaviour, Cut, Drip, Flood, Hang, Junk, LlmServer, Refuse, Reply, serving

KEY = "sk-very-secret-key"
ASK = [ChatMessage("user", "How do I connect?")]
IMPATIENT = Patience(first_token=0.8, short_reply=0.9, long_reply=1.2)


def model(server: LlmServer, patience: Patience | None = None) -> OpenAIChat:
    return OpenAIChat("small", KEY, server.base_url, patience, sleep=lambda _: None)


def said(server: LlmServer, patience: Patience | None = None) -> str:
    return "".join(model(server, patience).stream(ASK, max_tokens=500))


def why_not(behaviour: Behaviour) -> str:
    with serving(behaviour) as server, pytest.raises(ModelUnavailable) as refused:
        said(server, IMPATIENT)
    return str(refused.value)


def test_a_reply_arrives_in_pieces() -> None:
    with serving(Reply("Install the client. [1]", piece=5)) as server:
        pieces = list(model(server).stream(ASK, max_tokens=500))

    assert "".join(pieces) == "Install the client. [1]"
    assert len(pieces) == 5


def test_the_request_carries_model_messages_and_limit() -> None:
    with serving(Reply("Yes. [1]")) as server:
        said(server)

    body = server.log[0].body
    assert (body["model"], body["stream"], body["max_tokens"]) == ("small", True, 500)
    assert body["messages"] == [{"role": "user", "content": "How do I connect?"}]


def used(server: LlmServer, prices: Prices | None = None) -> Usage | None:
    """Return what one call took."""
    chat = model(server)
    chat.prices = prices
    reply = chat.stream(ASK, max_tokens=500)
    while True:
        try:
            next(reply)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]  # a generator's value has no type of its own


def test_the_tokens_that_a_server_counts_come_with_the_reply() -> None:
    with serving(Reply("Yes. [1]", usage=(120, 8))) as server:
        assert used(server) == Usage(120, 8, None)


def test_prices_make_tokens_a_cost() -> None:
    with serving(Reply("Yes. [1]", usage=(1_000_000, 500_000))) as server:
        counted = used(server, Prices(0.15, 0.6))
        assert counted is not None
        assert counted.cost == pytest.approx(0.45)


@pytest.mark.parametrize("told", [None, {}, "many", {"prompt_tokens": "12", "completion_tokens": 3}, [1, 2], (-1, 3)])
def test_tokens_that_a_server_does_not_count_are_not_guessed(told: object) -> None:
    with serving(Reply("Yes. [1]", usage=told)) as server:
        assert used(server, Prices(1, 1)) is None


def test_a_server_that_cannot_count_is_asked_without_and_not_again() -> None:
    refusal = Refuse(400, message="Unrecognized request argument supplied: stream_options")
    with serving(refusal, Reply("Yes. [1]")) as server:
        chat = model(server)
        assert ["".join(chat.stream(ASK, max_tokens=9)) for _ in range(2)] == ["Yes. [1]"] * 2

    assert ["stream_options" in one.body for one in server.log] == [True, False, False]


def test_a_local_server_needs_no_key() -> None:
    with serving(Reply("Yes. [1]")) as server:
        assert "".join(OpenAIChat("small", base_url=server.base_url).stream(ASK, max_tokens=9)) == "Yes. [1]"


def test_a_short_rate_limit_is_waited_out_once() -> None:
    waits: list[float] = []
    with serving(Refuse(429, {"retry-after": "2"}), Reply("Yes. [1]")) as server:
        patient = OpenAIChat("small", KEY, server.base_url, sleep=waits.append)
        assert "".join(patient.stream(ASK, max_tokens=500)) == "Yes. [1]"

    assert waits == [2.0]


def test_a_second_rate_limit_is_not_waited_out() -> None:
    assert "429" in why_not(Refuse(429, {"retry-after": "1"}))


@pytest.mark.parametrize("asked", ["60", "soon", ""])
def test_a_long_or_unreadable_rate_limit_fails_at_once(asked: str) -> None:
    with serving(Refuse(429, {"retry-after": asked})) as server, pytest.raises(ModelUnavailable, match="limiting"):
        said(server)

    assert len(server.log) == 1


def test_a_model_that_knows_another_name_for_the_limit_is_asked_again() -> None:
    refusal = Refuse(400, message="Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'.")
    with serving(refusal, Reply("Yes. [1]")) as server:
        assert said(server) == "Yes. [1]"

    assert server.log[1].body["max_completion_tokens"] == 500


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (Refuse(500), "500"),
        (Refuse(401, message=f"Incorrect API key provided: {KEY}"), "refused the key"),
        (Cut(), "cut off"),
        (Junk(), "not a chat reply"),
        (Junk(b"<html>busy</html>"), "empty reply"),
        (Junk(b'data: {"choices": 3}\n\n'), "not a chat reply"),
        (Junk(b"data: [1, 2]\n\n"), "not a chat reply"),
        (Reply(""), "empty reply"),
        (Flood(), "more than 2 MB"),
        (Hang(), "too long"),
        (Drip(), "too long to begin"),
        (Reply("Slowly but surely it comes. [1]", pause=0.3, piece=1), "too long to finish"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_failure_says_why(behaviour: Behaviour, reason: str) -> None:
    assert reason in why_not(behaviour)


@pytest.mark.parametrize("behaviour", [Refuse(401, message=KEY), Refuse(400, message=KEY), Refuse(500, message=KEY)])
def test_the_key_is_never_in_a_message(behaviour: Behaviour) -> None:
    assert KEY not in why_not(behaviour)


def test_an_unreachable_server_is_named_as_such() -> None:
    unreachable = OpenAIChat("small", KEY, "http://127.0.0.1:9/v1", IMPATIENT)
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        list(unreachable.stream(ASK, max_tokens=9))


@pytest.mark.parametrize("behaviour", [Hang(), Drip()])
def test_waiting_ends_in_time(behaviour: Behaviour) -> None:
    began = time.monotonic()
    why_not(behaviour)

    assert time.monotonic() - began < 3.0


def test_nothing_stays_open_after_failures() -> None:
    faults: list[Behaviour] = [Cut(), Junk(), Refuse(500), Reply(""), Reply("Yes. [1]")]
    with serving(Reply("Yes. [1]")) as server:
        said(server)
        before = len(list(Path("/proc/self/fd").iterdir()))
        for fault in faults * 4:
            server.then(fault)
            with suppress(ModelUnavailable):
                said(server)
        settled = _falls_to(before)

    assert settled <= before


def _falls_to(wanted: int) -> int:
    """Return the number of open files once it has fallen so far, or after two seconds: the server closes its ends."""
    for _ in range(40):
        found = len(list(Path("/proc/self/fd").iterdir()))
        if found <= wanted:
            return found
        time.sleep(0.05)
    return found
