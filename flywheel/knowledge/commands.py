"""What a shell command does, in words: people ask for "files older than a week", the command says `-mtime +7`.

    utility   the program or builtin a command begins with, with what it is for
    option    what an option of a utility, or an option with its value, means

The words stand in `utilities.py`.
"""

import re
from collections.abc import Iterator, Mapping

from flywheel.knowledge.utilities import OPTIONS, SIGNS, UTILITIES

_SEGMENT = re.compile(r"\|\|?|&&|;|\n|\$\(|`|<\(|\(")
_TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|\S+")
_ASSIGNED = re.compile(r"\w+=")
_CLUSTER = re.compile(r"-[A-Za-z0-9]{2,5}$")
_PASSED_OVER = frozenset({"sudo", "time", "nohup", "then", "do", "else", "if", "while", "until", "!", "{", "$", "exec"})
_DEEPEST = 3
_RUNNERS = frozenset({"xargs", "parallel", "watch", "timeout", "env"})
_RUNNING_OPTIONS = frozenset({"-exec", "-execdir", "-ok", "sudo"})


def explained(command: str) -> list[str]:
    """Return what the utilities and options of a command mean, in its order, each once; empty for unknown ones."""
    said = [one for segment in _SEGMENT.split(command) for one in _of_tokens(_TOKEN.findall(segment), 0)]
    return list(dict.fromkeys([*said, *(meaning for sign, meaning in SIGNS.items() if sign in command)]))


def utilities(command: str) -> list[str]:
    """Return the known utilities that a command line runs, in order."""
    found = (_begun(_TOKEN.findall(segment)) for segment in _SEGMENT.split(command))
    return [tokens[0] for tokens in found if tokens and tokens[0] in UTILITIES]


def _of_tokens(tokens: list[str], depth: int) -> Iterator[str]:
    tokens = _begun(tokens)
    if not tokens or tokens[0] not in UTILITIES or depth > _DEEPEST:
        return
    yield UTILITIES[tokens[0]]
    options = OPTIONS.get(tokens[0], {})
    for before, place in zip(tokens, range(1, len(tokens)), strict=False):
        if tokens[place] in UTILITIES and (tokens[0] in _RUNNERS or before in _RUNNING_OPTIONS):
            yield from _of_tokens(tokens[place:], depth + 1)
            return
        yield from _meaning(options, tokens[place], "".join(tokens[place + 1 : place + 2]))


def _begun(tokens: list[str]) -> list[str]:
    """Return a command's tokens from its utility on, without its path."""
    start = 0
    while start < len(tokens) and (tokens[start] in _PASSED_OVER or _ASSIGNED.match(tokens[start])):
        start += 1
    rest = tokens[start:]
    return [rest[0].rsplit("/", 1)[-1], *rest[1:]] if rest else []


def _meaning(options: Mapping[str, str], token: str, value: str) -> Iterator[str]:
    for key in (f"{token} {value}", f"{token} {value[:1]}", token):
        if key in options:
            yield options[key]
            return
    if _CLUSTER.match(token):
        yield from (options[f"-{letter}"] for letter in token[1:] if f"-{letter}" in options)
