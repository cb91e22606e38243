"""The commands say what they did, also when there was nothing to do."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands
from bot.demo import Demo, saved_settings
from bot.settings import Settings
from flywheel.errors import ConfigurationError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLYWHEEL_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("PORT", "0")
    return tmp_path / "home"


def test_listing_no_models_says_what_serves(home: Path) -> None:
    assert "built-in models serve" in CliRunner().invoke(commands, ["models", "list"]).output


def test_forgetting_somebody_unknown_says_so(home: Path) -> None:
    said = CliRunner().invoke(commands, ["forget", "U9", "--yes"]).output

    assert "Nothing was stored about U9." in said


@pytest.mark.parametrize("command", [["ask", "why?"], ["models", "list"], ["export", "U1"], ["turn"]])
def test_a_command_on_the_demo_asks_for_a_demo_first(home: Path, command: list[str]) -> None:
    refused = CliRunner().invoke(commands, [*command, "--demo"]).exception

    assert isinstance(refused, ConfigurationError)


def test_a_demo_in_a_folder_that_cannot_be_made_says_which(home: Path) -> None:
    home.write_text("a file, not a folder", encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"FLYWHEEL_HOME: .*home"):
        Demo(Settings.read(), None).serve()


def test_a_demo_of_your_own_folder_keeps_its_data_apart(home: Path, tmp_path: Path) -> None:
    company = Demo(Settings.read(), None).settings("http://127.0.0.1:1", [])
    own = Demo(Settings.read(), tmp_path).settings("http://127.0.0.1:1", [])

    assert own.database != company.database


def test_commands_work_on_the_demo_that_was_started_last(home: Path, tmp_path: Path) -> None:
    Demo(Settings.read(), None).settings("http://127.0.0.1:1", [])
    own = Demo(Settings.read(), tmp_path).settings("http://127.0.0.1:2", [])

    assert saved_settings(Settings.read()) == own
