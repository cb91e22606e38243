"""Who writes what a passage alone cannot say well."""

from collections.abc import Sequence

from flywheel.answering.written import Written
from flywheel.core import Core
from flywheel.model import Audience, Hit
from flywheel.retrieval.search import Shortlist

SURE = 0.5
"""Confidence from which on a specialist may answer although the passages alone would not have been enough."""


def write(core: Core, question: str, found: Shortlist, audience: Audience) -> Written | None:
    """Return what the first specialist with something to say wrote, or None."""
    del core, question, found, audience
    return None


def is_sure(written: Written) -> bool:
    """Tell whether a specialist is more likely right than not."""
    return written.confidence is not None and written.confidence >= SURE


def pictures_of(cited: Sequence[Hit]) -> tuple[str, ...]:
    """Return the ids of the pictures among cited passages."""
    return tuple(dict.fromkeys(hit.detail["picture"] for hit in cited if "picture" in hit.detail))
