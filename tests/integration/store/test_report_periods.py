"""The list of reports: the newest on each period, in a few words each."""

from datetime import timedelta

from flywheel.store import report_periods, reports
from flywheel.store.database import Database
from flywheel.store.reports import Report
from tests.parts import MOMENT


def test_the_newest_report_on_each_period_is_listed_newest_first(database: Database) -> None:
    with database.begin() as db:
        for day, (name, period) in enumerate((("a", "2026-W46"), ("b", "2026-W47"), ("c", "2026-W46"))):
            said = {"title": f"Title {name}", "verdict": "Better.", "made_at": f"day {day}", "figures": [{}]}
            reports.put(db, Report(name, period, MOMENT + timedelta(days=day), said))

        found = report_periods.listed(db)

    assert [(one["period"], one["title"], one["made_at"]) for one in found] == [
        ("2026-W46", "Title c", "day 2"),
        ("2026-W47", "Title b", "day 1"),
    ]


def test_words_that_an_old_report_does_not_have_are_missing(database: Database) -> None:
    with database.begin() as db:
        reports.put(db, Report("a", "2026-W46", MOMENT, {"title": "Old"}))

        found = report_periods.listed(db)

    assert found == [{"period": "2026-W46", "title": "Old", "verdict": None, "made_at": None}]
