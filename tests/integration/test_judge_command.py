"""`flywheel judge` says what it did, or what to set."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands
from flywheel.errors import ConfigurationError
from tests.llm_server import Reply, serving


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLYWHEEL_HOME", str(tmp_path / "home"))
    for name in ("DATABASE_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL", "FLYWHEEL_JUDGES"):
        monkeypatch.delenv(name, raising=False)


def test_without_a_model_it_says_what_to_set() -> None:
    refused = CliRunner().invoke(commands, ["judge"]).exception

    assert isinstance(refused, ConfigurationError)
    assert "OPENAI_BASE_URL" in str(refused)


def test_with_nothing_asked_there_is_nothing_to_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Reply("{}")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        said = CliRunner().invoke(commands, ["judge", "--sample", "5"]).output

    assert "0 answers judged in 0 calls, 0 wait." in said
