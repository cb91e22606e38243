"""Documents to ask about, and a workplace for each way Slack can reach the bot."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.simulator.install import Transport
from tests.acceptance.workplace import Workplace, working

HANDBOOK = """---
title: VPN handbook
owner: U3
updated_at: 2026-09-01
---
# VPN handbook

## Getting on the VPN

Install WireGuard from the self-service portal. Import the profile named Harbour-2 and sign in with your work account.

## Support

Write to the network team when the VPN drops. They answer within four working hours.
"""
TRAVEL = """---
title: Travel policy
owner: U3
updated_at: 2026-08-15
---
# Travel policy

## Meals

The daily meal allowance is 75 euros. Keep every receipt and hand them in within thirty days.

## Trains

Trains under five hours are booked in second class.
"""
SALARIES = """---
title: Salary bands
---
# Salary bands

Engineers in band E2 earn between 61,000 and 74,000 euros a year.
"""


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A handbook and a travel policy for everybody, salary bands for #finance (C3) alone."""
    folder = tmp_path_factory.mktemp("documents")
    (folder / "vpn.md").write_text(HANDBOOK, encoding="utf-8")
    (folder / "travel.md").write_text(TRAVEL, encoding="utf-8")
    (folder / "finance").mkdir()
    (folder / "finance" / ".flywheel.yml").write_text("access: [channel:C3]\nowner: U3\n", encoding="utf-8")
    (folder / "finance" / "salaries.md").write_text(SALARIES, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=[Transport.HTTP, Transport.SOCKET], ids=["http", "socket"])
def workplace(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, documents: Path
) -> Iterator[Workplace]:
    """The bot in a workspace, over HTTP and over Socket Mode."""
    with working(tmp_path_factory.mktemp("home"), documents, request.param) as place:
        yield place
