"""Keep the data tables of documents, whole, so that answers can be computed from them."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from flywheel.holdings import Column, DataTable
from flywheel.model import Audience
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import DataTableRow, DocumentRow
from flywheel.store.passages import readable_by

_BATCH = 500


def replace(db: Session, document_ids: Sequence[str], made: Sequence[DataTable]) -> None:
    """Store the tables of these documents in place of what was there."""
    for start in range(0, len(document_ids), _BATCH):
        part = document_ids[start : start + _BATCH]
        db.execute(delete(DataTableRow).where(DataTableRow.document_id.in_(part)))
    db.add_all([_row(one) for one in made])
    db.flush()


def find(db: Session, table_ids: Sequence[str], audience: Audience) -> list[DataTable]:
    """Return the named tables that the audience may read, in the order given."""
    wanted = (
        select(DataTableRow)
        .join(DocumentRow, DocumentRow.id == DataTableRow.document_id)
        .where(DataTableRow.id.in_(table_ids), readable_by(audience))
    )
    found = {row.id: _table(row) for row in db.scalars(wanted)}
    return [found[one] for one in dict.fromkeys(table_ids) if one in found]


def _row(one: DataTable) -> DataTableRow:
    return DataTableRow(
        id=one.id,
        document_id=one.document_id,
        ordinal=one.ordinal,
        title=one.title,
        columns=[[column.name, column.type, column.unit] for column in one.columns],
        rows=[list(row) for row in one.rows],
        heading_path=list(one.heading_path),
        page=one.page,
        first_line=one.first_line,
    )


def _table(row: DataTableRow) -> DataTable:
    return DataTable(
        row.id,
        row.document_id,
        row.ordinal,
        row.title,
        tuple(Column(*column) for column in row.columns),
        tuple(tuple(cells) for cells in row.rows),
        tuple(row.heading_path),
        row.page,
        row.first_line,
    )
