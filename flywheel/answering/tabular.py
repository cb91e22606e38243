"""Answer from data tables: the answer is computed, never quoted.

With a language model, one checked SELECT is run over the best tables; where that fails, and without a model, a cell is
looked up or rows are counted and compared by `tables.compute`, which says nothing when the question can be read in two
ways or has a word that nothing accounts for. Either way the answer names the rows or the SELECT it comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flywheel.answering.tables import shown
from flywheel.answering.tables.asked import Intent, understand
from flywheel.answering.tables.compute import compute
from flywheel.answering.tables.found import Found
from flywheel.answering.tables.select_runner import Selected
from flywheel.answering.tables.sheet import Sheet
from flywheel.answering.written import Written, cite
from flywheel.core import Core
from flywheel.errors import InvalidInput, ModelUnavailable
from flywheel.model import Audience, Hit, Retriever
from flywheel.store import tables as store

WRITER = "tables"
NEAR = 10
"""Hits at the top of a shortlist among which tables are looked for."""

MOST_TABLES = 3

_BY_MODEL = 0.8
"""Confidence in a SELECT that a model wrote; agreement with the computation without a model raises it."""

_AGREED, _CONTRADICTED = 0.95, 0.6
_PER_RANK, _DISPUTED = 0.9, 0.7
_RIVAL = 0.8  # of the best one's confidence


@dataclass(frozen=True, slots=True)
class _Source:
    """A table near the top and the hit that cites it."""

    sheet: Sheet
    hit: Hit


@dataclass(frozen=True, slots=True)
class _Computed:
    """What was computed without a model, from which table, and what to know about it.

    `beside` is what other tables of the same document say: a price list of three sheets has three highest prices.
    """

    found: Found
    source: _Source
    notes: tuple[str, ...] = ()
    beside: tuple[tuple[Found, _Source], ...] = ()


def write(core: Core, question: str, hits: Sequence[Hit], audience: Audience) -> Written | None:
    """Return the computed answer from the best tables that the audience may read, None when nothing is sure."""
    sources = _sources(core, hits, audience)
    if not sources:
        return None
    computed = _computed(question, sources)
    if core.language_model is None:
        return _of_found(computed)
    from flywheel.answering.tables import asking_model  # noqa: PLC0415  the SQL parser takes 0.3 s to import

    try:
        selected = asking_model.select(core.language_model, question, [one.sheet for one in sources], core.rng)
    except (ModelUnavailable, InvalidInput) as error:
        return _of_found(computed, f"Computed without the model: {error}")
    if selected is None:
        return None
    cited = [sources[at].hit for at in selected.tables]
    text, citations = cite(shown.of_selected(selected), cited)
    return Written(text, core.language_model.name, citations, confidence=_confidence(selected, computed))


def needs_computing(question: str) -> bool:
    """Tell whether a question compares or adds up rows, so that a single row quoted is seldom its answer."""
    asked = understand(question)
    return asked.extreme is not None or asked.intent in {Intent.SUM, Intent.MEAN, Intent.TOP, Intent.DIFFERENCE}


def _sources(core: Core, hits: Sequence[Hit], audience: Audience) -> list[_Source]:
    """Return the best tables, each with its first hit."""
    found: dict[str, Hit] = {}
    for hit in hits[:NEAR]:
        if hit.retriever is Retriever.TABLES and "table" in hit.detail:
            found.setdefault(hit.detail["table"], hit)
    if not found:
        return []
    with core.database.read() as db:
        tables = store.find(db, list(found)[:MOST_TABLES], audience)
    return [_Source(Sheet(table, found[table.id].title), found[table.id]) for table in tables]


def _computed(question: str, sources: Sequence[_Source]) -> _Computed | None:
    """Return the surest computation; each place further down the shortlist costs confidence, and so does another table
    that says something else."""
    made = []
    for rank, source in enumerate(sources):
        one = compute(source.sheet.table, question, source.hit.title)
        if one is not None:
            made.append((replace(one, confidence=one.confidence * _PER_RANK**rank), source))
    if not made:
        return None
    found, source = max(made, key=lambda pair: pair[0].confidence)
    siblings = [pair for pair in made if pair[1].hit.document_id == source.hit.document_id]
    if any(one.values != found.values for one, _ in siblings):
        return _Computed(found, source, beside=tuple(siblings))
    for other, where in made:
        if other.values != found.values and other.confidence >= _RIVAL * found.confidence:
            note = f"The table “{where.sheet.table.title}” says otherwise: {shown.listed(other.values)}."
            return _Computed(replace(found, confidence=found.confidence * _DISPUTED), source, (note,))
    return _Computed(found, source)


def _of_found(computed: _Computed | None, *notes: str) -> Written | None:
    if computed is None:
        return None
    parts = computed.beside or ((computed.found, computed.source),)
    told = [(found, source.sheet) for found, source in parts]
    text = shown.side_by_side(told) if computed.beside else shown.of_found(*told[0])
    text, citations = cite(text, [source.hit for _, source in parts])
    confidence = round(computed.found.confidence, 3)
    return Written(text, WRITER, citations, notes=(*notes, *computed.notes), confidence=confidence)


def _confidence(selected: Selected, computed: _Computed | None) -> float:
    if computed is None or len(selected.result.rows) != 1:
        return _BY_MODEL
    said = {str(cell).replace(",", "") for cell in selected.result.rows[0]}
    agreed = all(value.replace(",", "") in said for value in computed.found.values)
    return _AGREED if agreed else _CONTRADICTED
