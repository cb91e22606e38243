"""The HTTP application over a real store, spoken to as a client would."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.api import Serving, create_api
from bot.gauges import registry
from flywheel.core import Core
from flywheel.store.database import Database
from tests.parts import FixedDirectory, know, make_core

TOKEN = "the-token"
ADMIN = "U9"


@dataclass(slots=True)
class World:
    """What an application is given, to look at afterwards: the core, the turns it started, how its parts are."""

    core: Core
    started: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=lambda: {"store": "ok", "knowledge": "ok: 3 passages"})

    def serving(self) -> Serving:
        """Return what the application serves."""
        return Serving(self.core, TOKEN, self.started.append, lambda: self.parts, registry=registry(self.core))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Return a world on SQLite of two public documents and one for channel C1, of which U1 is a member."""
    made = made_world(tmp_path)
    yield made
    made.core.database.close()


def made_world(tmp_path: Path, database: Database | None = None) -> World:
    """Make such a world on a migrated database, or on a SQLite of its own."""
    directory = FixedDirectory({"U1": frozenset({"C1"})})
    core = make_core(tmp_path, admins=frozenset({ADMIN}), directory=directory, database=database)
    know(core, "vpn.md", "Connect to the VPN with the new client.", "The VPN client is in the software portal.")
    know(core, "lunch.md", "Lunch is served from noon until two in the canteen.")
    know(core, "pay.md", "Pay day is the 25th of each month.", access=["channel:C1"])
    return World(core)


@pytest.fixture
def client(world: World) -> TestClient:
    """Return a client of this world."""
    return client_of(world)


def client_of(world: World) -> TestClient:
    """Return a client that sends the token; an exception in the application is raised in the test."""
    return TestClient(create_api(world.serving()), headers={"Authorization": f"Bearer {TOKEN}"})
