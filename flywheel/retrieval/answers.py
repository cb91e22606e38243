"""Find verified answers: the second retriever.

What is compared is question with question. Alike is not enough (see `guard`): numbers, names and years must agree. The
audience must be allowed to read everything that the answer came from, as its access is now, and what supported it must
still stand in its source (see `store/support.py`): from the moment of a change it serves no more.

A hit of this retriever names the verified answer where others name a passage: `passage_id`, `document_id` and
`external_id` are its id, `title` is its question, `text` its answer. Its score is the probability that it answers the
question, in [0, 1].
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from flywheel.model import Audience, Hit, Retriever, VerifiedAnswer
from flywheel.retrieval.guard import may_be_same, same_things
from flywheel.retrieval.repeats import Repeats
from flywheel.routing.router import ANSWERS
from flywheel.store import origins, support, verified_questions
from flywheel.store.database import Database, Session
from flywheel.store.direct import Reader

FLOOR = 0.5
"""Cosine below which two questions are not worth comparing: on clinc150 and banking77 at most one in three agreed."""

MOST = 3
"""How many verified answers join a shortlist."""

BACKED_FROM = 0.55
"""Cosine from which an answer serves when the question leads to the very passage that its corrected answer cited.

On the sample company's 49 questions 16 of 98 paraphrases then met their answer, where 9 did at one half alone, and none
of 147 questions met a wrong one. In two sets of real questions (1,336 of them), no two that are this near and that the
guard lets pass have the same relevant passage.
"""

_EVEN = 0.69  # cosine at which a fitting answer is just likelier than not


@dataclass(frozen=True, slots=True)
class Memory:
    """Which verified answers to look through: those of a database that are encoded by `encoder`, in `dimensions`.

    `now` is when the question was asked; without it, a year must stand in both questions or in neither. `repeats` are
    the answers' own thresholds, where any were learned.
    """

    database: Database
    encoder: str
    dimensions: int
    now: datetime | None = None
    repeats: Repeats | None = None


def nearest(db: Reader, memory: Memory, query: str, vector: NDArray[np.float32], audience: Audience) -> list[Hit]:
    """Return the verified answers whose questions ask the same as this one, best first."""
    known = verified_questions.readable(db, memory.encoder, memory.dimensions, audience)
    cosines = known.cosines(vector)
    likely = [place for place in np.argsort(-cosines) if cosines[place] >= FLOOR]
    agreeing = [place for place in likely if may_be_same(query, known.questions[place])]
    if not agreeing:
        return []
    with memory.database.read() as session:
        found = ((known.ids[place], float(cosines[place])) for place in agreeing)
        fitting = ((_fitting(session, memory, query, one, audience), cosine) for one, cosine in found)
        return list(islice((_hit(memory, answer, cosine) for answer, cosine in fitting if answer is not None), MOST))


def backed(database: Database, verified: Sequence[Hit], first: str | None) -> list[Hit]:
    """Return verified answers with those likelier than not that `first`, the best passage's id, speaks for."""
    near = [hit for hit in verified if BACKED_FROM <= hit.features["dense"] < _EVEN]
    if first is None or not near:
        return list(verified)
    with database.read() as db:
        known = {hit.passage_id for hit in near if first in origins.passages_behind(db, hit.passage_id)}
    even = ANSWERS.probability(_EVEN)
    raised = [replace(hit, score=max(hit.score, even)) if hit.passage_id in known else hit for hit in verified]
    return sorted(raised, key=lambda hit: -hit.score)


def _fitting(db: Session, memory: Memory, query: str, verified_id: str, audience: Audience) -> VerifiedAnswer | None:
    answer = origins.readable(db, verified_id, audience)
    if answer is None or not support.stands(db, answer):
        return None
    years = (memory.now.year, answer.approved_at.year) if memory.now else (None, None)
    return answer if same_things(query, answer.question, *years) else None


def _hit(memory: Memory, answer: VerifiedAnswer, cosine: float) -> Hit:
    known = memory.repeats
    return Hit(
        passage_id=answer.id,
        document_id=answer.id,
        external_id=answer.id,
        title=answer.question,
        text=answer.text,
        retriever=Retriever.ANSWERS,
        score=known.probability(answer.id, cosine) if known else ANSWERS.probability(cosine),
        owner=answer.approved_by,
        updated_at=answer.approved_at,
        features={"dense": cosine},
    )
