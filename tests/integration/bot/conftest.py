"""A core that knows a little, and a workspace with the bot in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Bot
from flywheel.core import Core
from tests.integration.bot.world import People, utc_now, workplace
from tests.parts import know, make_core


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = make_core(tmp_path, now=utc_now, admins=frozenset({"U1"}))
    know(core, "vpn.md", "To get on the VPN, install the Office-2 profile from the self service portal.", owner="U3")
    know(core, "lunch.md", "Lunch is served in the canteen from 12:00 to 13:30 on the second floor.")
    know(core, "salary.md", "The salary band of level 5 is ninety thousand euros.", access=("channel:C3",))
    yield core
    core.database.close()


@pytest.fixture
def place(core: Core) -> Iterator[tuple[People, Bot]]:
    with workplace(core) as (people, bot):
        yield people, bot


@pytest.fixture
def people(place: tuple[People, Bot]) -> People:
    return place[0]


@pytest.fixture
def bot(place: tuple[People, Bot]) -> Bot:
    return place[1]
