"""A report can be computed again: by the product, later, from a longer ledger; and by a script that shares no code."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from flywheel.core import Core
from flywheel.measurement.edition import monthly
from flywheel.measurement.report import again, report
from flywheel.measurement.turn import queue, turn
from flywheel.store import reports
from flywheel.store.database import Database
from flywheel.store.reports import Report
from tests.integration.measurement.busy import late, lived
from tests.parts import StoppedClock, make_core, migrated_sqlite
from tests.support.recompute_report import check

CHANNEL = "C1"


@pytest.fixture(scope="module")
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory, clock: StoppedClock) -> Iterator[Core]:
    """Twelve busy weeks, with reports of the last week and of the month before it, and then another day."""
    folder: Path = tmp_path_factory.mktemp("busy")
    database = migrated_sqlite(folder)
    core = make_core(folder, database=database, now=clock, admins=frozenset({"U9"}))
    lived(core, clock)
    turn(core, queue(core, "test"), CHANNEL)
    report(core, CHANNEL)
    report(core, CHANNEL, monthly(clock.at, "2026-10"))
    late(core, clock)
    yield core
    database.close()


def stored(core: Core, kind: str = "") -> list[Report]:
    """Return the reports, as they stand in the database."""
    with core.database.read() as db:
        names = [name for _, name in reports.periods(db)]
        found = [one for name in names if (one := reports.of_period(db, name)) is not None]
        turned = reports.newest(db)
    return [one for one in (*found, *([turned] if turned else [])) if kind in ("", one.kind)]


def plain(content: Any) -> Any:
    return json.loads(json.dumps(content))


def test_a_report_computed_later_is_the_same(workplace: Core) -> None:
    for made in stored(workplace):
        assert plain(again(workplace, made).content) == made.content


def test_what_reached_the_ledger_late_would_have_changed_it(workplace: Core) -> None:
    made = stored(workplace, "weekly")[0]
    unmarked = replace(made, content={**made.content, "last_signal": None})

    assert again(workplace, unmarked).content["numbers"] != made.content["numbers"]


def test_every_number_follows_from_the_raw_tables(workplace: Core) -> None:
    for made in stored(workplace):
        found = check(workplace.database.url, made.id)

        assert (found.wrong, found.uncovered) == ([], [])
        assert found.compared > 250


@pytest.mark.parametrize("path", ["numbers/satisfied/count", "sections/0/numbers", "sources/stale/0/cited"])
def test_the_script_notices_a_wrong_number(workplace: Core, path: str) -> None:
    made = stored(workplace, "weekly")[0]
    content = plain(made.content)
    *parents, last = path.split("/")
    place = content
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place[key]
    place[last] = {"invented": 1} if path.endswith("numbers") else place[last] + 1
    with workplace.database.begin() as db:
        reports.put(db, replace(made, id="forged", content=content))

    found = check(workplace.database.url, "forged")

    assert found.wrong + found.uncovered


def test_it_holds_on_both_databases(database: Database, tmp_path: Path) -> None:
    clock = StoppedClock()
    core = make_core(tmp_path, database=database, now=clock)
    lived(core, clock, weeks=6, a_week=15)
    made = report(core, CHANNEL)
    late_day = stored(core)[0]

    found = check(database.url, made.id)

    assert plain(again(core, late_day).content) == late_day.content
    assert (found.wrong, found.uncovered) == ([], [])
