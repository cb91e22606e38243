"""The owners that a report names, by what they are called: a name calls nobody, a mention would."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.blocks.text import PERSON_ID


def with_names(content: Mapping[str, Any], name_of: Callable[[str], str]) -> dict[str, Any]:
    """Return a report's content with the Slack ids of owners replaced by names."""
    sources = {kind: _named(listed, name_of) for kind, listed in (content.get("sources") or {}).items()}
    return {**content, "todo": _named(content.get("todo", ()), name_of), "sources": sources}


def _named(listed: Sequence[Mapping[str, Any]], name_of: Callable[[str], str]) -> list[dict[str, Any]]:
    return [{**one, "owner": _name(one.get("owner"), name_of)} for one in listed]


def _name(owner: str | None, name_of: Callable[[str], str]) -> str | None:
    return name_of(owner) if owner and PERSON_ID.fullmatch(owner) else owner
