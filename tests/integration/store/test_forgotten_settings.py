"""Somebody who is forgotten is on no on-call list, and no setting says that it was theirs."""

import pytest

from flywheel.channels import ChannelSettings
from flywheel.store import channels, people, workspace_settings
from flywheel.store.database import Database
from tests.parts import MOMENT


@pytest.fixture
def settled(database: Database) -> Database:
    """Return a store in which U1 has set things, and is on call."""
    with database.begin() as db:
        channels.put(db, ChannelSettings("C1", persona="As U1 says.", experts=("U1", "U2")), "U1", MOMENT)
        workspace_settings.put(db, "budget.daily_calls", 500, "U1", MOMENT)
    return database


def test_what_they_set_is_theirs_to_have(settled: Database) -> None:
    with settled.read() as db:
        rows = people.everything_of(db, "U1")

    assert [len(rows[name]) for name in ("on_call", "channel_settings", "workspace_settings")] == [1, 1, 1]


def test_forgotten_they_are_named_nowhere(settled: Database) -> None:
    with settled.begin() as db:
        people.forget(db, "U1")

    with settled.read() as db:
        settings, changed = channels.find(db, "C1"), channels.changed(db, "C1")
    assert settings.experts == ("U2",)
    assert "U1" not in f"{settings.persona} {changed}"


def test_what_was_set_stays_in_force(settled: Database) -> None:
    with settled.begin() as db:
        people.forget(db, "U1")

    with settled.read() as db:
        assert workspace_settings.find(db, "budget.daily_calls") == 500
