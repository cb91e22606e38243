"""Who owns documents: sources name owners by id, by name or by address, and so may anybody be named in them."""

from sqlalchemy import func, or_, select

from flywheel.store.database import Session
from flywheel.store.knowledge_tables import DocumentRow
from flywheel.store.spelling import spellings
from flywheel.store.work_tables import PersonRow


def persons(db: Session) -> frozenset[str]:
    """Return what owners are called in sources, and the ids of the people whose name or address that is."""
    named = [one for one in db.scalars(select(DocumentRow.owner).distinct()) if one]
    forms = spellings(named)
    same = or_(func.lower(PersonRow.name).in_(forms), func.lower(PersonRow.address).in_(forms))
    return frozenset(named) | frozenset(db.scalars(select(PersonRow.id).where(same)) if named else ())
