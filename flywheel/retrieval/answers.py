"""Find verified answers: the second retriever.

What is compared is question with question. Alike is not enough (see `guard`): numbers and names must agree, and the
audience must be allowed to read everything that the answer came from, as its access is now.

A hit of this retriever names the verified answer where others name a passage: `passage_id`, `document_id` and
`external_id` are its id, `title` is its question, `text` its answer. Its score is the probability that it answers the
question, in [0, 1].
"""

from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from flywheel.model import Audience, Hit, Retriever, VerifiedAnswer
from flywheel.retrieval.guard import same_things
from flywheel.routing.router import ANSWERS
from flywheel.store import origins, verified_questions
from flywheel.store.database import Database
from flywheel.store.direct import Reader

FLOOR = 0.5
"""Cosine below which two questions are not worth comparing: on clinc150 and banking77 at most one in three agreed."""

MOST = 3
"""How many verified answers join a shortlist."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Which verified answers to look through: those of a database that are encoded by `encoder`, in `dimensions`."""

    database: Database
    encoder: str
    dimensions: int


def nearest(db: Reader, memory: Memory, query: str, vector: NDArray[np.float32], audience: Audience) -> list[Hit]:
    """Return the verified answers whose questions ask the same as this one, best first."""
    known = verified_questions.readable(db, memory.encoder, memory.dimensions, audience)
    cosines = known.cosines(vector)
    likely = [place for place in np.argsort(-cosines) if cosines[place] >= FLOOR]
    agreeing = [place for place in likely if same_things(query, known.questions[place])]
    if not agreeing:
        return []
    with memory.database.read() as session:
        found = ((origins.readable(session, known.ids[place], audience), float(cosines[place])) for place in agreeing)
        return list(islice((_hit(answer, cosine) for answer, cosine in found if answer is not None), MOST))


def _hit(answer: VerifiedAnswer, cosine: float) -> Hit:
    return Hit(
        passage_id=answer.id,
        document_id=answer.id,
        external_id=answer.id,
        title=answer.question,
        text=answer.text,
        retriever=Retriever.ANSWERS,
        score=ANSWERS.probability(cosine),
        owner=answer.approved_by,
        updated_at=answer.approved_at,
        features={"dense": cosine},
    )
