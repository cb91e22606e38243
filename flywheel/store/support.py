"""What a verified answer rests on in the source that was named for it, and whether that still stands there.

    support    the sentences of the source that share the most words with the answer; all of them where none does
    stands     each of them is still said somewhere in the source

What expires an answer is a change of what supported it. What it corrected, the passages that the wrong answer cited,
is expected to change, so it does not count; nor does an answer that names no source. A change elsewhere in the source,
or a source that is cut into other passages, changes nothing either.
"""

import json
import re
from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select

from flywheel.model import VerifiedAnswer
from flywheel.store import marks, sources
from flywheel.store.database import Session
from flywheel.store.knowledge_tables import PassageRow

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = re.compile(r"[^\W_]+")
_SHORT = 3  # letters of words that say little
_MOST = 40
_NEAR_BEST = 0.5
_LONGEST = 2_000
_AT_ONCE = 400


def keep(db: Session, answer: VerifiedAnswer) -> None:
    """Remember what supports an answer now, and in which documents."""
    rows = db.execute(
        select(PassageRow.document_id, PassageRow.text)
        .where(PassageRow.id.in_(answer.passage_ids[:_AT_ONCE]))
        .order_by(PassageRow.document_id, PassageRow.ordinal)
    ).all()
    if rows:
        documents = list(dict.fromkeys(row.document_id for row in rows))
        said = supporting(answer.text, [row.text for row in rows])
        marks.put(db, _mark(answer.id), json.dumps({"documents": documents, "sentences": said}, ensure_ascii=False))


def keep_missing(db: Session, serving: Iterable[VerifiedAnswer]) -> None:
    """Remember what supports those answers of which it was never noted: they are older than this.

    To be called before documents are read again, which may cut them otherwise and so rename what an answer rests on.
    """
    for one in serving:
        if marks.find(db, _mark(one.id)) is None:
            keep(db, one)


def drop(db: Session, verified_id: str) -> None:
    """Forget what supports an answer."""
    marks.remove(db, [_mark(verified_id)])


def stands(db: Session, answer: VerifiedAnswer) -> bool:
    """Tell whether all that supported an answer is still said by its source; true where it names none."""
    ids = list(answer.passage_ids)
    there = select(func.count()).select_from(PassageRow).where(PassageRow.id.in_(ids[:_AT_ONCE]))
    if not ids or db.scalar(there) == len(ids[:_AT_ONCE]):
        return True
    kept = json.loads(marks.find(db, _mark(answer.id)) or "{}")
    now = _folded(" ".join(_texts(db, kept["documents"], answer.source))) if kept else ""
    return bool(now) and all(_folded(one) in now for one in kept["sentences"])


def supporting(answer: str, texts: Sequence[str]) -> list[str]:
    """Return the sentences that share the most words with an answer, in their order."""
    said = [one.strip()[:_LONGEST] for text in texts for one in _SENTENCE.split(text) if one.strip()]
    wanted = _telling(answer)
    shared = [len(wanted & _telling(one)) for one in said]
    line = max(2, _NEAR_BEST * max(shared, default=0))
    near = [one for one, count in zip(said, shared, strict=True) if count >= line]
    return (near or said)[:_MOST]


def _texts(db: Session, documents: Sequence[str], source: str | None) -> Iterable[str]:
    named = sources.passages_named(db, source)[:_AT_ONCE] if source else ()
    same = or_(PassageRow.document_id.in_(documents), PassageRow.id.in_(named))
    return db.scalars(select(PassageRow.text).where(same).order_by(PassageRow.document_id, PassageRow.ordinal))


def _telling(text: str) -> frozenset[str]:
    words = _WORD.findall(text.casefold())
    return frozenset(word for word in words if len(word) > _SHORT or any(sign.isdigit() for sign in word))


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _mark(verified_id: str) -> str:
    return f"support:{verified_id}"
