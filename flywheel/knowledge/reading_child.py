"""Parse documents in a process of its own that can do little: no big memory, no endless work, no writing of files.

The parent (`readers.py`) sends one line of JSON, `{"format", "name", "length"}`, and then that many bytes; one line of
JSON comes back: `{"title", …, "pieces": […]}` or `{"error", "reason", "last"}`, `last` when the child is spent.
Whatever a library raises that no parser expected ends this process: the last resort says what it was, and the parent
starts another.
"""

import json
import os
import resource
import sys
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict
from importlib import import_module
from types import TracebackType
from typing import BinaryIO

from flywheel.errors import BrokenDocument, DocumentError, HostileDocument, UnsupportedDocument
from flywheel.knowledge.blocks import Parsed
from flywheel.knowledge.chunks import pieces
from flywheel.knowledge.formats import HEAD, Format, check
from flywheel.knowledge.readers import CPU_SECONDS

MEMORY = 700_000_000
"""Bytes of address space a parser may use."""

MOST_PIECES = 20_000
"""Passages one document may have."""


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a library that prints must not garble a reply
    sys.excepthook = lambda kind, error, trace: _last_resort(replies, kind, error, trace)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        content = sys.stdin.buffer.read(request["length"])
        _allow_more_time()
        _send(replies, _answer(Format(request["format"]), request["name"], content))


def _allow_more_time() -> None:
    """Move the limit, which counts from the start of the process, past what earlier documents took."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, hard))


def _answer(fmt: Format, name: str, content: bytes) -> Mapping[str, object]:
    try:
        check(fmt, name, content[:HEAD])
        return _read(fmt, name, content)
    except DocumentError as error:
        return {"error": type(error).__name__, "reason": str(error), "last": False}
    except RecursionError:
        return {"error": HostileDocument.__name__, "reason": "nested too deeply", "last": True}
    except MemoryError:
        reason = f"needs more than {MEMORY // 1_000_000} MB of memory"
        return {"error": HostileDocument.__name__, "reason": reason, "last": True}


def _read(fmt: Format, name: str, content: bytes) -> Mapping[str, object]:
    parsed: Parsed = import_module(f"flywheel.knowledge.parsers.{fmt.value}").parse(content, name)
    found = []
    for piece in pieces(parsed.blocks):
        found.append(asdict(piece))
        if len(found) > MOST_PIECES:
            raise HostileDocument(f"makes more than {MOST_PIECES:,} passages; split it")
    if not found:
        raise UnsupportedDocument("holds no text")
    return {
        "title": parsed.title,
        "owner": parsed.owner,
        "url": parsed.url,
        "updated_at": parsed.updated_at,
        "pieces": found,
        "grids": [asdict(grid) for grid in parsed.grids],
        "figures": [asdict(one) | {"content": b64encode(one.content).decode()} for one in parsed.figures],
    }


def _send(replies: BinaryIO, reply: Mapping[str, object]) -> None:
    replies.write(json.dumps(reply).encode() + b"\n")
    replies.flush()


def _last_resort(
    replies: BinaryIO, kind: type[BaseException], error: BaseException, _trace: TracebackType | None
) -> None:
    reason = f"the parser failed: {kind.__name__}: {error}"[:500]
    _send(replies, {"error": BrokenDocument.__name__, "reason": reason, "last": True})


if __name__ == "__main__":
    main()
