"""`flywheel records` in the terminal, and what is measured without anybody asking: after indexing, every hour."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import commands
from bot.first_router import train_aside
from bot.turning import TurnStarter, remeasured_when_due
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.measurement import baseline, system
from flywheel.model import PUBLIC
from flywheel.registry import Record
from flywheel.store import records
from flywheel.store.database import Database
from flywheel.store.records import Wanted
from flywheel.wiring import close_core, open_core
from tests.integration.test_first_router import plan_of
from tests.parts import MOMENT, migrated_sqlite

BEFORE = Record(
    MOMENT, "ndcg_at_10", 0.5, 20, 0.4, 0.6, dataset="frozen", dataset_hash="h",
    scores=(0.4, 0.6) * 10, persons=tuple(range(20)),
)  # fmt: skip
AFTER = replace(
    BEFORE, at=MOMENT + timedelta(hours=1), value=0.6, scores=(0.5, 0.7) * 10, change="router 3fa promoted by U9"
)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """Return the store that the commands open, with two measurements of the same questions."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLYWHEEL_HOME", str(home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    opened = migrated_sqlite(home, "flywheel.db")
    with opened.begin() as db:
        records.put(db, [BEFORE, AFTER, Record(MOMENT, "questions", 7.0, 7, dataset="2026-W47")])
    yield opened
    opened.close()


def run(*arguments: str) -> str:
    return CliRunner().invoke(commands, ["records", *arguments]).output


def test_the_log_is_shown_oldest_first_with_what_changed(database: Database) -> None:
    first, second = run("--metric", "ndcg_at_10").splitlines()

    assert "0.5000 [0.4000, 0.6000]" in first
    assert second.endswith("router 3fa promoted by U9")


def test_a_script_reads_it_as_json(database: Database) -> None:
    told = json.loads(run("--json", "--since", "2026-11-18T10:00:00"))

    assert [(one["value"], one["change"]) for one in told] == [(0.6, "router 3fa promoted by U9")]


def test_a_trend_shows_the_gain_and_its_cause(database: Database) -> None:
    [line] = run("--trend", "--metric", "ndcg_at_10").splitlines()

    assert line.split()[1] == "gain"
    assert "paired" in line
    assert line.endswith("router 3fa promoted by U9")


def test_the_catalogue_is_listed(database: Database) -> None:
    assert any(line.startswith("people_silent ") for line in run("--catalogue").splitlines())


def test_an_unknown_metric_is_an_error(database: Database) -> None:
    result = CliRunner().invoke(commands, ["records", "--metric", "wisdom"])

    assert "there is no metric 'wisdom'" in str(result.exception)


def test_nothing_recorded_says_so(database: Database) -> None:
    assert "Nothing is recorded" in run("--segment", "route:code")


class Started(TurnStarter):
    """A starter that counts instead of starting."""

    def __init__(self) -> None:
        """Count from nothing."""
        super().__init__()
        self.count = 0

    def remeasure(self) -> None:
        """Count."""
        self.count += 1


def test_a_finished_indexing_is_measured_and_the_hour_has_nothing_left_to_do(tmp_path: Path) -> None:
    plan, started = plan_of(tmp_path), Started()
    train_aside(plan)
    core = open_core(plan)
    remeasured_when_due(core, started)()

    with core.database.read() as db:
        [found] = records.matching(db, Wanted(metric=baseline.ANCHOR, segment="all"))
    close_core(core)
    assert (found.dataset, found.change, found.versions) == ("synthetic", "first measurement", system.versions(core))
    assert started.count == 0


def test_the_hour_measures_what_changed_since(tmp_path: Path) -> None:
    plan, started = plan_of(tmp_path), Started()
    train_aside(plan)
    core = open_core(plan)
    (tmp_path / "docs" / "new.md").write_text("# Lunch\n\nLunch is served at noon.\n", encoding="utf-8")
    ingest(core, [tmp_path / "docs"], frozenset({PUBLIC}), Silence())

    remeasured_when_due(core, started)()

    close_core(core)
    assert started.count == 1
