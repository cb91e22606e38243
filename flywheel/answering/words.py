"""The words that carry meaning in a question or a sentence.

*Content words* are lower-case stems without function words, so that "approves" meets "approval" and "rooms" meets
"room". *Values* are what two texts can contradict each other in: numbers, codes and names.
"""

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*", re.UNICODE)
_NUMBER = re.compile(r"\d[\d.,:]*\d|\d")
_THOUSANDS = re.compile(r"(?<=\d)[,\u00a0\u202f](?=\d{3}(?!\d))")
_DATE = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)")
_THING = re.compile(r"\b[A-ZÆØÅÄÖÜ][\w\-'’]*( \d[\w.]*)?")
_NAME = re.compile(r"\b[A-ZÆØÅÄÖÜ][\w\-]*[\w]")

_MONTH_LIST = "january february march april may june july august september october november december"
_MONTHS = tuple(_MONTH_LIST.split())
_FUNCTION_WORD_LIST = """
    a about above after again against all also am an and any anybody anyone anything are as at be because been
    before being below between both but by can cannot could did do does doing done down during each either else
    ever every few for from further get gets getting go goes going got had has have having he help her here hers
    him his how i if in into is it its itself just know let like make many may maybe me might mine more most much
    must my need needs no nor not now of off ok okay on once one ones only or other our ours out over own please
    same shall she should so some somebody someone something still such tell than thank thanks that the their
    theirs them then there these they thing things this those through to too under until up upon us use used using
    very want wants was way we were what whats when where wheres which while who whom whos whose why will with
    without would yes yet you your yours i'm i've i'd i'll don't doesn't didn't isn't aren't can't won't what's
    where's who's how's when's that's it's there's we're you're they're let's exactly actually currently happen
    happens happening hi hello hey anyway work works there
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORD_LIST.split())
_CURRENCIES = frozenset({"cad", "nok", "usd", "eur", "gbp", "sek", "dkk", "chf"})
_ENDINGS = (
    ("ations", ""), ("ation", ""), ("ating", ""), ("ments", ""), ("ment", ""), ("ings", ""), ("ies", "y"),
    ("ied", "y"), ("ing", ""), ("als", ""), ("al", ""), ("ers", ""), ("ed", ""), ("er", ""), ("es", ""), ("ly", ""),
    ("s", ""), ("e", ""),
)  # fmt: skip
_SHORTEST_STEM = 3
_SAME_PREFIX = 5


def words(text: str) -> list[str]:
    """Return all words in lower case, in order."""
    return [word.replace("’", "'") for word in _WORD.findall(_THOUSANDS.sub("", text.lower()))]


def content_words(text: str) -> list[str]:
    """Return the stems of the words that carry meaning, in order, each once."""
    return list(dict.fromkeys(found for word in dict.fromkeys(words(text)) for found in _stems(word)))


@lru_cache(maxsize=50_000)
def _stems(word: str) -> tuple[str, ...]:
    """Return the stems of a lower-case word's parts, none for a function word; remembered, as texts repeat words."""
    bare = word.removesuffix("'s")
    if word in FUNCTION_WORDS or bare in FUNCTION_WORDS:
        return ()
    return tuple(stem(part) for part in _parts(bare) if part not in FUNCTION_WORDS)


def stem(word: str) -> str:
    """Return a rough stem of a lower-case word; words with digits stay as they are.

    A short list of English endings, one taken off, never leaving fewer than three letters. Cheaper than Porter's
    algorithm and enough here, where stems are only compared with stems of the same making.
    """
    if any(sign.isdigit() for sign in word):
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM and not word.endswith("ss"):
            return _undoubled(word[: -len(ending)] + instead)
    return word


def same_word(one: str, other: str) -> bool:
    """Tell whether two stems are forms of one word: equal, or alike in their first five letters up to a short end."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _SAME_PREFIX and longer.startswith(shorter) and len(longer) - len(shorter) <= 3


def covered(wanted: list[str], text_stems: list[str]) -> list[str]:
    """Return those of the wanted stems that the text's stems contain."""
    have = set(text_stems)
    heads = {word: word[:_SAME_PREFIX] for word in wanted}
    near = [other for other in have if other[:_SAME_PREFIX] in heads.values()]  # `same_word` alone would be slow
    return [word for word in wanted if word in have or any(same_word(word, other) for other in near)]


def numbers(text: str) -> frozenset[str]:
    """Return the numbers in a text, without the separators of thousands ("1,500" is "1500", "2.5" stays)."""
    return frozenset(_NUMBER.findall(_THOUSANDS.sub("", text)))


def names(text: str) -> frozenset[str]:
    """Return capitalised words other than the first word of the text, in lower case."""
    found = (match.group().lower() for match in _NAME.finditer(text) if match.start() > 0)
    return frozenset(name for name in found if name not in FUNCTION_WORDS)


def things(text: str) -> frozenset[str]:
    """Return what a question names: names, names with their number ("eddy 4"), and codes ("harbour-2"), lower case.

    The first word counts when it has a number or a capital beyond its first letter, since any first word is capital.
    """
    found = {" ".join(words(match.group())) for match in _THING.finditer(text) if match.start() > 0 or match.group(1)}
    codes = {word for word in words(text) if any(map(str.isdigit, word)) and any(map(str.isalpha, word))}
    sums = {one for one in found if one.split(" ")[0] in _CURRENCIES}
    return frozenset(one.removesuffix("'s") for one in (found | codes) - sums if one not in FUNCTION_WORDS)


def _parts(word: str) -> list[str]:
    """Return the parts of a compound; codes ("harbour-2") and one-letter prefixes ("e-mail") stay in one piece.

    A date in figures becomes its words ("2026-11-24": 24, november, 2026), as people write it in questions.
    """
    date = _DATE.fullmatch(word)
    if date and 1 <= int(date.group(2)) <= len(_MONTHS):
        return [str(int(date.group(3))), _MONTHS[int(date.group(2)) - 1], date.group(1)]
    if any(sign.isdigit() for sign in word):
        return [word]
    if len(word) > 2 and word[1] == "-":
        return [word.replace("-", "")]
    return [part for part in re.split(r"[-.']", word) if part]


def _undoubled(word: str) -> str:
    """Return "plan" for "plann" (from "planning"), but leave "call" and "pass" alone."""
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] in "bdgmnprt":
        return word[:-1]
    return word
