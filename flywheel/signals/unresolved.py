"""Whether the thread of an answer looks unresolved, by what people did and by the last word in it. Pure.

said yes                              resolved
said no, and nobody went on           unresolved
the last word asks, or says that it still does not work        unresolved
everything else, silence and thanks too                        resolved, as far as anybody can tell
"""

import re
from collections.abc import Sequence

from flywheel.model import Signal, SignalKind
from flywheel.signals.votes import live_votes

_WENT_ON = frozenset(
    {SignalKind.HUMAN_REPLY, SignalKind.FOLLOW_UP, SignalKind.EDIT, SignalKind.ESCALATE, SignalKind.REROUTE,
     SignalKind.REGENERATE}
)  # fmt: skip
_AGAINST = frozenset({SignalKind.THUMBS_DOWN, SignalKind.REACTION_ADDED})
_STILL = re.compile(
    r"\b(?:(?:did|does|do|is|was|has|have|can|could|would|wo|ca)(?:n.?t|\s*not)\s+(?:\w+\s+)?"
    r"(?:work|help|solve|fix|open|connect|start|load)\w*"
    r"|not\s+(?:work|help|solv|fix)\w*|still\s+(?:no|not|fail|error|stuck|broken|the same|get|see|does|can|have)\w*"
    r"|no luck|same (?:error|problem|issue)|stuck|cannot|fails?)\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks?|thank you|thx|cheers|works?|worked|working|solved|fixed|got it|perfect|great|resolved)\b",
    re.IGNORECASE,
)


def looks_unresolved(done: Sequence[Signal]) -> bool:
    """Tell whether what was done with an answer, oldest first, leaves its question open."""
    given = live_votes(done)
    if any(given.values()):
        return False
    last = next((one for one in reversed(done) if one.kind in _WENT_ON), None)
    said_no = max((one.at for one in done if one.kind in _AGAINST and one.person in given), default=None)
    if said_no is not None and (last is None or last.at < said_no):
        return True
    return last is not None and last.kind is SignalKind.HUMAN_REPLY and is_open(last.detail.get("text", ""))


def is_open(text: str) -> bool:
    """Tell whether somebody who says this still waits: it did not work, or they ask."""
    if _STILL.search(text):
        return True
    return text.rstrip().endswith("?") and not _THANKS.search(text)
