"""What somebody typed into a modal."""

from collections.abc import Mapping
from typing import Any


def entered(view: Mapping[str, Any], block_id: str) -> str:
    """Return the text of one field, without surrounding space; empty when nothing was typed."""
    field = view.get("state", {}).get("values", {}).get(block_id, {}).get("text", {})
    return str(field.get("value") or "").strip()
