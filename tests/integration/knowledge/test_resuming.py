"""Killed anywhere, an ingest goes on where it stopped, on SQLite and on Postgres."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from flywheel.core import Core
from flywheel.store import passages
from flywheel.store.knowledge_tables import DocumentRow, EmbeddingRow, PassageRow
from tests.integration.knowledge.conftest import make_core
from tests.integration.knowledge.reading import access, index, names, write

LINES = 1_500
ROOT = Path(__file__).parents[3]


def kill_after(batches: int, url: str, folder: Path) -> None:
    command = [sys.executable, "-m", "tests.integration.knowledge.ingest_slowly", url, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as child:
        assert child.stdout
        for _ in range(batches):
            assert child.stdout.readline()
        child.send_signal(signal.SIGKILL)


def counts(core: Core) -> tuple[int, ...]:
    with core.database.read() as db:
        tables = (DocumentRow, PassageRow, EmbeddingRow)
        return tuple(db.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def make_list(folder: Path) -> Path:
    lines = (json.dumps({"_id": f"q{n}", "title": "T", "text": f"Text number {n}."}) for n in range(LINES))
    return write(folder, "list.jsonl", "\n".join(lines))


def test_a_killed_ingest_goes_on_where_it_stopped(core: Core, folder: Path) -> None:
    make_list(folder)
    for batches in (1, 2):
        before, _, _ = counts(core)
        kill_after(batches, core.database.url, folder)
        done, stored, vectors = counts(core)
        assert before < done < LINES
        assert done == stored == vectors
    report = index(core, folder)

    assert (report.unchanged, report.added) == (done, LINES - done)
    assert counts(core) == (LINES, LINES, LINES)


def test_postgres_keeps_the_same_promises(postgres_url: str, folder: Path) -> None:
    core = make_core(postgres_url)
    path = make_list(folder)
    path.write_text(path.read_text() + '\n{"_id": "nul", "text": "a\\u0000b\\ud800c"}')
    write(folder, "a.md", "# A\none\n\n# B\ntwo")
    kill_after(2, postgres_url, folder)
    assert 0 < counts(core)[0] < LINES
    assert index(core, folder).unchanged > 0
    assert counts(core) == (LINES + 2, LINES + 3, LINES + 3)

    write(folder, "a.md", "# A\none\n\n# B\nthree")
    (folder / "list.jsonl").unlink()
    report = index(core, folder, access=frozenset({"channel:C1"}))
    assert (report.changed, report.removed, names(core)) == (1, LINES + 1, ["a.md"])
    assert access(core, "a.md") == {"channel:C1"}
    with core.database.read() as db:
        assert len(passages.removed_since(db, 0)) == LINES + 2
    core.database.close()
