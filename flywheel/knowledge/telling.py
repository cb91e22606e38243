"""Write what code is searched by: first what a person would say of it, then the code itself.

    remarks    what its author says in words: comments and docstrings, messages, the names of what it calls
    telling    the search text: the words of its name, its comments, its signature, messages, calls, then the rest

The encoder reads the first 256 tokens, so the most telling comes first; the words index reads all of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flywheel.knowledge.commands import explained
from flywheel.knowledge.identifiers import compound_words, split, unique

_MOST_SAID = 100  # words of comments before the signature
_MOST_CALLS = 25
_SIGNATURE_LINES = 4
_DOC = r"\"{3}.*?\"{3}|'{3}.*?'{3}"
_BLOCK = r"/\*.*?\*/"
_HASH = r"(?:^|(?<=\s))#+(?![!\[]|include|define|if|endif|else|pragma)[^\n]*"
_SLASH = r"(?:^|(?<=\s))//+[^\n]*"
_DASH = r"(?:^|(?<=\s))--[^\n]*"
_AFTER_HASHES, _AFTER_SLASHES, _AFTER_DASHES, _AFTER_ANY = (
    re.compile("|".join(marks), re.DOTALL | re.MULTILINE)
    for marks in ((_DOC, _HASH), (_BLOCK, _SLASH), (_BLOCK, _DASH), (_DOC, _BLOCK, _HASH, _SLASH))
)
_HASHES = frozenset({"python", "ruby", "perl", "r", "yaml", "toml", "makefile", "dockerfile", "powershell", "julia"})
_SHELLS = frozenset({"", "sh", "bash", "zsh", "fish", "shell", "console", "shell-session", "shellsession", "terminal"})
_SLASHES = frozenset({"javascript", "jsx", "typescript", "tsx", "go", "java", "rust", "c", "cpp", "csharp", "kotlin"})
_DASHES = frozenset({"sql", "lua", "haskell"})
_STRING = re.compile(r"\"((?:[^\"\\\n]|\\.){8,300})\"|'((?:[^'\\\n]|\\.){8,300})'")
_CALL = re.compile(r"([^\W\d][\w.]{2,})\(")
_MARKS = re.compile(r"^[ \t]*(?:/\*+!?|\*+/|\*|//+!?|#+!?|--+|;+)[ \t]?|\*/[ \t]*$", re.MULTILINE)
_QUOTES = re.compile(r"^[a-zA-Z]{0,3}(?:\"\"\"|'''|\"|'|`)|(?:\"\"\"|'''|\"|'|`)$")
_ENDS_SIGNATURE = re.compile(r"[:{;=]\s*$|[)\]]\s*$")
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Remarks:
    """What a piece of code says in words."""

    comments: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment's words on one line, and its rows (from 0, both included). One that trails stands after code."""

    text: str
    first: int
    last: int
    trails: bool


def remarks_of(code: str, language: str = "") -> Remarks:
    """Return the remarks of code without its syntax tree, as far as the marks of its language show them."""
    strings = (match.group(1) or match.group(2) for match in _STRING.finditer(code))
    return Remarks(
        tuple(one.text for one in comments_of(code, language)),
        tuple(one for one in strings if is_message(one)),
        tuple(_CALL.findall(code)),
    )


def comments_of(code: str, language: str = "") -> list[Comment]:
    """Return the comments and docstrings of some code."""
    found = []
    for match in _comment_of(language).finditer(code):
        said = uncommented(match.group())
        first = code.count("\n", 0, match.start())
        before = code[code.rfind("\n", 0, match.start()) + 1 : match.start()]
        if said:
            found.append(Comment(said, first, first + match.group().count("\n"), bool(before.strip())))
    return found


def is_shell(language: str) -> bool:
    """Tell whether a language, as named after a fence, is a shell's; an unnamed one counts as it."""
    return language in _SHELLS


def _comment_of(language: str) -> re.Pattern[str]:
    if language in _SLASHES:
        return _AFTER_SLASHES
    if language in _DASHES:
        return _AFTER_DASHES
    return _AFTER_HASHES if language in _HASHES or (language and is_shell(language)) else _AFTER_ANY


def uncommented(text: str) -> str:
    """Return the words of a comment or docstring on one line, without the marks of its language."""
    return " ".join(_MARKS.sub(" ", _QUOTES.sub("", text.strip())).split())


def is_message(text: str) -> bool:
    """Tell whether a string reads like something said to people: two words or more."""
    return len(_WORD.findall(text)) >= 2 and " " in text.strip()


def unquoted(text: str) -> str:
    """Return what a string says, on one line."""
    return " ".join(_QUOTES.sub("", text.strip()).split())


def telling(path: Sequence[str], remarks: Remarks, code: str, uncommented_code: str) -> str:
    """Return the search text of code under a path of names; `uncommented_code` is the code without its comments."""
    said, more = _first_words(remarks.comments)
    lines = [line for line in uncommented_code.split("\n") if line.strip()]
    head = _signature(lines) if path else []
    name = [word for part in path for word in split(part)]
    parts = [
        " ".join(name),
        said,
        "\n".join(head),
        "; ".join(unique(remarks.messages)),
        " ".join(_called(remarks.calls, name)),
        "\n".join(lines[len(head) :]),
        more,
    ]
    text = "\n".join(part for part in parts if part)
    already = set(text.lower().split())
    return "\n".join(part for part in (text, " ".join(_unsaid(code, already))) if part)


def telling_command(before: str, code: str) -> str:
    """Return the search text of commands or other code that stands in a text after the words `before`."""
    said = "; ".join(explained(code))
    return "\n".join(part for part in (before, code, said, " ".join(_unsaid(code, set()))) if part)


def _first_words(comments: Iterable[str]) -> tuple[str, str]:
    words = " ".join(comments).split()
    return " ".join(words[:_MOST_SAID]), " ".join(words[_MOST_SAID:])


def _signature(lines: Sequence[str]) -> list[str]:
    for count, line in enumerate(lines[:_SIGNATURE_LINES], 1):
        if _ENDS_SIGNATURE.search(line) and not line.lstrip().startswith(("@", "#[")):
            return list(lines[:count])
    return list(lines[:1])


def _called(calls: Iterable[str], name: Sequence[str]) -> list[str]:
    words = (word for call in unique(calls)[:_MOST_CALLS] for word in split(call))
    return [word for word in unique(words) if word not in name and len(word) > 1]


def _unsaid(code: str, already: set[str]) -> Iterator[str]:
    return (word for word in compound_words(code) if word not in already)
