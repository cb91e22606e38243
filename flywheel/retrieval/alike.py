"""Find passages like one that somebody reads: by its own vector, among what that person may read."""

from flywheel.core import Core
from flywheel.model import Audience, Hit
from flywheel.store import embeddings, passages

MOST = 5
LEAST = 0.35
"""Cosine below which two passages have little in common."""

_LOOKED_AT = 40


def alike(core: Core, passage_id: str, audience: Audience) -> list[Hit]:
    """Return up to `MOST` passages like one, the nearest first, one of each document; none without its vector.

    The score is the cosine, in [`LEAST`, 1].
    """
    with core.database.read() as db:
        vector = embeddings.vectors(db, core.encoder.name, [passage_id]).get(passage_id)
    if vector is None:
        return []
    scores = {one.passage_id: one.score for one in core.vectors.nearest(vector, audience, _LOOKED_AT)}
    near = [one for one, score in scores.items() if one != passage_id and score >= LEAST]
    with core.database.read() as db:
        own = passages.hits(db, [passage_id], audience)
        found = passages.hits(db, near, audience)
    best: dict[str, Hit] = {one.document_id: one for one in own}
    for hit in found:
        best.setdefault(hit.document_id, hit)
    others = [hit for hit in best.values() if hit.passage_id != passage_id]
    return sorted(others, key=lambda hit: -scores[hit.passage_id])[:MOST]
