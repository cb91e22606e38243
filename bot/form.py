"""What somebody typed into a modal."""

from collections.abc import Mapping
from typing import Any


def entered(view: Mapping[str, Any], block_id: str) -> str:
    """Return the text of one field, without surrounding space; empty when nothing was typed."""
    field: Any = view
    for name in ("state", "values", block_id, "text", "value"):
        field = field.get(name) if isinstance(field, Mapping) else None
    return str(field or "").strip()
