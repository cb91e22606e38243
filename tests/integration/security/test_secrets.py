"""Tokens, keys and passwords stay where they were put: no log, error, check-up or metric repeats them."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from bot.api import Serving, create_api
from bot.commands.doctor import doctor
from bot.gauges import registry
from bot.identity import whoami
from bot.outbox import slack_client
from bot.settings import Settings
from flywheel.core import Core
from flywheel.errors import ConfigurationError, ModelUnavailable
from flywheel.gateways.openai_chat import OpenAIChat
from flywheel.ports import ChatMessage
from flywheel.store.database import Database
from tests.llm_server import Behaviour, Cut, Junk, LlmServer, Refuse, serving
from tests.parts import make_core

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-canary-bot",
    "SLACK_APP_TOKEN": "xapp-canary-app",
    "SLACK_SIGNING_SECRET": "canary-signing",
    "OPENAI_API_KEY": "sk-canary-key",
    "FLYWHEEL_API_TOKEN": "canary-api-token",
}
NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    made = make_core(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def gossip() -> Iterator[LlmServer]:
    """A server that refuses and quotes the key it was sent."""
    with serving(Refuse(401, message=f"the key {SECRETS['OPENAI_API_KEY']} is wrong")) as server:
        yield server


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gossip: LlmServer) -> None:
    monkeypatch.chdir(tmp_path)
    others = {"FLYWHEEL_HOME": str(tmp_path), "SLACK_API_URL": NOWHERE, "OPENAI_BASE_URL": gossip.base_url}
    for name, value in {**SECRETS, **others}.items():
        monkeypatch.setenv(name, value)


def told(*texts: object) -> list[str]:
    """Return the secrets that stand in texts."""
    return [name for name, value in SECRETS.items() if any(value in str(one) for one in texts)]


@pytest.mark.usefixtures("environment")
def test_doctor_names_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    shown = CliRunner().invoke(doctor).output

    assert "SLACK_BOT_TOKEN" in shown or "Slack token" in shown
    assert told(shown, caplog.text) == []


@pytest.mark.usefixtures("environment")
def test_doctor_keeps_the_password_of_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:canary-password@127.0.0.1:9/flywheel")
    result = CliRunner().invoke(doctor)

    assert "canary-password" not in result.output + repr(result.exception)
    assert "FIX  database" in result.output


@pytest.mark.parametrize(
    "url", ["postgresql://bot:canary-password@host:port/x", "nonsense://bot:canary-password@x/y", "canary-password"]
)
def test_a_malformed_database_address_is_not_repeated(url: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        Database(url)

    assert "canary-password" not in str(refusal.value)


@pytest.mark.usefixtures("environment")
def test_settings_do_not_show_their_secrets() -> None:
    assert told(repr(Settings.read()), str(Settings.read())) == []


def test_a_bad_value_of_another_variable_shows_no_secret(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "many")
    with pytest.raises(ConfigurationError) as refusal:
        Settings.read()

    assert told(refusal.value) == []


def test_slack_that_cannot_be_reached_is_named_without_the_token() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        whoami(slack_client(SECRETS["SLACK_BOT_TOKEN"], NOWHERE, timeout_seconds=1))

    assert told(refusal.value) == []


@pytest.mark.parametrize(
    "behaviour",
    [Refuse(status, message="sk-canary-key") for status in (400, 401, 403, 429, 500)] + [Cut(), Junk()],
    ids=str,
)
def test_a_model_that_fails_is_reported_without_its_key(behaviour: Behaviour, caplog: pytest.LogCaptureFixture) -> None:
    with serving(behaviour) as server, pytest.raises(ModelUnavailable) as failure:
        list(
            OpenAIChat("m", SECRETS["OPENAI_API_KEY"], server.base_url).stream([ChatMessage("user", "x")], max_tokens=5)
        )

    assert told(failure.value, caplog.text) == []


def test_the_doors_that_need_no_token_tell_none(core: Core) -> None:
    client = TestClient(create_api(serving_of(core)))
    shown = [client.get(path).text for path in ("/healthz", "/metrics", "/openapi.json", "/docs", "/v1/models")]

    assert told(*shown) == []


def test_a_wrong_token_is_not_answered_with_the_right_one(core: Core, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = TestClient(create_api(serving_of(core)))
    reply = client.get("/v1/models", headers={"Authorization": "Bearer canary-api-tokem"})

    assert (reply.status_code, told(reply.text, reply.headers, caplog.text)) == (401, [])


def test_an_error_of_the_database_does_not_quote_what_was_to_be_stored(core: Core) -> None:
    with pytest.raises(Exception, match="no such table") as failure, core.database.begin() as db:
        db.connection().exec_driver_sql("INSERT INTO nowhere VALUES (?)", ("the canary text",))

    assert "canary" not in str(failure.value)


def serving_of(core: Core) -> Serving:
    parts = {"store": "ok"}
    return Serving(core, SECRETS["FLYWHEEL_API_TOKEN"], lambda _: None, lambda: parts, registry=registry(core))
