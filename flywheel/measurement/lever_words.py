"""Levers in words: what would help, as the report says it to administrators. Pure.

The levers are those of `understanding/levers.py`, and `evidence`, which asks for more judgements.
"""

from collections.abc import Mapping

_HELP: Mapping[str, str] = {
    "inventory": "write it down",
    "capability": "better search",
    "router": "look elsewhere",
    "ranking": "better order",
    "writing": "better words",
    "unclear": "ask people",
    "evidence": "more votes",
}


def help_of(lever: str) -> str:
    """Return what would help, such as "write it down"; of a lever that is not known, its name."""
    return _HELP.get(lever, lever)
