"""Tell whether two questions that read alike ask about the same thing.

A cosine hardly sees the difference between "leave in 2024" and "leave in 2025", or between two offices. So what is
exact must agree before a verified answer is used again: numbers (versions, codes with a digit), quoted names, names
written with a capital inside a sentence, what is set apart by a word ("production" and "staging", "with" and
"without"), the kind of thing that is asked for (a time, a place, an amount, a person), and the one word in which two
questions of the same words differ.

A year that a question does not name is the year in which it was asked: "the budget" in 2026 is the budget for 2026,
and an answer that was approved in 2025 to "the budget" is not for "the 2026 budget". Where neither question names a
year, none counts.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest

_WORD = re.compile(r"[\w.-]*\w")
_QUOTED = re.compile(r"[\"“„«`]([^\"“”„«»`]{1,80})[\"”“»`]")
_SENTENCE = re.compile(r"[.!?:\n]+\s*")
_FISCAL = re.compile(r"(?:fy|')(\d\d)|fy((?:19|20)\d\d)|fiscal((?:19|20)\d\d)")
_VERSION = re.compile(r"v(\d[\w.]*)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_LEFT_OUT = re.compile(
    r"\b(?:without|except|excluding|excludes?|no longer|other than|apart from)\b|\bnon-"
    r"|(?:\bnot|n['’]t)\s+(?:\w+ed|eligible|possible|part of)\b",
    re.IGNORECASE,
)

_APART: Sequence[Mapping[str, str]] = tuple(
    {word: group[0] for group in (names.split() for names in kinds.split("|")) for word in group}
    for kinds in (
        "production prod live|staging stage|development dev|test testing sandbox|preview",
        "internal internally|external externally",
        "monthly month|weekly week|daily day|quarterly quarter|hourly hour",
        "employee employees staff|contractor contractors freelancer freelancers|intern interns|manager managers",
        "minimum min least|maximum max most|average mean",
        "before|after",
        "enable enabling activate|disable disabling deactivate",
        "add adding|remove removing delete deleting",
        "start starting begin|stop stopping end",
        "install installing|uninstall uninstalling",
        "upgrade upgrading|downgrade downgrading",
        "join joining|leave leaving quit",
        "incoming inbound|outgoing outbound",
        "gross|net",
        "first|last",
        "increase raise|decrease reduce lower",
        "windows|mac macos osx|linux ubuntu|ios iphone|android",
    )
)
"""What sets questions apart: the members of a line exclude each other; words of one member mean the same."""

_STRICT = 1
"""The first so many lines must agree also where only one of the questions names a member."""

_LITTLE_LIST = """
    a an the i we you my our your me us is are was be do does did can could should would will to of for in on at by how
    what where when who which why there it this that get please hi hello hey have has need want like know tell explain
