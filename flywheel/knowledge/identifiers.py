"""Take identifiers apart and recognise them: `retryWithBackoff`, `HTTPServer`, `max_attempts`, `tide-deploy`.

People ask in words ("retry with backoff") or paste the identifier itself, so a search text holds both.
"""

import re
from collections.abc import Iterable

_HUMPS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+\d*|[A-Z]+\d*|\d+|[^\W\d_a-zA-Z]+")
_IDENTIFIER = re.compile(r"[^\W\d][\w$]*")
_COMPOUND = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]|[^\W_]_+[^\W_]")
_QUOTED = re.compile(r"`([^`\s]{2,120})`")
_CALLED = re.compile(r"([^\W\d][\w.:]*)\(")
_DOTTED = re.compile(r"[^\W\d]\w*(?:(?:\.|::)[^\W\d]\w*)+")


def split(identifier: str) -> list[str]:
    """Return the words of an identifier in lower case: `HTTPServer` is http, server."""
    return [word.lower() for word in _HUMPS.findall(identifier)]


def compound_words(code: str) -> list[str]:
    """Return the words of all identifiers in some code that are made of several, in order, each once."""
    compounds = (one for one in _IDENTIFIER.findall(code) if _COMPOUND.search(one))
    return unique(word for one in dict.fromkeys(compounds) for word in split(one))


def mentioned(question: str) -> frozenset[str]:
    """Return what is written like an identifier: `quoted`, call(), Outer.method, camelCase, snake_case."""
    found = {one.strip("().") for one in _QUOTED.findall(question)}
    found |= set(_CALLED.findall(question)) | set(_DOTTED.findall(question))
    found |= {one for one in _IDENTIFIER.findall(question) if _COMPOUND.search(one)}
    return frozenset(one.replace("::", ".") for one in found if one)


def unique(words: Iterable[str]) -> list[str]:
    """Return the words without repeats, in order."""
    return list(dict.fromkeys(words))
