"""Who writes what quoted sentences cannot say well: people, computed tables, code, pictures.

Each specialist says nothing unless what it stands for was found near the top. They are asked in the order in which
their retrievers were found, and only down to the first passage of plain text: what stands below it is not the answer.
People come first of all, because they are looked for only when a question asks for them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flywheel.answering import code_block, experts, pictured, tabular
from flywheel.answering.written import Written
from flywheel.core import Core
from flywheel.model import Audience, Hit, Retriever
from flywheel.retrieval.search import Shortlist

SURE = 0.5
"""Confidence from which on a specialist may answer although the passages alone would not have been enough."""

NEAR = 3
"""Hits at the top among which a computed table may stand although text was found before it."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question with everything a specialist may want to look at."""

    core: Core
    question: str
    hits: Sequence[Hit]
    audience: Audience


def write(core: Core, question: str, found: Shortlist, audience: Audience) -> Written | None:
    """Return what the first specialist with something to say wrote, or None."""
    case = Case(core, question, found.hits, audience)
    for retriever in in_turn(found.hits):
        written = _SPECIALISTS[retriever](case)
        if written is not None:
            return written
    return None


def is_sure(written: Written) -> bool:
    """Tell whether a specialist is more likely right than not."""
    return written.confidence is not None and written.confidence >= SURE


def in_turn(hits: Sequence[Hit]) -> list[Retriever]:
    """Return the retrievers whose specialists are asked, in order."""
    order = [Retriever.PEOPLE] if any(hit.retriever is Retriever.PEOPLE for hit in hits) else []
    passages = [hit.retriever for hit in hits if hit.is_passage]
    for place, retriever in enumerate(passages):
        below_text = Retriever.DOCUMENTS in passages[:place]
        if below_text and place >= NEAR:
            break
        if retriever is Retriever.TABLES or not below_text:
            order.append(retriever)
    return [one for one in dict.fromkeys(order) if one in _SPECIALISTS]


def _of_people(case: Case) -> Written | None:
    return experts.write(case.question, case.hits)


def _of_tables(case: Case) -> Written | None:
    return tabular.write(case.core, case.question, case.hits, case.audience)


def _of_code(case: Case) -> Written | None:
    """Show code, unless a language model is there to explain it."""
    return None if case.core.language_model is not None else code_block.write(case.question, case.hits)


def _of_pictures(case: Case) -> Written | None:
    """Show a picture, unless a language model is there to say what it means; the picture is shown with its words."""
    return None if case.core.language_model is not None else pictured.write(case.question, case.hits)


_SPECIALISTS: Mapping[Retriever, Callable[[Case], Written | None]] = {
    Retriever.PEOPLE: _of_people,
    Retriever.TABLES: _of_tables,
    Retriever.CODE: _of_code,
    Retriever.IMAGES: _of_pictures,
}
