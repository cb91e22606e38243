"""`flywheel models` in the terminal: what serves whom, and the acts; a roll-back takes less than a second."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands
from flywheel.learning import release
from flywheel.learning.gate import Decision
from flywheel.registry import Outcome, Release
from flywheel.store import releases
from flywheel.store.database import Database
from tests.parts import MOMENT, migrated_sqlite


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Return the store that the commands open."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLYWHEEL_HOME", str(home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    opened = migrated_sqlite(home, "flywheel.db")
    yield opened
    opened.close()


def settled(database: Database, alpha: float, decision: Decision) -> str:
    artefact = {"alpha": alpha}
    one = releases.identity("fusion", artefact)
    told = {"reason": f"It gains {alpha}."}
    made = Release(one, "fusion", artefact, told, "s", MOMENT, Outcome.HELD, serving=False)
    with database.begin() as db:
        return release.settle(db, made, None, MOMENT, decision).id


def run(*arguments: str) -> str:
    return CliRunner().invoke(commands, ["models", *arguments]).output


def test_the_list_says_whom_each_model_serves_and_why(database: Database) -> None:
    champion, canary = settled(database, 0.4, Decision.RELEASED), settled(database, 0.5, Decision.PROVISIONAL)

    listed = run("list").splitlines()

    assert [line.split()[0] for line in listed[::2]] == [canary, champion]
    assert "a canary, it serves 50 % of people" in listed[0]
    assert "It gains 0.5." in listed[1]


def test_a_canary_is_held_and_promoted(database: Database) -> None:
    canary = settled(database, 0.5, Decision.PROVISIONAL)

    assert "is held" in run("hold", canary)
    assert "serves everybody" in run("promote", canary)


def test_a_model_is_rolled_back(database: Database) -> None:
    champion = settled(database, 0.5, Decision.RELEASED)

    assert "no longer serves" in run("rollback", champion)
    with database.read() as db:
        assert releases.serving_id(db, "fusion") is None


def test_the_roll_back_of_the_command_takes_less_than_a_second(database: Database) -> None:
    champion = settled(database, 0.5, Decision.RELEASED)
    began = time.perf_counter()
    release.roll_back(release.Bare(database, lambda: MOMENT), champion, "terminal:ana")

    assert time.perf_counter() - began < 1.0
