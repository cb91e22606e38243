"""Tell whether two questions that read alike ask about the same thing.

A cosine hardly sees the difference between "leave in 2024" and "leave in 2025", or between two offices. So what is
exact must agree before a verified answer is used again: numbers (years, versions, codes with a digit), quoted names,
and names written with a capital inside a sentence.
"""

import re

_WORD = re.compile(r"[\w.-]*\w")
_QUOTED = re.compile(r"[\"“„«`]([^\"“”„«»`]{1,80})[\"”“»`]")
_SENTENCE = re.compile(r"[.!?:\n]+\s*")


def same_things(asked: str, verified: str) -> bool:
    """Return whether numbers, quoted names and capitalised names of the two questions agree.

    People type names without capitals, so a capitalised name of either question may stand in any case in the other.
    """
    here, there = _words(asked), _words(verified)
    return (
        numbers(asked) == numbers(verified)
        and (names(verified) | _quoted(verified)) <= here
        and (names(asked) | _quoted(asked)) <= there
    )


def numbers(text: str) -> frozenset[str]:
    """Return the words that hold a digit; "1,000" counts as "1000"."""
    found = (word.strip(".-") for word in _WORD.findall(text.casefold().replace(",", "")))
    return frozenset(word for word in found if any(character.isdigit() for character in word))


def names(text: str) -> frozenset[str]:
    """Return words that begin with a capital although no sentence begins there, casefolded.

    Words all in capitals are left out: acronyms are what people paraphrase ("VPN", "the company network").
    """
    found: set[str] = set()
    for sentence in _SENTENCE.split(text):
        for word in _WORD.findall(sentence)[1:]:
            if word[0].isupper() and not word.isupper():
                found.add(_stem(word))
    return frozenset(found)


def _words(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(text))


def _stem(word: str) -> str:
    return word.casefold().removesuffix("'s").strip(".-")


def _quoted(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for quoted in _QUOTED.findall(text) for word in _WORD.findall(quoted))
