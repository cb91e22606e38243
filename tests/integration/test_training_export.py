"""The command that writes files for fine-tuning says what it wrote and what is missing."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.commands.training_export import export


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLYWHEEL_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)


def test_an_empty_ledger_writes_empty_files_and_says_how_many_are_needed(tmp_path: Path) -> None:
    done = CliRunner().invoke(export, [str(tmp_path / "out")])

    assert "train.jsonl: 0 conversations" in done.output
    assert "asks for 10 conversations" in done.output
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["card.json", "train.jsonl", "validation.jsonl"]


def test_a_quality_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert CliRunner().invoke(export, [str(tmp_path / "out"), "--least", "perfect"]).exit_code == 2
