"""What somebody chose in a form whose fields are named `<field>:<anything>`, each with the action id `field`.

The second half of a name changes with what the form is about: Slack keeps what was entered in a view that is replaced
where the ids stay the same.
"""

from collections.abc import Mapping
from typing import Any


def text(view: Mapping[str, Any], name: str) -> str:
    """Return what was typed, without surrounding space."""
    return str(_held(view, name).get("value") or "").strip()


def option(view: Mapping[str, Any], name: str) -> str:
    """Return the value of the option that was chosen, or an empty string."""
    return str((_held(view, name).get("selected_option") or {}).get("value") or "")


def options(view: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the values of the options that were chosen, in their order."""
    return tuple(str(one["value"]) for one in _held(view, name).get("selected_options") or ())


def people(view: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return the ids of the people who were chosen."""
    return tuple(str(one) for one in _held(view, name).get("selected_users") or ())


def conversation(view: Mapping[str, Any], name: str) -> str:
    """Return the id of the channel that was chosen, or an empty string."""
    return str(_held(view, name).get("selected_conversation") or "")


def day(view: Mapping[str, Any], name: str) -> str:
    """Return the day that was chosen, such as 2026-11-21, or an empty string."""
    return str(_held(view, name).get("selected_date") or "")


def block_of(view: Mapping[str, Any], name: str) -> str:
    """Return the id of the block that holds a field; errors are told there."""
    return next((one for one in _values(view) if one.split(":")[0] == name), name)


def _held(view: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    block = _values(view).get(block_of(view, name))
    held: Any = next(iter(block.values()), {}) if isinstance(block, Mapping) else {}
    return held if isinstance(held, Mapping) else {}


def _values(view: Mapping[str, Any]) -> Mapping[str, Any]:
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    return values if isinstance(values, Mapping) else {}
