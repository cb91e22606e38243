"""Repeat an answer that people have approved, word for word."""

from collections.abc import Sequence

from flywheel.answering.written import MARK, Written, citation
from flywheel.core import Core
from flywheel.model import Audience, Hit, VerifiedAnswer
from flywheel.store import origins, passages

WRITER = "verified"


def readable(core: Core, verified_id: str, audience: Audience) -> tuple[VerifiedAnswer, tuple[Hit, ...]] | None:
    """Return a verified answer with those of its passages that are still there and may be read.

    None when the audience may not read the answer or what it came from, or it is gone.
    """
    with core.database.read() as db:
        found = origins.readable(db, verified_id, audience)
        if found is None:
            return None
        return found, tuple(passages.hits(db, found.passage_ids, audience))


def write(answer: VerifiedAnswer, sources: Sequence[Hit]) -> Written:
    """Return the approved text, followed by the marks of its sources."""
    text = MARK.sub(r"(\1)", answer.text).strip()
    citations = tuple(citation(n, hit) for n, hit in enumerate(sources, 1))
    marks = "".join(f"[{one.n}]" for one in citations)
    named = f" Its source is given as “{answer.source}”." if answer.source else ""
    approved = f"Approved by {answer.approved_by or 'somebody who is gone'} on {answer.approved_at:%Y-%m-%d}.{named}"
    return Written(f"{text} {marks}".strip(), WRITER, citations, notes=(approved,))
