"""A small company, indexed once, with real SQLite and real indexes; only the encoder is a fake."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from flywheel.core import Core
from flywheel.gateways.exact_scan import ExactScan
from flywheel.gateways.openai_chat import OpenAIChat, Patience
from flywheel.gateways.tantivy_index import TantivyIndex
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.ports import Reach, Standing
from flywheel.store.database import Database
from tests.llm_server import LlmServer
from tests.unit.answering.made import WordEncoder

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
VPN = """---
title: VPN
owner: U_SANNE
updated_at: 2026-03-30
---
# VPN

The VPN uses the profile Harbour-2. VPN sessions end after 12 hours.

## Connect

To connect to the VPN:

1. Install WireGuard.
2. Download the profile Harbour-2.
3. Import the file.
"""
MEALS = """---
title: Meals
updated_at: 2026-02-16
---
# Meals

Meals while travelling in Canada cost up to CAD 75 per day.

Meals while travelling in Norway cost up to NOK 620 per day.
"""
OLD_MEALS = """---
title: Meals (2024 rules)
updated_at: 2024-03-04
---
# Meals

Meals while travelling in Canada cost up to CAD 55 per day.
"""
SALARIES = """---
title: Salary bands
owner: U_HUGO
---
# Salary bands

The salary band E4 ends at CAD 118,000.
"""
PAGES = {
    "vpn.md": VPN,
    "meals.md": MEALS,
    "meals-2024.md": OLD_MEALS,
    "finance/salaries.md": SALARIES,
    "finance/.flywheel.yml": "access: [channel:C_FIN]\n",
}


class Nobody:
    """A directory in which nobody is in a channel."""

    def channels_of(self, person: str) -> frozenset[str]:
        return frozenset()

    def members_of(self, channel: str) -> frozenset[str] | None:
        return None

    def standing_of(self, person: str) -> Standing:
        return Standing.UNKNOWN

    def reach_of(self, channel: str) -> Reach:
        return Reach.COMPANY


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    home = tmp_path_factory.mktemp("answering")
    for name, text in PAGES.items():
        page = home / "pages" / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, encoding="utf-8")
    core = new_core(home)
    ingest(core, [home / "pages"], None, Silence())
    yield core
    core.database.close()


@pytest.fixture
def core(indexed: Core) -> Core:
    """Return the company without a language model; tests ask under ids of their own."""
    return indexed


def new_core(home: Path) -> Core:
    """Return a core on an empty database in a folder."""
    database = Database(f"sqlite:///{home / 'flywheel.db'}")
    database.migrate()
    encoder = WordEncoder()
    return Core(
        database=database,
        encoder=encoder,
        vectors=ExactScan(database, encoder.name, encoder.dimensions),
        words=TantivyIndex(database),
        directory=Nobody(),
        language_model=None,
        now=lambda: NOW,
        rng=Random(1),
        admins=frozenset({"U_ADMIN"}),
    )


def with_model(core: Core, server: LlmServer, patience: Patience | None = None) -> Core:
    """Return the same core with a language model."""
    return replace(core, language_model=OpenAIChat("small", "sk-secret", server.base_url, patience, lambda _: None))
