"""Refine what was found among images: a picture counts once, however many passages its document has about it.

A long scan has several passages, and an alternative text may have been cut; the best one stands for the picture. A page
that shows an image file and the file itself are two documents, and both stay: one says what the picture is for, the
other what is written in it.
"""

from collections.abc import Sequence
from datetime import datetime

from flywheel.retrieval.hybrid import Ranked


def refine(question: str, ranked: Sequence[Ranked], now: datetime) -> list[Ranked]:
    """Return the ranked image passages, best first, with the first of each document's picture only."""
    del question, now
    seen: set[tuple[str, str]] = set()
    kept = []
    for one in ranked:
        picture = (one.passage.detail or {}).get("picture", one.passage.id)
        if (one.passage.document_id, picture) not in seen:
            seen.add((one.passage.document_id, picture))
            kept.append(one)
    return kept
