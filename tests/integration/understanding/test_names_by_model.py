"""Topics named by a language model: only what may be quoted is shown to it, once, and words stand where it fails."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from flywheel.gateways.openai_chat import OpenAIChat
from flywheel.store import topic_labels, unlearning
from tests.integration.understanding.world import MONDAY, SECRET, VPN, World
from tests.llm_server import LlmServer, Refuse, Reply, serving
from tests.parts import make_core


@pytest.fixture
def server() -> Iterator[LlmServer]:
    """Return a model that calls every topic the same."""
    with serving(Reply("remote access set-up")) as running:
        yield running


@pytest.fixture
def world(tmp_path: Path, server: LlmServer) -> Iterator[World]:
    """Return a company with that model."""
    core = make_core(tmp_path)
    yield World(replace(core, language_model=OpenAIChat("model", base_url=server.base_url)))
    core.database.close()


def test_the_model_s_name_stands_in_the_report(world: World) -> None:
    world.ask(VPN, 14)

    assert "“remote access set-up”: 14 questions" in " ".join(line.text for line in world.told().topics.lines)


def test_the_same_questions_are_named_once(world: World, server: LlmServer) -> None:
    world.ask(VPN, 14)

    world.told()
    world.told()

    assert len(server.log) == 1


def test_a_model_that_fails_leaves_the_words(world: World, server: LlmServer) -> None:
    server.then(Refuse(400))
    world.ask(VPN, 14)

    assert "“vpn client install laptop”" in " ".join(line.text for line in world.told().topics.lines)


@pytest.mark.parametrize(
    "reply", ["It is about <https://evil.example|remote access>.", "x " * 40, "*", "one\ntwo three four five six seven"]
)
def test_a_reply_that_is_no_name_leaves_the_words(world: World, server: LlmServer, reply: str) -> None:
    server.then(Reply(reply))
    world.ask(VPN, 14)

    assert "“vpn client install laptop”" in " ".join(line.text for line in world.told().topics.lines)


def test_no_private_question_is_shown_to_the_model(world: World, server: LlmServer) -> None:
    world.ask(VPN, 14)
    world.ask(SECRET, 14, readers={"public", "channel:C9"}, channel="C9")

    world.told()

    assert not any("layoffs" in str(request.body) for request in server.log)


def test_names_go_when_somebody_is_forgotten(world: World) -> None:
    world.ask(VPN, 14)
    world.told()

    with world.core.database.begin() as db:
        unlearning.take_back(db, MONDAY)

    with world.core.database.read() as db:
        assert topic_labels.read(db) == {}
