"""Answer with code as it stands: a line that says what it is, the block in its language, its path and lines.

A run-book's command is introduced by the sentence above it, a function by the sentence of its comments that is nearest
to the question. Where a value is asked for, or the code is long, only the rows around what matters are shown, and how
many more there are is said.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flywheel.answering.units import plain, sentences
from flywheel.answering.words import content_words, covered
from flywheel.answering.written import Quote, Written, cite
from flywheel.knowledge.identifiers import compound_words, mentioned, split
from flywheel.knowledge.telling import Comment, comments_of
from flywheel.model import Hit, Kind

WRITER = "code"
MOST_ROWS = 60
"""Rows of code in an answer."""

MOST_CHARACTERS = 2_400
"""Characters of code in an answer."""

NAMED = 0.9
"""The probability that code is meant whose own name stands in the question."""

_NEAR = 0.9  # of the best hit's score
_KIN = 0.7  # of the score of a file's heading comment
_MOST_STEPS = 4
_ROWS_OF_A_VALUE = 12
_SHORT = 24  # rows that are shown as a whole for a value too
_LONGEST_LEAD = 240
_CODE_WANTED = re.compile(
    r"\b(?:commands?|scripts?|code|snippets?|functions?|methods?|class|query|queries|sql|regex|one-liner|run|call|implement\w*)\b",
    re.IGNORECASE,
)
_VALUE_WANTED = re.compile(
    r"^(?:what(?:'s| is| are)|how (?:many|long|much|often|big|large)|when|why|which)\b|\b(?:default|maximum|minimum)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Excerpt:
    """Rows of code to show; `first` counts from 1 in its file, None where lines are not known."""

    hit: Hit
    rows: tuple[str, ...]
    first: int | None
    more: int


def write(question: str, hits: Sequence[Hit]) -> Written | None:
    """Answer with the best code; None when code is not what was found first, or nearly so and asked for."""
    found = [hit for hit in hits if hit.is_passage]
    best = _best(question, found)
    if best is None:
        return None
    best = _told_of(question, best, found)
    shown = _steps(best, found)
    text = "\n\n".join(_block(question, _excerpt(question, hit, found), n) for n, hit in enumerate(shown, 1))
    text, citations = cite(text, shown)
    quotes = tuple(Quote(hit.text, hit.passage_id) for hit in shown)
    return Written(text, WRITER, citations, quotes, confidence=NAMED if _is_named(question, best) else None)


def _best(question: str, found: Sequence[Hit]) -> Hit | None:
    if not found:
        return None
    if found[0].kind is Kind.CODE:
        return found[0]
    second = found[1] if len(found) > 1 else None
    if second is None or second.kind is not Kind.CODE or second.score < _NEAR * found[0].score:
        return None
    return second if _CODE_WANTED.search(question) or _is_named(question, second) else None


def _told_of(question: str, best: Hit, found: Sequence[Hit]) -> Hit:
    """Return the code that has most of the question's words in the file whose heading comment was found.

    A comment alone shows nothing to use; where no code is asked for, it may well be the answer.
    """
    if not _only_tells(best) or not _CODE_WANTED.search(question):
        return best
    wanted = content_words(question)
    kin = [one for one in found if one.kind is Kind.CODE and one.document_id == best.document_id]
    code = [one for one in kin if one.score >= _KIN * best.score and not _only_tells(one)]
    return max(code, key=lambda one: len(covered(wanted, _words(one.text))), default=best)


def _only_tells(hit: Hit) -> bool:
    told = {row for one in _comments(hit) for row in range(one.first, one.last + 1)}
    return bool(told) and all(row in told for row, text in enumerate(hit.text.split("\n")) if text.strip())


def _steps(best: Hit, found: Sequence[Hit]) -> list[Hit]:
    """Return a command with the others of its section, in order, as one alone may be but half of what is to be done.

    Where there are many they are a collection rather than steps, and the command stands alone.
    """
    if _symbol(best) or best.line is None or not best.heading_path:
        return [best]
    section = [
        one
        for one in found
        if one.kind is Kind.CODE
        and (one.document_id, one.heading_path) == (best.document_id, best.heading_path)
        and one.line is not None
        and not _symbol(one)
    ]
    return sorted(section, key=lambda one: one.line or 0) if len(section) <= _MOST_STEPS else [best]


def _symbol(hit: Hit) -> str:
    return hit.detail.get("symbol", "")


def _is_named(question: str, hit: Hit) -> bool:
    symbol = _symbol(hit).lower()
    names = {name.lower() for name in mentioned(question)}
    return bool(symbol) and not names.isdisjoint({symbol, symbol.rsplit(".", 1)[-1]})


def _excerpt(question: str, hit: Hit, found: Sequence[Hit]) -> _Excerpt:
    rows, first = _whole(hit, found)
    wants_value = _VALUE_WANTED.search(question) and not _CODE_WANTED.search(question)
    most = _ROWS_OF_A_VALUE if wants_value and len(rows) > _SHORT else MOST_ROWS
    start, end = _window(rows, _focus(question, rows), most)
    more = len(rows) - (end - start)
    start += next((n for n, row in enumerate(rows[start:end]) if row.strip()), 0)
    while end > start + 1 and not rows[end - 1].strip():
        end -= 1
    return _Excerpt(hit, tuple(rows[start:end]), None if first is None else first + start, more)


def _whole(hit: Hit, found: Sequence[Hit]) -> tuple[list[str], int | None]:
    """Return the rows of what the hit defines, as far as its other passages were found and join on; and its line."""
    rows, first = hit.text.split("\n"), hit.line
    if first is None or not _symbol(hit):
        return rows, first
    kin = [one for one in found if one.document_id == hit.document_id and _symbol(one) == _symbol(hit) and one.line]
    last = first + len(rows)
    for one in sorted(kin, key=lambda one: one.line or 0):
        if one.line == last:
            rows += one.text.split("\n")
            last = first + len(rows)
    for one in sorted(kin, key=lambda one: -(one.line or 0)):
        before = one.text.split("\n")
        if (one.line or 0) + len(before) == first:
            rows, first = before + rows, first - len(before)
    return rows, first


def _focus(question: str, rows: Sequence[str]) -> int:
    """Return the row that has most of the question's words."""
    wanted = content_words(question)
    counts = [len(covered(wanted, _words(row))) for row in rows]
    return counts.index(max(counts))


