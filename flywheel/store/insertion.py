"""Insert a row unless its key is there already: how every redelivery becomes harmless."""

from collections.abc import Mapping

from sqlalchemy import literal
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from flywheel.store.base import Table
from flywheel.store.database import Session


def insert_new(db: Session, table: type[Table], values: Mapping[str, object]) -> bool:
    """Insert and return True, or return False when a unique key stands in the way.

    One statement on SQLite and on Postgres, so two replicas cannot both win. The row itself says that it was inserted:
    the driver's row count is -1 on Postgres.
    """
    dialect = db.get_bind().dialect.name
    insert = sqlite_insert if dialect == "sqlite" else postgres_insert
    outcome = db.execute(insert(table).values(**values).on_conflict_do_nothing().returning(literal(1)))
    return outcome.first() is not None
