"""What a question asks of a table: which operation, on what, and in which words.

wants    the noun phrase that names what is asked for: "which *episode* had …", "how many *league goals* did …"
extreme  the superlative that compares: "the *most* viewers", "the *cheapest* product"
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from flywheel.answering.tables.lexicon import HIGHEST, LOWEST, word_set
from flywheel.answering.tables.sheet import tokens
from flywheel.answering.words import stem

MOST_ASKED = 20
"""The largest n of a "top n" that is answered."""

_WRITTEN = re.compile(r"\d+(?:[.,:]\d+)+|[^\W_]+(?:['’]s\b)?")
_STOPS = word_set(
    "is was are were did does do has have had can will would should of for in with by on at from to per than got get "
    "that who which when whose between since before after during"
)
_BE = word_set("is was are were the a an s our all in on at of")
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10}
_DIFFERENCE = re.compile(
    r"how (?:many|much) (?:more|fewer|less)\b(?=.* than\b)|\bdifference\b.* between\b|\bby how (?:many|much)\b"
)
_MEAN = re.compile(r"\b(?:average|mean|avg|on average)\b")
_SUM = re.compile(r"\b(?:total|sum|altogether|combined|in all|overall|add up)\b")
_SAID = r"(\d{1,2}|two|three|four|five|six|seven|eight|ten)"
_TOP = re.compile(rf"\b(?:top|bottom) {_SAID}\b")
_COUNTED = re.compile(rf"\b{_SAID} ([a-z]+)\b|\b([a-z]+) {_SAID}\b")
_MANY = re.compile(r"\b(?:how many|number of|count of|count the)\b")


class Intent(StrEnum):
    """What to do with the rows that fit."""

    LOOKUP = "lookup"
    COUNT = "count"
    SUM = "sum"
    MEAN = "mean"
    EXTREME = "extreme"
    TOP = "top"
    DIFFERENCE = "difference"


_YES_OR_NO = word_set("is was are were did does do has have had can will would should could may")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question: folded, its stem, and whether it names something (a capital, a digit)."""

    text: str
    stem: str
    proper: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as understood before looking at any table. `wants` is a span of words, first and behind the last."""

    words: tuple[Word, ...]
    intent: Intent
    wants: tuple[int, int]
    opener: str
    extreme: int | None = None
    lowest: bool = False
    most: int = 1

    @property
    def is_yes_or_no(self) -> bool:
        """Tell whether it asks for no value at all: "did Grease set a record?"."""
        return not self.opener and self.words[:1] != () and self.words[0].text in _YES_OR_NO

    @property
    def plural(self) -> bool:
        """Tell whether several things are asked for: "which films were", "list the vendors"."""
        first, end = self.wants
        named = [word.text for word in self.words[first:end]]
        plural_verb = any(word.text in {"are", "were"} for word in self.words[:3])
        return plural_verb or any(one.endswith("s") and not one.endswith(("ss", "us", "is")) for one in named)

    def stems(self, first: int = 0, end: int | None = None) -> list[str]:
        """Return the stems of some words."""
        return [word.stem for word in self.words[first:end]]


def understand(question: str) -> Asked:
    """Return what a question asks."""
    words = _words(question)
    plain = " ".join(word.text for word in words)
    opener = _opener(words)
    extreme = next(
        (at for at, word in enumerate(words) if word.text in HIGHEST | LOWEST and _compares(words, at)), None
    )
    most = _most(plain)
    lowest = extreme is not None and words[extreme].text in LOWEST
    intent = _intent(plain, extreme, most)
    return Asked(words, intent, _wants(words, opener), opener, extreme, lowest, most)


def _words(question: str) -> tuple[Word, ...]:
    found = []
    for at, match in enumerate(_WRITTEN.finditer(question)):
        written = match.group()
        proper = any(map(str.isdigit, written)) or (written[:1].isupper() and (at > 0 or written[1:2].isupper()))
        found += [Word(one, stem(one), proper) for one in tokens(written)]
    return tuple(found)


def _opener(words: tuple[Word, ...]) -> str:
    """Return the question word; "how many" and "how much" are one."""
    for at, word in enumerate(words):
        following = words[at + 1].text if at + 1 < len(words) else ""
        if word.text == "how" and following in {"many", "much"}:
            return f"how {following}"
        if word.text in {"who", "whom", "where", "when", "which", "what", "how", "whose"}:
            return word.text
    return ""


def _compares(words: tuple[Word, ...], at: int) -> bool:
    """Tell "at least" and "at most", which compare with a number, from superlatives."""
    return not (words[at].text in {"least", "most"} and at > 0 and words[at - 1].text == "at")


def _most(plain: str) -> int:
    """Return the n of "top 3", "3 largest" or "largest three", 1 where none is said."""
    said = [match.group(1) for match in _TOP.finditer(plain)]
    for match in _COUNTED.finditer(plain):
        before, word, other, after = match.groups()
        if (word or other) in HIGHEST | LOWEST:
            said.append(before or after)
    counts = [_NUMBERS.get(one) or int(one) for one in said]
    return next((count for count in counts if 2 <= count <= MOST_ASKED), 1)


def _intent(plain: str, extreme: int | None, most: int) -> Intent:
    if _DIFFERENCE.search(plain):
        return Intent.DIFFERENCE
    if extreme is not None:
        return Intent.TOP if most > 1 else Intent.EXTREME
    if _MEAN.search(plain):
        return Intent.MEAN
    if _MANY.search(plain):
        return Intent.COUNT
    return Intent.SUM if _SUM.search(plain) else Intent.LOOKUP


def _wants(words: tuple[Word, ...], opener: str) -> tuple[int, int]:
    """Return the span of the noun phrase after the question word, empty for "when", "where" and the like."""
    texts = [word.text for word in words]
    if opener in {"how many", "how much"}:
        first = texts.index(opener.split()[1]) + 1
        while first < len(texts) and texts[first] in {"of", "the", "our"}:
            first += 1
    elif opener in {"which", "what"}:
        first = texts.index(opener) + 1
        while first < len(texts) and texts[first] in _BE:
            first += 1
    elif not opener:
        first = next((at + 1 for at, one in enumerate(texts) if one in {"list", "show", "name", "give", "number"}), 0)
        while first < len(texts) and texts[first] in _BE | {"me", "us", "all"}:
            first += 1
    else:
        first = texts.index("how") + 1 if opener == "how" else 0
        return first, first + (opener == "how")
    end = next((at for at in range(first, len(texts)) if texts[at] in _STOPS), len(texts))
    return first, end
