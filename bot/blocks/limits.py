"""Slack's numbers, in one place, and the two ways to live with them: clip and split.

Sources: docs.slack.dev, reference/block-kit and reference/methods/chat.postMessage.
"""

import re

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
SECTION_TEXT = 3_000
HEADER_TEXT = 150
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
ACTIONS = 25
CONTEXT_ELEMENTS = 10
PLAIN_INPUT = 3_000
VIEW_TITLE = 24
PRIVATE_METADATA = 3_000
FALLBACK_TEXT = 3_000
"""Characters of a message's `text`; `chat.update` refuses more than 4,000."""
URL = 3_000
ALT_TEXT = 2_000
RICH_TEXT = 3_000

_SEAMS = (re.compile(r"\n\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s|(?<=[.!?…][\"”’)\]])\s"), re.compile(" "))
CODE_SPAN = re.compile(r"(?<![\w`])(`[^`\n]+`)(?![\w`])")
"""What Slack shows as code within a line."""

_CUT_ENTITY = re.compile(r"&[a-z]{0,4}$")


def clip(text: str, longest: int) -> str:
    """Return `text`, or its beginning and an ellipsis, in at most `longest` characters.

    A code span that does not fit goes as a whole: half of one is none, and what stands in it would become live.
    """
    if len(text) <= longest:
        return text
    return text[: _before_span(text, longest - 1)].rstrip() + "…"


def split(text: str, longest: int) -> list[str]:
    """Cut `text` into pieces of at most `longest` characters, at paragraphs, lines, sentences or words where it can.

    An escaped character (`&amp;`) is never cut in two, nor a code span that is shorter than half a piece.
    """
    pieces = []
    rest = text.strip()
    while len(rest) > longest:
        cut = _seam(rest, longest)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def split_lines(text: str, longest: int) -> list[str]:
    """Cut code into pieces of at most `longest` characters at ends of lines; indentation stays as it is."""
    pieces, rest = [], text.strip("\n")
    while len(rest) > longest:
        cut = rest.rfind("\n", 0, longest + 1)
        pieces.append(rest[: cut if cut > 0 else longest])
        rest = rest[cut + 1 if cut > 0 else longest :]
    return [piece for piece in (*pieces, rest) if piece.strip()]


def _seam(text: str, longest: int) -> int:
    for seam in _SEAMS:
        ends = [found.start() for found in seam.finditer(text, longest // 2, longest)]
        if ends:
            return _before_span(text, ends[-1]) or ends[-1]
    return _before_span(text, longest) or len(_CUT_ENTITY.sub("", text[:longest]))


def _before_span(text: str, cut: int) -> int:
    """Return where to cut instead so that no code span and no escaped character is cut in two."""
    across = next((span for span in CODE_SPAN.finditer(text) if span.start() < cut < span.end()), None)
    return across.start() if across else len(_CUT_ENTITY.sub("", text[:cut]))
