"""Are pictures found by what is in them: charts, plans, diagrams, screenshots and scans among a company's documents.

    python -m tests.benchmarks.pictures [--seed 7] [--share 1.0]

Two thirds of the pictures lie in a folder under names that say nothing, one third in Word documents with a caption
that says little. Both rows index the same files with the same retrieval; the first one knows a picture by its file
name, caption and what stands around it, the second one has its pictures read. The promise is three times the recall.
"""

import argparse
import io
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

from docx import Document
from docx.shared import Cm

from flywheel.core import Core
from flywheel.knowledge.ingest import ingest
from flywheel.knowledge.progress import Silence
from flywheel.model import Audience
from flywheel.retrieval.search import shortlist
from flywheel.wiring import Plan, close_core, open_core
from tests.benchmarks.corpora import say
from tests.benchmarks.drawings import Drawing, drawings

COMPANY = Path("bot/simulator/company")
DEPTH = 5
_NAMES = ("image{}", "overview-{}", "Screenshot {}", "fig{}", "chart ({})", "scan000{}", "untitled-{}", "IMG_20{}")

Asked = list[tuple[str, str]]
"""Questions, each with the name of the document that answers it."""


def main() -> None:
    """Measure both ways."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--share", type=float, default=1.0)
    given = parser.parse_args()
    drawn = drawings(Random(given.seed), given.share)
    with tempfile.TemporaryDirectory() as folder:
        asked = lay_out(drawn, Path(folder) / "knowledge")
        shutil.copytree(COMPANY, Path(folder) / "knowledge" / "company")
        say(f"{len(drawn)} pictures, {len(asked)} questions")
        recalls = []
        for way, reads in (("name and caption", False), ("read", True)):
            found = recalled(Path(folder), asked, reads=reads)
            recalls.append(sum(found) / len(found))
            say(f"{way:18} recall@{DEPTH} {recalls[-1]:.3f}")
        say(f"{'times':18} {recalls[1] / max(recalls[0], 1 / len(asked)):.1f}")


def lay_out(drawn: Sequence[Drawing], folder: Path) -> Asked:
    """Write the pictures, every third into a Word document, and return the questions about them."""
    (folder / "files").mkdir(parents=True)
    asked: Asked = []
    for number, one in enumerate(drawn, 10):
        if number % 3:
            name = f"{_NAMES[number % len(_NAMES)].format(number)}.{one.suffix}"
            (folder / "files" / name).write_bytes(one.content)
        else:
            name = f"report {number}.docx"
            (folder / "files" / name).write_bytes(_in_word(one, number))
        asked += [(question, f"files/{name}") for question in one.questions]
    return asked


def recalled(home: Path, asked: Asked, *, reads: bool, depth: int = DEPTH) -> list[bool]:
    """Index the folder and return, question by question, whether its document is among the first ones."""
    with _core(home / ("read" if reads else "unread"), reads=reads) as core:
        report = ingest(core, [home / "knowledge"], frozenset({"public"}), Silence())
        say(f"{report.added} documents in {report.seconds:.0f} s; refused: {list(report.refused)}")
        return [right in _first(core, question, depth) for question, right in asked]


def _first(core: Core, question: str, depth: int) -> list[str]:
    hits = shortlist(core, question, Audience.everyone()).hits
    return list(dict.fromkeys(hit.external_id for hit in hits))[:depth]


@contextmanager
def _core(home: Path, *, reads: bool) -> Iterator[Core]:
    core = open_core(Plan(home, f"sqlite:///{home / 'flywheel.db'}"))
    try:
        yield core if reads else replace(core, picture_reader=None)
    finally:
        close_core(core)


def _in_word(one: Drawing, number: int) -> bytes:
    document = Document()
    document.add_heading(f"Report {number}", 1)
    document.add_paragraph("The current state is shown below.")
    document.add_picture(io.BytesIO(one.content), width=Cm(15))
    document.add_paragraph(one.caption)
    document.add_paragraph("Please send remarks to the author.")
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


if __name__ == "__main__":
    main()
