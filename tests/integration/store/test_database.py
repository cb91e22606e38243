"""Units of work: what is committed stays, what fails leaves nothing, readers wait for nobody."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, StatementError

from flywheel.store import schedules
from flywheel.store.database import Database, Session
from tests.parts import MOMENT, migrated_sqlite


def taken(db: Session) -> int:
    return int(db.execute(text("SELECT count(*) FROM schedule_run")).scalar_one())


def test_a_unit_of_work_that_ends_well_is_kept(database: Database) -> None:
    with database.begin() as db:
        schedules.claim(db, "turn", "2026-W47", MOMENT)

    with database.read() as db:
        assert taken(db) == 1


def test_a_unit_of_work_that_fails_leaves_nothing(database: Database) -> None:
    def fail() -> None:
        with database.begin() as db:
            schedules.claim(db, "turn", "2026-W47", MOMENT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    with database.read() as db:
        assert taken(db) == 0


def test_a_reader_sees_what_was_committed_before_while_a_writer_is_at_work(database: Database) -> None:
    with database.begin() as writing:
        schedules.claim(writing, "turn", "2026-W47", MOMENT)
        with database.read() as reading:
            seen = taken(reading)

    assert seen == 0


def test_a_second_writer_waits_for_the_first(database: Database) -> None:
    def count_up() -> None:
        for number in range(5):
            with database.begin() as db:
                schedules.claim(db, threading.current_thread().name, str(number), MOMENT)

    writers = [threading.Thread(target=count_up, name=f"writer {one}") for one in range(4)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()

    with database.read() as db:
        assert taken(db) == 20


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"), database.begin() as db:
        schedules.claim(db, "turn", "2026-W47", datetime(2026, 11, 18, 9, 30))  # noqa: DTZ001


def test_a_migrated_database_is_not_behind(database: Database) -> None:
    assert database.behind() == ""


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.begin() as db:
        schedules.claim(db, "turn", "2026-W47", MOMENT)

    database.migrate()

    with database.read() as db:
        assert taken(db) == 1


def test_an_empty_database_says_which_migration_it_needs(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")

    assert database.behind() == "at nothing, needs m005"


def test_sqlite_commits_survive_a_killed_process(tmp_path: Path) -> None:
    with migrated_sqlite(tmp_path).read() as db:
        pragmas = [db.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]

    assert pragmas == ["wal", 2]


def test_sqlite_readers_take_no_write_lock(tmp_path: Path) -> None:
    database, other = migrated_sqlite(tmp_path), Database(f"sqlite:///{tmp_path / 'test.db'}")

    with database.read() as db:
        taken(db)
        with other.begin() as writing:
            assert schedules.claim(writing, "turn", "2026-W47", MOMENT)


def test_compacting_leaves_no_byte_of_what_was_deleted(tmp_path: Path) -> None:
    database = migrated_sqlite(tmp_path)
    with database.begin() as db:
        schedules.claim(db, "a-secret-name", "2026-W47", MOMENT)
    with database.begin() as db:
        db.execute(text("DELETE FROM schedule_run"))

    database.compact()

    assert b"a-secret-name" not in b"".join(one.read_bytes() for one in tmp_path.glob("test.db*"))


def test_compacting_works_on_both_dialects(database: Database) -> None:
    database.compact()

    with database.read() as db:
        assert taken(db) == 0


def test_a_database_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'no' / 'folder' / 'x.db'}")

    with pytest.raises(OperationalError), database.read() as db:
        taken(db)


def test_times_come_back_in_utc(database: Database) -> None:
    with database.begin() as db:
        schedules.claim(db, "turn", "2026-W47", MOMENT.astimezone())
        stored = db.execute(text("SELECT at FROM schedule_run")).scalar_one()

    assert str(stored).startswith("2026-11-18 09:30") or stored.astimezone(UTC) == MOMENT
