"""The door of the audit log: the newest acts, and pages of older ones; and the same in the terminal."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from bot.cli import commands
from flywheel.store import audit
from tests.integration.doors.conftest import World
from tests.parts import MOMENT, migrated_sqlite


@pytest.fixture
def acted(world: World) -> World:
    """Return a world in which three things were decided."""
    with world.core.database.begin() as db:
        for number in (1, 2, 3):
            audit.put(db, "U9", "budget", f"number {number}", MOMENT)
    return world


def test_the_newest_comes_first(client: TestClient, acted: World) -> None:
    acts = client.get("/v1/audit").json()["acts"]

    assert [one["subject"] for one in acts] == ["number 3", "number 2", "number 1"]


def test_a_page_leads_to_the_next(client: TestClient, acted: World) -> None:
    first = client.get("/v1/audit", params={"limit": 2}).json()

    rest = client.get("/v1/audit", params={"before": first["older"]}).json()

    assert ([one["subject"] for one in rest["acts"]], rest["older"]) == (["number 1"], None)


def test_a_page_of_nothing_is_refused(client: TestClient, acted: World) -> None:
    assert client.get("/v1/audit", params={"limit": 0}).status_code == 422


def test_the_terminal_lists_them_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLYWHEEL_HOME", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = migrated_sqlite(tmp_path, "flywheel.db")
    with database.begin() as db:
        audit.put(db, "U9", "budget", "calls a day: 500", MOMENT)
    database.close()

    assert "U9" in CliRunner().invoke(commands, ["audit"]).output
