"""With a language model: it writes, its sources are checked, and when it fails the documents are quoted instead."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance.workplace import clean_environment, flywheel, free_port, process
from tests.llm_server import Cut, LlmServer, Refuse, Reply, serving

QUESTION = {"question": "How do I get on the VPN?", "user_id": "U2"}


@pytest.fixture(scope="module")
def model() -> Iterator[LlmServer]:
    with serving(Refuse(500)) as server:
        yield server


@pytest.fixture(scope="module")
def doors(model: LlmServer, documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    port = free_port()
    variables = {"OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "local", "PORT": str(port)}
    environment = clean_environment(tmp_path_factory.mktemp("home"), **variables)
    flywheel(environment, "index", str(documents))
    with process(environment, port) as client:
        yield client


def test_the_model_writes_and_its_sources_are_shown(model: LlmServer, doors: httpx.Client) -> None:
    model.then(Reply("Import the profile Harbour-2 with WireGuard [1]. See [this](https://evil.example)."))

    answer = ask(doors)

    assert "Import the profile Harbour-2" in answer["answer"]
    assert "evil.example" not in answer["answer"]
    assert answer["citations"][0]["external_id"] == "vpn.md"


@pytest.mark.parametrize("failure", [Refuse(500), Refuse(429, {"retry-after": "60"}), Cut("Import the")], ids=repr)
def test_when_it_fails_the_documents_are_quoted(model: LlmServer, doors: httpx.Client, failure: Any) -> None:
    model.then(failure)

    answer = ask(doors)

    assert "Import the profile named Harbour-2" in answer["answer"]
    assert answer["versions"]["writer"] == "extractive"


def test_a_source_that_was_not_shown_is_not_believed(model: LlmServer, doors: httpx.Client) -> None:
    model.then(Reply("The VPN was abolished in 2020 [17]."))

    assert "abolished" not in ask(doors)["answer"]


def ask(doors: httpx.Client) -> dict[str, Any]:
    reply = doors.post("/v1/ask", json=QUESTION)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())
