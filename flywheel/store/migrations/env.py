"""Alembic's entry point; `Database.migrate` hands it an open connection."""

from typing import Literal

from alembic import context

from flywheel.store import (
    curation_tables,
    guest_tables,
    knowledge_tables,
    learning_tables,
    measuring_tables,
    question_tables,
    talk_tables,
    work_tables,
)
from flywheel.store.base import Table, UtcDateTime

TABLE_MODULES = (
    curation_tables,
    guest_tables,
    knowledge_tables,
    learning_tables,
    measuring_tables,
    question_tables,
    talk_tables,
    work_tables,
)


def render_type(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Write our UTC time as a plain column type, so that a migration needs nothing of ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    render_as_batch=True,
    render_item=render_type,
)
with context.begin_transaction():
    context.run_migrations()