def _words(row: str) -> list[str]:
    return content_words(f"{row} {' '.join(compound_words(row))}")


def _window(rows: Sequence[str], focus: int, most: int) -> tuple[int, int]:
    """Return where to begin and end: at the beginning if the row that matters is shown then, else before that row."""
    start, end = 0, _end(rows, 0, most)
    if focus >= end:
        start = max(focus - most // 3, 0)
        end = _end(rows, start, most)
    if focus >= end:
        start, end = focus, _end(rows, focus, most)
    return start, end


def _end(rows: Sequence[str], start: int, most: int) -> int:
    end, characters = start + 1, len(rows[start])
    while end < len(rows) and end - start < most and characters + len(rows[end]) + 1 <= MOST_CHARACTERS:
        characters += len(rows[end]) + 1
        end += 1
    return end


def _block(question: str, excerpt: _Excerpt, n: int) -> str:
    hit = excerpt.hit
    code = "\n".join(excerpt.rows)[:MOST_CHARACTERS].replace("```", "'''")
    more = f" … {excerpt.more} more line{'s' if excerpt.more > 1 else ''}" if excerpt.more else ""
    return f"{_lead(question, hit)} [{n}]\n```{hit.detail.get('language', '')}\n{code}\n```\n{_place(excerpt)}{more}"


def _lead(question: str, hit: Hit) -> str:
    about = hit.detail.get("about") or _beside_the_name(question, hit) or _nearest(question, _said(hit))
    if about:
        return plain(about)
    if _symbol(hit):
        return f"{_symbol(hit)} in {hit.title}:"
    return f"{hit.heading_path[-1] if hit.heading_path else hit.title}:"


def _comments(hit: Hit) -> list[Comment]:
    return [one for one in comments_of(hit.text, hit.detail.get("language", "")) if not one.trails]


def _said(hit: Hit) -> list[str]:
    return [one for comment in _comments(hit) for one in sentences(comment.text) if len(one) <= _LONGEST_LEAD]


def _beside_the_name(question: str, hit: Hit) -> str:
    """Return the first sentence of the comment above, in Python below, the row that defines what the question names."""
    names = [re.escape(name.rsplit(".", 1)[-1]) for name in sorted(mentioned(question))]
    defines = re.compile(rf"\b(?:{'|'.join(names)})\s*(?:\(|[:=<{{])") if names else None
    rows = [row for row, text in enumerate(hit.text.split("\n")) if defines and defines.search(text)]
    below = hit.detail.get("language") == "python"
    beside = [one for one in _comments(hit) if rows and rows[0] == (one.first - 1 if below else one.last + 1)]
    said = sentences(beside[0].text) if beside else []
    return said[0] if said and len(said[0]) <= _LONGEST_LEAD else ""


def _nearest(question: str, said: Sequence[str]) -> str:
    """Return the sentence that has most of the question's words, and one with others of them, in their order."""
    wanted = [*content_words(question), *_stems(mentioned(question))]
    covers = [frozenset(covered(wanted, content_words(one))) for one in said]
    if not covers:
        return ""
    best = max(range(len(said)), key=lambda n: len(covers[n]))
    second = max(range(len(said)), key=lambda n: len(covers[n] - covers[best]))
    pair = " ".join(said[n] for n in sorted((best, second)))
    return pair if covers[second] - covers[best] and len(pair) <= _LONGEST_LEAD else said[best]


def _stems(names: Iterable[str]) -> list[str]:
    return content_words(" ".join(word for name in names for word in split(name)))


def _place(excerpt: _Excerpt) -> str:
    """Return where code stands: its path and lines, or its title when it has none."""
    first, last = excerpt.first, (excerpt.first or 0) + len(excerpt.rows) - 1
    if first is None:
        return excerpt.hit.title
    path = f"`{excerpt.hit.external_id.replace('`', '')}`"
    return f"{path}, line {first}" if last == first else f"{path}, lines {first}–{last}"
