"""A person's data: out, or gone, down to the bytes of the file."""

from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.curation.corrections import Suggestion, suggest
from flywheel.curation.person import export, forget
from flywheel.model import Signal, SignalKind
from flywheel.registry import Outcome, Release
from flywheel.signals.record import record
from flywheel.store import releases, reports, turns
from tests.parts import MOMENT, answered, make_core

ARTEFACT = {"alpha": 0.4}


@pytest.fixture
def core(tmp_path: Path) -> Core:
    """Return a core where Ada asked, voted and suggested, and a model learned from it."""
    made = make_core(tmp_path)
    answered(made, "a1", person="U-ADA", question="Where is my zebra?")
    record(made, Signal("k", "a1", SignalKind.THUMBS_UP, "U-ADA", MOMENT))
    suggest(made, Suggestion("s", "a1", "U-ADA", "In the giraffe house."))
    learned = Release(
        releases.identity("fusion", ARTEFACT),
        "fusion",
        ARTEFACT,
        {"question": "zebra"},
        "s",
        MOMENT,
        Outcome.HELD,
        False,
    )
    with made.database.begin() as db:
        releases.put(db, learned)
        releases.promote(db, learned.id)
        turns.queue(db, "t1", "U-ADA", MOMENT)
        reports.put(db, reports.Report("r1", "2026-W47", MOMENT, {"unanswered": ["Where is my zebra?"]}))
    return made


def test_export_returns_everything_by_table(core: Core) -> None:
    out = export(core, "U-ADA")

    assert [row["text"] for row in out["questions"]] == ["Where is my zebra?"]
    assert {name: len(rows) for name, rows in out.items() if rows} == {
        "questions": 1, "answers": 1, "signals": 2, "corrections": 1,
    }  # fmt: skip


def test_forgetting_says_how_many_rows_were_theirs(core: Core) -> None:
    assert forget(core, "U-ADA") == 5
    assert forget(core, "U-ADA") == 0


def test_nothing_is_left_to_export(core: Core) -> None:
    forget(core, "U-ADA")

    assert not any(export(core, "U-ADA").values())


def test_what_was_learned_from_them_serves_no_more(core: Core) -> None:
    forget(core, "U-ADA")

    with core.database.read() as db:
        assert (releases.serving(db, "fusion"), turns.find(db, "t1")) == (None, None)


@pytest.mark.parametrize("trace", [b"U-ADA", b"zebra", b"giraffe"])
def test_no_byte_of_it_stays_in_the_files(core: Core, tmp_path: Path, trace: bytes) -> None:
    forget(core, "U-ADA")

    assert trace not in b"".join(one.read_bytes() for one in tmp_path.glob("test.db*"))
