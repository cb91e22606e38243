"""Find what a question names and nothing that was found mentions: "Eddy 4" where there are only Eddy 2 and Eddy 3.

Such a question is about a thing of which the documents say nothing, however alike what they say about its neighbours
may be. A *thing* is a capitalised word, a word with its number ("eddy 4") or a code ("harbour-2"). The search by words
finds a rare name wherever it stands, so what stands in no hit stands in no readable passage.
"""

import re
import unicodedata
from collections.abc import Sequence

from flywheel.answering.words import FUNCTION_WORDS, things, words
from flywheel.model import Hit

_NUMBERED = re.compile(r"\b([^\W\d_]{3,})[ -](\d{1,2}(?:\.\d+)*)\b(?! ?%|[:.]\d)")
_CAPITALISED = re.compile(r"\b[A-ZÆØÅÄÖÜ]")
_DAYS = "monday tuesday wednesday thursday friday saturday sunday"
_MONTHS = "january february march april may june july august september october november december"
_TIMES = frozenset([*_DAYS.split(), *_MONTHS.split()])
_QUARTER = re.compile(r"q([1-4])\W?(\d{4})")
_ORIGIN = 4  # first letters that a name shares with what comes from it ("Norway", "Norwegian")


def unknown(question: str, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return what the question names and none of the hits mentions, in the question's spelling; none without hits."""
    if not hits:
        return ()
    cased = " ".join(f"{hit.title} {' '.join(hit.heading_path)} {hit.text}" for hit in hits)
    together = _folded(" ".join(words(cased)))
    named = {_folded(one) for one in things(question)} if _has_plain_words(question) else set()
    missing = {one for one in named if not _stands(one, together)} | _other_numbers(question, cased, together)
    return tuple(sorted({_as_asked(one, question) for one in missing if one.split(" ")[0] not in _TIMES}))


def _has_plain_words(question: str) -> bool:
    """Tell whether capitals mean something: not where somebody shouts or Writes Like This."""
    return 2 * len(_CAPITALISED.findall(question)) <= len(question.split()) + 1


def _stands(thing: str, together: str) -> bool:
    quarter = _QUARTER.fullmatch(thing)
    if quarter:
        number, year = quarter.groups()
        return re.search(rf"(?<!\w)(?:q{number}\W?{year}|{year}\W?q{number})(?!\w)", together) is not None
    if re.search(r"\d", thing):
        return re.search(rf"(?<!\w){re.escape(thing)}(?!\w)", together) is not None
    return re.search(rf"(?<!\w){re.escape(thing[:_ORIGIN])}", together) is not None


def _other_numbers(question: str, cased: str, together: str) -> set[str]:
    """Return words with a number ("eddy 4") that the hits know with other numbers only, written as names."""
    return {
        f"{word} {number}"
        for word, number in _NUMBERED.findall(_folded(question.lower()))
        if word not in FUNCTION_WORDS
        and re.search(rf"\b(?:{re.escape(word.capitalize())}|{re.escape(word.upper())})[ -]\d", cased)
        and not re.search(rf"\b{re.escape(word)}[ -]{re.escape(number)}(?![\w.]*\d)", together)
    }


def _as_asked(thing: str, question: str) -> str:
    found = re.search(re.escape(thing).replace(r"\ ", "[ -]"), _folded(question), re.IGNORECASE)
    return question[found.start() : found.end()] if found and len(_folded(question)) == len(question) else thing


def _folded(text: str) -> str:
    """Return text without accents ("Lucía" is "Lucia")."""
    if text.isascii():
        return text
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
