"""`flywheel experiments` in the terminal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands
from flywheel.store.database import Database
from tests.parts import migrated_sqlite


@pytest.fixture(autouse=True)
def _database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Give the commands a store."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLYWHEEL_HOME", str(home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    opened = migrated_sqlite(home, "flywheel.db")
    yield opened
    opened.close()


def run(*arguments: str) -> str:
    return CliRunner().invoke(commands, ["experiments", *arguments]).output


def drafted() -> str:
    """Write an experiment down and return its id."""
    told = run("draft", "question_moment", "always", "end", "--hypothesis", "Asked late, people answer more often.")
    return told.split()[0]


def test_a_draft_says_how_many_exposures_it_needs() -> None:
    told = run("draft", "question_moment", "always", "end", "--hypothesis", "Asked late, people answer more often.")

    assert "exposures (nothing known, so the worst assumed" in told


def test_it_runs_is_looked_at_and_stopped() -> None:
    made = drafted()

    assert run("start", made) == f"{made} runs.\n"
    assert "nothing to compare B with A by yet" in run("show", made)
    assert "Stopped early." in run("stop", made)
    assert f"{made}  stopped" in run("list")


def test_an_arm_is_adopted_by_name() -> None:
    made = drafted()
    run("start", made)
    run("stop", made)

    assert run("adopt", made, "--arm", "B") == "Everybody sees arm B: end\n"


def test_an_aim_without_a_share_is_refused() -> None:
    told = run("draft", "question_moment", "always", "end", "--hypothesis", "x", "--aim", "feedback_rate")

    assert "write it as metric:share" in told
