"""Make a case of an answer: its question, its sources with what stood around them, what else was found.

A judge reads what the writer could read, under the same rule: only what the answer's audience may read is shown to it.
An answer of which a source is gone or closed to its readers since is judged without passages: what it says can no
longer be checked against them. A verified answer that the answer itself repeats tells nothing about it.
"""

from collections.abc import Mapping, Sequence

from flywheel.answering.grounded import PASSAGES
from flywheel.answering.research import SECTION
from flywheel.core import Core
from flywheel.curation.split import normalised
from flywheel.model import KIND_OF, Audience, VerifiedAnswer
from flywheel.ports import Case
from flywheel.retrieval.sections import grown
from flywheel.store import answers, origins, passages, verified
from flywheel.store.database import Session
from flywheel.store.ledger import Exchange


def known_answers(db: Session) -> dict[str, list[VerifiedAnswer]]:
    """Return the verified answers that stand, the newest first, by their question's words."""
    found: dict[str, list[VerifiedAnswer]] = {}
    for one in sorted(verified.every(db), key=lambda one: (one.approved_at, one.id), reverse=True):
        found.setdefault(normalised(one.question), []).append(one)
    return found


def case(core: Core, exchange: Exchange, known: Mapping[str, Sequence[VerifiedAnswer]]) -> Case:
    """Return the case of an answer; `known` are the verified answers of `known_answers`."""
    question, answer = exchange.question, exchange.answer
    wording = question.standalone or question.text
    texts, ranking = _read(core, exchange)
    return Case(
        answer_id=answer.id,
        question=wording,
        answer=answer.text,
        passages=texts,
        cited=len(answer.citations) if texts else 0,
        ranking=ranking,
        verified=None if answer.verified_answer_id else _verified(core, known.get(normalised(wording), ()), exchange),
    )


def _read(core: Core, exchange: Exchange) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the passages, sources first, and the places of all in the order of the shortlist; nothing where one of the
    sources cannot be read any more."""
    answer, audience = exchange.answer, exchange.question.audience
    sources = [one.passage_id for one in answer.citations]
    with core.database.read() as db:
        listed = [one.passage_id for one in answers.shortlist_of(db, answer.id) if one.retriever in KIND_OF]
        hits = passages.hits(db, list(dict.fromkeys([*listed, *sources])), audience)
    plain = {one.passage_id: one.text for one in hits}
    if not sources or not plain.keys() >= set(sources):
        return (), ()
    shown = {one.passage_id: one.text for one in grown(core, hits, audience, SECTION)}
    others = [one for one in shown if one not in sources][: max(0, PASSAGES - len(sources))]
    named = [*sources, *others]
    order = {one: place for place, one in enumerate(plain)}
    ranking = sorted(range(len(named)), key=lambda n: (order[named[n]], n))
    return tuple(shown.get(one, plain[one]) for one in named), tuple(ranking)


def _verified(core: Core, same: Sequence[VerifiedAnswer], exchange: Exchange) -> str | None:
    audience: Audience = exchange.question.audience
    with core.database.read() as db:
        readable = [one.text for one in same if origins.readable(db, one.id, audience) is not None]
    return readable[0] if readable else None
