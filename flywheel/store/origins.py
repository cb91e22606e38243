"""What a verified answer came from, and whether an audience may still read all of it.

An *origin* is a document that the corrected answer cited, that the suggestion names as its source, or, where the
corrected answer repeated an earlier verified answer, an origin of that one. Access labels change after an approval,
so they are looked up at every question: the labels that were stored with the approval can only narrow them.

Surprising: a passage whose text has changed is gone, so its document is then found by its name. Where two documents
share that name, both count.
"""

from sqlalchemy import func, select

from flywheel.model import Audience, VerifiedAnswer
from flywheel.store import verified
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import AccessRow, DocumentRow, PassageRow
from flywheel.store.passages import readable_by
from flywheel.store.question_tables import AnswerRow, CitationRow, CorrectionRow
from flywheel.store.spelling import is_one_of

_SHORT = 3  # passages of a source that is about one thing


def readable(db: Session, verified_id: str, audience: Audience) -> VerifiedAnswer | None:
    """Return a verified answer, or None when there is none or the audience may not read it or one of its origins."""
    found = verified.find(db, verified_id)
    if found is None or audience.labels.isdisjoint(found.access):
        return None
    origins = _documents_behind(db, found)
    wanted = select(func.count()).select_from(DocumentRow).where(DocumentRow.id.in_(origins), readable_by(audience))
    return found if db.scalar(wanted) == len(origins) else None


def passages_behind(db: Session, verified_id: str) -> frozenset[str]:
    """Return the ids of the passages that a verified answer rests on.

    They are those of the source that was named, if it is short, else those that the corrected answer cited.

    All passages of a longer document would say little about the question; and where another source was named, what the
    corrected answer cited was wrong.
    """
    found = verified.find(db, verified_id)
    corrected = _corrected(db, found) if found else None
    if found is None:
        return frozenset()
    if found.source and found.passage_ids:
        return frozenset(found.passage_ids if len(found.passage_ids) <= _SHORT else ())
    cited = select(CitationRow.passage_id).where(CitationRow.answer_id == (corrected.id if corrected else ""))
    return frozenset(db.scalars(cited))


def labels_behind(db: Session, verified_id: str) -> list[frozenset[str]]:
    """Return the stored labels of a verified answer and those that each of its origins carries now."""
    found = verified.find(db, verified_id)
    if found is None:
        return []
    labels: dict[str, set[str]] = {one: set() for one in _documents_behind(db, found)}
    for row in db.execute(
        select(AccessRow.document_id, AccessRow.label).where(AccessRow.document_id.in_(sorted(labels)))
    ):
        labels[row.document_id].add(row.label)
    return [found.access, *(frozenset(one) for one in labels.values())]


def sources_behind(db: Session, verified_id: str) -> frozenset[str]:
    """Return the sources of a verified answer's origins; none where it came from no document that is still there."""
    found = verified.find(db, verified_id)
    behind = sorted(_documents_behind(db, found)) if found else []
    return frozenset(db.scalars(select(DocumentRow.source).where(DocumentRow.id.in_(behind)).distinct()))


def _documents_behind(db: Session, answer: VerifiedAnswer) -> set[str]:
    behind: set[str] = set()
    seen: set[str] = set()
    waiting: VerifiedAnswer | None = answer
    while waiting is not None and waiting.id not in seen:
        seen.add(waiting.id)
        behind |= _named(db, waiting)
        corrected = _corrected(db, waiting)
        if corrected is None:
            break
        behind |= _cited(db, corrected.id)
        waiting = verified.find(db, corrected.verified_answer_id) if corrected.verified_answer_id else None
    return behind


def _corrected(db: Session, answer: VerifiedAnswer) -> AnswerRow | None:
    correction = db.get(CorrectionRow, answer.correction_id) if answer.correction_id else None
    return db.get(AnswerRow, correction.answer_id) if correction else None


def _named(db: Session, answer: VerifiedAnswer) -> set[str]:
    documents = _of_passages(db, list(answer.passage_ids))
    if len(documents) == len(answer.passage_ids) or not answer.source:
        return set(documents.values())
    same = (DocumentRow.url == answer.source) | (DocumentRow.external_id == answer.source)
    same |= is_one_of(DocumentRow.title, [answer.source])
    return {*documents.values(), *db.scalars(select(DocumentRow.id).where(same))}


def _cited(db: Session, answer_id: str) -> set[str]:
    rows = db.execute(select(CitationRow.passage_id, CitationRow.external_id).where(CitationRow.answer_id == answer_id))
    cited = {row.passage_id: row.external_id for row in rows}
    documents = _of_passages(db, list(cited))
    gone = {name for passage_id, name in cited.items() if passage_id not in documents}
    by_name = db.scalars(select(DocumentRow.id).where(DocumentRow.external_id.in_(sorted(gone)))) if gone else ()
    return {*documents.values(), *by_name}


def _of_passages(db: Session, passage_ids: list[str]) -> dict[str, str]:
    wanted = select(PassageRow.id, PassageRow.document_id).where(PassageRow.id.in_(passage_ids))
    return {row.id: row.document_id for row in db.execute(wanted)} if passage_ids else {}
