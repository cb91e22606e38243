"""Look at what an ingest stored, and write documents into a folder."""

from pathlib import Path

from sqlalchemy import select

from flywheel.core import Core
from flywheel.knowledge.ingest import IngestReport, ingest
from flywheel.knowledge.progress import Silence
from flywheel.model import Audience, Document, Passage
from flywheel.store import documents
from flywheel.store.knowledge_tables import AccessRow, DocumentRow, PassageRow


def index(core: Core, *paths: Path, access: frozenset[str] | None = None) -> IngestReport:
    return ingest(core, paths, access, Silence())


def write(folder: Path, name: str, text: str = "Something to know.") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def names(core: Core) -> list[str]:
    with core.database.read() as db:
        return sorted(db.scalars(select(DocumentRow.external_id)))


def texts(core: Core) -> list[str]:
    with core.database.read() as db:
        return sorted(db.scalars(select(PassageRow.text)))


def access(core: Core, name: str) -> set[str]:
    with core.database.read() as db:
        wanted = select(AccessRow.label).join(DocumentRow).where(DocumentRow.external_id == name)
        return set(db.scalars(wanted))


def stored(core: Core) -> list[tuple[Passage, Document]]:
    """Return every passage with its document, in the order of the documents' names."""
    with core.database.read() as db:
        everybody = Audience(frozenset(db.scalars(select(AccessRow.label))))
        wanted = select(PassageRow.id).join(DocumentRow).order_by(DocumentRow.external_id, PassageRow.ordinal)
        found = [documents.passage(db, one, everybody) for one in db.scalars(wanted)]
    return [one for one in found if one]


def reason(report: IngestReport, name: str) -> str:
    return dict(report.refused)[name]
