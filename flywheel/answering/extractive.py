"""Answer by quoting, when no language model is there: whole units of the best passages, nothing of its own.

Around the best unit come those that belong to it: the line that introduces a list, the rest of the list when steps
are asked for, the code after "run:", the sentence that "it" refers to. A second source is added only when it says
more. Where two documents disagree the newer one is quoted, and both stand below it with their dates.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from flywheel.answering.disagreement import Disagreement, disagreement, newest_first, superseded
from flywheel.answering.evidence import Evidence
from flywheel.answering.layout import Chosen, laid_out, shown
from flywheel.answering.sides import side_by_side
from flywheel.answering.units import Unit, UnitKind, units_of
from flywheel.answering.words import content_words, words
from flywheel.answering.written import Quote, Written, cite
from flywheel.model import Hit

WRITER = "extractive"
LIMIT = 700
"""Characters of an answer, source marks included."""

_CLOSE = 0.75  # of the best unit's score: what may be added from the same passage
_CLOSE_ELSEWHERE = 0.8
_MUCH_OLDER = timedelta(days=365)
_SAME_ROW = 0.8  # of the best row's coverage
_MOST_EXTRA = 2
_ENOUGH = 420  # characters; nothing is added to an answer that is this long
_AROUND = 380  # characters of one passage quoted around its best sentence
_REPEATS = 0.7
_LEANS_BACK = frozenset({"it", "they", "this", "these", "that", "those", "he", "she", "then", "its", "their", "both"})
_LIST_WANTED = (
    "how do",
    "how can",
    "how to",
    "how should",
    "steps",
    "what are",
    "which",
    "list",
    "set up",
    "what does",
    "what do",
)


def write(question: str, evidence: Sequence[Evidence]) -> Written | None:
    """Quote what answers the question, in at most 700 characters; None when nothing can be quoted."""
    ranked = newest_first(evidence)
    if not ranked:
        return None
    clash = disagreement(ranked)
    if clash is not None:
        ranked = [clash.newer, *(one for one in ranked if one not in (clash.newer, clash.older))]
    chosen = _choose(question, ranked)
    sources = _sources(chosen)
    sides = _sides(clash, sources) if clash else ""
    warning = (_older_says(clash.older) if len(sides) > LIMIT // 2 else sides) if clash else _newer_exists(ranked)
    while len(chosen) > 1 and len(laid_out(chosen, sources)) + len(warning) + 8 > LIMIT:
        chosen.pop()
    text = laid_out(chosen, sources)
    quoted = list(chosen)
    if warning and len(text) + len(warning) + 8 <= LIMIT:
        text = f"{text}\n\n{warning}"
        if clash:
            sources = [*sources, clash.older.hit]
            text = text if warning == sides else f"{text} [{len(sources)}]"
            quoted.append((clash.older.hit, clash.older.unit))
    text, citations = cite(text, sources)
    notes = (f"An older source disagrees ({clash.older.hit.title}); the newer one was taken.",) if clash else ()
    return Written(text, WRITER, citations, tuple(Quote(unit.text, hit.passage_id) for hit, unit in quoted), notes)


def _choose(question: str, ranked: Sequence[Evidence]) -> list[Chosen]:
    """Return the units to quote, most wanted first; what does not fit is taken off the end."""
    best = ranked[0]
    chosen: list[Chosen] = [(best.hit, unit) for unit in _with_company(question, best)]
    chosen.extend((best.hit, unit) for unit in _around(best, [unit for _, unit in chosen]))
    extras = 0
    for other in ranked[1:]:
        same = other.hit.passage_id == best.hit.passage_id
        if extras == _MOST_EXTRA or other.score < best.score * _CLOSE or _length(chosen) > _ENOUGH:
            break
        close = same or other.score >= best.score * _CLOSE_ELSEWHERE
        if close and not _is_stray(other, best) and not _repeats(other, chosen):
            extras += 1
            company = [other.unit] if other.unit.kind is UnitKind.ITEM else _with_company("", other)
            chosen.extend((other.hit, unit) for unit in company if (other.hit, unit) not in chosen)
    return _fitting(chosen)


def _is_stray(other: Evidence, best: Evidence) -> bool:
    """Tell whether a unit would mislead beside the best one: much older than it, or a row about something else."""
    dates = other.hit.updated_at, best.hit.updated_at
    if dates[0] is not None and dates[1] is not None and dates[0] + _MUCH_OLDER < dates[1]:
        return True
    return other.unit.kind is best.unit.kind is UnitKind.ROW and other.coverage < best.coverage * _SAME_ROW


def _with_company(question: str, best: Evidence) -> list[Unit]:
    """Return the unit followed by the units of its passage without which it would be incomplete."""
    all_units = units_of(best.hit.text, best.hit.kind)
    unit, place = best.unit, best.unit.place
    company = [unit]
    before = all_units[place - 1] if place else None
    if before and unit.kind is UnitKind.SENTENCE and before.kind is UnitKind.SENTENCE and _leans_back(unit):
        company.append(before)
    if unit.kind is UnitKind.ITEM and (_wants_list(question) or unit.text[:1].isdigit()):
        company.extend(_in_group(all_units, unit.group))
    after = all_units[place + 1] if place + 1 < len(all_units) else None
    if after and after.kind is UnitKind.CODE and unit.kind is not UnitKind.CODE and _wants_list(question):
        company.append(after)
    if after and after.text.endswith(":") and _wants_list(question):
        company.extend(one for one in all_units[place + 2 :] if one.lead == after.text)
    return list(dict.fromkeys(company))


def _around(best: Evidence, company: Sequence[Unit]) -> list[Unit]:
    """Return the sentences next to the quoted ones, those after them first, as far as there is room for them."""
    if any(unit.kind is not UnitKind.SENTENCE for unit in company):
        return []
    all_units = units_of(best.hit.text, best.hit.kind)
    first, last = min(unit.place for unit in company), max(unit.place for unit in company)
    length = sum(len(unit.text) for unit in company)
    found: list[Unit] = []
    for step, start in ((1, last), (-1, first)):
        place = start + step
        while 0 <= place < len(all_units) and _is_whole(all_units[place]):
            length += len(all_units[place].text)
            if length > _AROUND:
                break
            found.append(all_units[place])
            place += step
    return found


def _is_whole(unit: Unit) -> bool:
    """Tell whether a unit is a sentence that ends, so that it neither introduces something nor is a title."""
    return unit.kind is UnitKind.SENTENCE and unit.text[-1] in ".!?…\"'”’)"


def _in_group(all_units: Sequence[Unit], group: int) -> list[Unit]:
    return [one for one in all_units if one.group == group and one.kind is UnitKind.ITEM]


def _wants_list(question: str) -> bool:
    lowered = question.lower()
    return any(opening in lowered for opening in _LIST_WANTED)


def _leans_back(unit: Unit) -> bool:
    return not _LEANS_BACK.isdisjoint(words(unit.text)[:4])


def _repeats(other: Evidence, chosen: Iterable[Chosen]) -> bool:
    mine = set(content_words(other.unit.text))
    return any(
        len(mine & theirs) >= _REPEATS * max(min(len(mine), len(theirs)), 1)
        for theirs in (set(content_words(unit.text)) for _, unit in chosen)
    )


def _length(chosen: Iterable[Chosen]) -> int:
    return sum(len(shown(unit)) for _, unit in chosen)


def _fitting(chosen: Sequence[Chosen]) -> list[Chosen]:
    kept: list[Chosen] = []
    room = LIMIT
    for hit, unit in chosen:
        cost = len(shown(unit)) + len(unit.lead) + 6
        if not kept or cost <= room:
            kept.append((hit, unit))
            room -= cost
    return kept


def _sources(chosen: Sequence[Chosen]) -> list[Hit]:
    return list({hit.passage_id: hit for hit, _ in chosen}.values())


def _sides(clash: Disagreement, sources: Sequence[Hit]) -> str:
    """Return both statements with their marks; the older source is the one after `sources`."""
    newer = next(n for n, hit in enumerate(sources, 1) if hit.passage_id == clash.newer.hit.passage_id)
    return side_by_side(clash, (newer, len(sources) + 1))


def _newer_exists(ranked: Sequence[Evidence]) -> str:
    """Return a warning when the best unit stands in a document that a newer one on the same topic may have replaced."""
    best = ranked[0].hit
    newer = next((one.hit for one in ranked if best.document_id in superseded([best, one.hit])), None)
    if newer is None or best.updated_at is None:
        return ""
    return f"This is from {best.updated_at.day} {best.updated_at:%B %Y}; “{newer.title}” is newer and does not say it."


def _older_says(older: Evidence) -> str:
    date = older.hit.updated_at
    when = f" of {date.day} {date:%B %Y}" if date else ""
    said = shown(older.unit).removeprefix("• ")
    return f"An older source, “{older.hit.title}”{when}, says otherwise: {said}"
