"""Counts for operators."""

from pathlib import Path

from flywheel.model import Signal, SignalKind
from flywheel.store import counts, signals
from flywheel.store.database import Database
from tests.parts import MOMENT, answered, know, make_core


def test_an_empty_store_counts_zero(database: Database) -> None:
    with database.read() as db:
        assert set(counts.totals(db).values()) == {0.0}
        assert (counts.signals_by_kind(db), counts.jobs_by_state(db)) == ({}, {})


def test_totals_count_what_is_stored(database: Database, tmp_path: Path) -> None:
    core = make_core(tmp_path, database=database)
    know(core, "vpn.md", "Install the client.", "Start it.")
    answered(core, "a1")
    answered(core, "a2", abstained=True)

    with database.read() as db:
        assert counts.totals(db) == {
            "documents": 1, "passages": 2, "questions": 2, "answers": 2, "abstentions": 1,
        }  # fmt: skip


def test_signals_are_counted_by_kind(database: Database) -> None:
    kinds = [SignalKind.COPY, SignalKind.COPY, SignalKind.SHARE]
    with database.begin() as db:
        for number, kind in enumerate(kinds):
            signals.put(db, Signal(str(number), "a1", kind, "U1", MOMENT))

    with database.read() as db:
        assert counts.signals_by_kind(db) == {"copy": 2, "share": 1}
