"""`flywheel thresholds` in the terminal: every decision with a reason."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import commands
from flywheel.store import thresholds as stored
from flywheel.store.database import Database
from flywheel.store.thresholds import Bound, Threshold, ThresholdState
from tests.parts import MOMENT, migrated_sqlite


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Return the store that the commands open, in which one threshold is proposed."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLYWHEEL_HOME", str(home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    opened = migrated_sqlite(home, "flywheel.db")
    proposal = Threshold(
        "answered_share", "all", Bound.AT_LEAST, 0.5, ThresholdState.PROPOSED, "flywheel", "So.", MOMENT
    )
    with opened.begin() as db:
        stored.put(db, proposal)
    yield opened
    opened.close()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["thresholds", *arguments])


def test_what_is_proposed_is_listed(database: Database) -> None:
    assert "proposed   Answered at least 50 %" in run("list").output


def test_a_proposal_is_confirmed_with_a_reason(database: Database) -> None:
    run("confirm", "1", "--reason", "as agreed", "--value", "0.4")

    assert "confirmed  Answered at least 40 %" in run("list").output


def test_a_proposal_is_rejected(database: Database) -> None:
    run("reject", "1", "--reason", "too low")

    assert "No threshold is in force or proposed" in run("list").output


def test_a_value_is_set_and_retired(database: Database) -> None:
    run("set", "satisfaction", "0.7", "--segment", "route:code", "--reason", "as agreed")
    assert "Satisfied (route code) at least 70 %" in run("list").output

    run("retire", "satisfaction", "--segment", "route:code", "--reason", "no more")
    assert "Satisfied" not in run("list").output


def test_a_reason_is_asked_for(database: Database) -> None:
    assert "--reason" in run("confirm", "1").output


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30])
def test_a_number_that_no_proposal_has_is_refused_before_the_store_is_asked(database: Database, number: str) -> None:
    refused = run("confirm", "--reason", "so", "--", number)

    assert (refused.exit_code, "Invalid value" in refused.output) == (2, True)
