"""Renew what is stored about credit, look it up for one answer, and let a reviewer correct it.

Reviewers of an answer are the owners of what it cited and the administrators, as for corrections. What a reviewer says
stays when credit is computed anew, and is in the audit log.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from flywheel.core import Core
from flywheel.curation import credit, credit_evidence
from flywheel.errors import InvalidInput, NotAllowed, NotFound
from flywheel.knowledge.access import in_office
from flywheel.store import answers, audit, corrections, documents, questions, signals, sources
from flywheel.store import credits as stored
from flywheel.store.credits import Attribution, Part, Word
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange, Ledger


def renewed(core: Core, ledger: Ledger) -> dict[str, Attribution]:
    """Return the attributions of a ledger, reviewers' words included, by signal key. Nothing is stored."""
    known = credit_evidence.read(core, ledger)
    with core.database.read() as db:
        words = stored.words(db)
    return credit.overridden(credit.attribute(ledger, known), words)


def keep(db: Session, attributions: Mapping[str, Attribution], until: datetime) -> None:
    """Store attributions in place of what was stored; a word that a reviewer said after `until` counts already."""
    later = {answer_id: word for answer_id, word in stored.words(db).items() if word.at >= until}
    stored.replace_all(db, credit.overridden(attributions, later).values())


def of_answer(db: Session, answer_id: str) -> list[Attribution]:
    """Return the credit of the signals about one answer, oldest first; what no turn has seen yet is computed.

    Computed without a turn it knows only what was done about this answer.
    """
    kept = {one.signal_key: one for one in stored.of_answer(db, answer_id)}
    words = {one.answer_id: _word(one) for one in kept.values() if one.corrected_by}
    fresh = credit.overridden(credit.attribute(_alone(db, answer_id)), words)
    return [kept.get(key, one) for key, one in fresh.items()]


def to_blame(attributions: Iterable[Attribution]) -> Attribution | None:
    """Return the complaint that stands for all about an answer: of the part most are about, the latest."""
    complaints = [one for one in attributions if not one.helped]
    if not complaints:
        return None
    told = [one for one in complaints if one.part is not Part.NONE] or complaints
    about = [one.part for one in told]
    return max(told, key=lambda one: (about.count(one.part), one.at, one.signal_key))


def reviewers(core: Core, answer_id: str) -> frozenset[str]:
    """Return who may correct the credit of an answer: the owners of what it cited, and the administrators.

    Raises:
        NotFound: there is no such answer.
    """
    admins = in_office(core)
    with core.database.read() as db:
        answer = answers.find(db, answer_id)
        if answer is None or questions.is_deleted(db, answer.question_id):
            raise NotFound(f"there is no answer {answer_id}")
        cited = [citation.passage_id for citation in answer.citations]
        return frozenset(documents.owners_of(db, cited).values()) | admins


def correct(core: Core, answer_id: str, part: Part, reviewer: str) -> Attribution:
    """Say which part is to blame for all complaints about an answer, and return the one that stands for them.

    Raises:
        NotFound: there is no such answer.
        NotAllowed: the reviewer is neither an owner nor an administrator.
        InvalidInput: nobody has complained about this answer.
    """
    if reviewer not in reviewers(core, answer_id):
        raise NotAllowed("only owners of the cited documents and administrators say which part is to blame")
    with core.database.begin() as db:
        found = of_answer(db, answer_id)
        word = Word(part, reviewer, core.now())
        corrected = list(credit.overridden({one.signal_key: one for one in found}, {answer_id: word}).values())
        standing = to_blame(corrected)
        if standing is None:
            raise InvalidInput("nobody has said that this answer went wrong, so there is nothing to correct")
        stored.put(db, corrected)
        audit.put(db, reviewer, "credit", f"{answer_id} {part.value}", core.now())
    return standing


def _word(one: Attribution) -> Word:
    return Word(one.part, one.corrected_by or "", one.corrected_at or one.at)


def _alone(db: Session, answer_id: str) -> Ledger:
    """Return the ledger of one answer; of none where it or its question is gone."""
    answer = answers.find(db, answer_id)
    question = questions.find(db, answer.question_id) if answer else None
    if answer is None or question is None or questions.is_deleted(db, question.id):
        return Ledger((), (), (), {}, frozenset())
    exchange = Exchange(question, answer, answers.shortlist_of(db, answer_id))
    suggested = tuple(corrections.of_answer(db, answer_id))
    named = {one.id: sources.passages_named(db, one.source) for one in suggested if one.source}
    return Ledger((exchange,), tuple(signals.of_answer(db, answer_id)), suggested, named, frozenset())
