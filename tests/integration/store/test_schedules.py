"""A period of a schedule is taken once, by whomever."""

import threading

from flywheel.store import schedules
from flywheel.store.database import Database
from tests.parts import MOMENT


def claim(database: Database, schedule: str, period: str) -> bool:
    with database.begin() as db:
        return schedules.claim(db, schedule, period, MOMENT)


def test_a_period_is_taken_once(database: Database) -> None:
    assert [claim(database, "turn", "2026-W47") for _ in range(2)] == [True, False]


def test_another_period_and_another_schedule_are_free(database: Database) -> None:
    claim(database, "turn", "2026-W47")

    assert claim(database, "turn", "2026-W48")
    assert claim(database, "report", "2026-W47")


def test_of_many_replicas_one_takes_a_period(database: Database) -> None:
    won: list[bool] = []
    replicas = [threading.Thread(target=lambda: won.append(claim(database, "turn", "2026-W47"))) for _ in range(6)]
    for one in replicas:
        one.start()
    for one in replicas:
        one.join()

    assert sorted(won) == [False] * 5 + [True]