"""
_LITTLE = frozenset(_LITTLE_LIST.split())
_FEWEST = 2  # telling words; with one alone, two questions have nothing in common


_KINDS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(rf"\b(?:{form})\b", re.IGNORECASE)
    for kind, form in {
        "time": r"when|until when|since when|what (?:time|date|day)|which (?:date|day|year|month)|deadline",
        "amount": r"how (?:many|much|long|big|large|high)|number of|(?:what|which) (?:amount|percentage|price|cost)",
        "place": r"where|address|location",
        "person": r"who|whom|whose",
    }.items()
}
_ALIKE = frozenset({"place", "person"})  # where a report goes, and to whom


def same_things(asked: str, verified: str, asked_in: int | None = None, verified_in: int | None = None) -> bool:
    """Return whether numbers, names and what sets questions apart agree in the two questions.

    People type names without capitals, so a capitalised name of either question may stand in any case in the other.
    The two years say when each was asked; without them a year must stand in both or neither.
    """
    return may_be_same(asked, verified) and _same_years(asked, verified, asked_in, verified_in)


def may_be_same(asked: str, verified: str) -> bool:
    """Return the same for all but years that only one of the questions names; those take the two dates."""
    here, there = _words(asked), _words(verified)
    return (
        _same_numbers(asked, verified)
        and (names(verified) | _quoted(verified)) <= here
        and (names(asked) | _quoted(asked)) <= there
        and not _acronyms_differ(asked, verified)
        and leaves_out(asked) == leaves_out(verified)
        and not _kinds_differ(asked, verified)
        and not _set_apart(here, there)
        and not _one_word_differs(asked, verified)
    )


def numbers(text: str) -> frozenset[str]:
    """Return the words that hold a digit; "1,000" counts as "1000", "v2" as "2", and "FY25" as "2025"."""
    plain = re.sub(r"\b(fiscal)(?: year)? (?=(?:19|20)\d\d)", r"\1", text.casefold().replace(",", "").replace("’", "'"))
    plain = re.sub(r"(?<!\w)'(?=\d\d\b)", "fy", plain)
    found = (word.strip(".-") for word in _WORD.findall(re.sub(r"\bfy (?=\d)", "fy", plain)))
    return frozenset(_number(word) for word in found if any(character.isdigit() for character in word))


def names(text: str) -> frozenset[str]:
    """Return words that begin with a capital although no sentence begins there, casefolded.

    Words all in capitals are left out: acronyms are what people paraphrase ("VPN", "the company network").
    """
    found: set[str] = set()
    for sentence in _SENTENCE.split(text):
        for word in _WORD.findall(sentence)[1:]:
            if word[0].isupper() and not word.isupper() and not word.startswith(("I'", "I’")):
                found.add(_stem(word))
    return frozenset(found)


def leaves_out(text: str) -> bool:
    """Tell whether a question is about what is left out: "without VPN", "what is not covered".

    Other negations say little: people ask "can't I …?" for "can I …?", and tell that something does not work.
    """
    return bool(_LEFT_OUT.search(text))


def _same_numbers(asked: str, verified: str) -> bool:
    here, there = numbers(asked), numbers(verified)
    here_years, there_years = _years(here), _years(there)
    years_agree = here_years == there_years or not (here_years and there_years)
    return years_agree and here - here_years == there - there_years


def _same_years(asked: str, verified: str, asked_in: int | None, verified_in: int | None) -> bool:
    here, there = _years(numbers(asked)), _years(numbers(verified))
    if bool(here) != bool(there) and asked_in is not None and verified_in is not None:
        return (here or {str(asked_in)}) == (there or {str(verified_in)})
    return here == there


def _years(found: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in found if _YEAR.fullmatch(one))


def _number(word: str) -> str:
    if fiscal := _FISCAL.fullmatch(word):
        short, long, spelled = fiscal.groups()
        return f"20{short}" if short else long or spelled
    version = _VERSION.fullmatch(word)
    return version[1] if version else word


def _kinds_differ(asked: str, verified: str) -> bool:
    """Tell whether each question asks for a kind of thing, and not for the same."""
    here, there = _kinds(asked), _kinds(verified)
    return bool(here and there) and here.isdisjoint(there) and here | there != _ALIKE


def _kinds(text: str) -> frozenset[str]:
    return frozenset(kind for kind, form in _KINDS.items() if form.search(text))


def _acronyms_differ(asked: str, verified: str) -> bool:
    """Tell whether each question has acronyms and none of either stands in the other, in any case."""
    here, there = _acronyms(asked), _acronyms(verified)
    return bool(here and there) and here.isdisjoint(_words(verified)) and there.isdisjoint(_words(asked))


def _acronyms(text: str) -> frozenset[str]:
    if text.isupper():
        return frozenset()
    return frozenset(_stem(word) for word in _WORD.findall(text) if word.isupper() and len(word) > 1 and word.isalpha())


def _set_apart(here: frozenset[str], there: frozenset[str]) -> bool:
    for place, kinds in enumerate(_APART):
        mine, theirs = ({kinds[word] for word in words if word in kinds} for words in (here, there))
        strict = place < _STRICT
        if mine != theirs and (strict or (mine and theirs and mine.isdisjoint(theirs))):
            return True
    return False


def _one_word_differs(asked: str, verified: str) -> bool:
    """Tell whether the questions are word for word the same but for one: "the berlin office" and "the paris office"."""
    here, there = _telling(asked), _telling(verified)
    if len(here) != len(there) or len(here) < _FEWEST:
        return False
    different = [(mine, theirs) for mine, theirs in zip_longest(here, there) if mine != theirs]
    return len(different) == 1 and not _spelled_alike(*different[0])


def _telling(text: str) -> list[str]:
    return [word for word in (_stem(one) for one in _WORD.findall(text)) if word not in _LITTLE]


def _spelled_alike(one: str, other: str) -> bool:
    """Tell whether two words begin alike, as forms of one word do and most slips of the pen."""
    shorter = min(len(one), len(other))
    return shorter >= 3 and one[: max(3, shorter - 2)] == other[: max(3, shorter - 2)]


def _words(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(text))


def _stem(word: str) -> str:
    return word.casefold().removesuffix("'s").strip(".-")


def _quoted(text: str) -> frozenset[str]:
    return frozenset(_stem(word) for quoted in _QUOTED.findall(text) for word in _WORD.findall(quoted))
