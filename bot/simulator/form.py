"""The JSON body of a control call, read strictly: a wrong or missing field is a BadRequest with a sentence."""

from typing import Any

from bot.simulator.errors import BadRequest


class Form:
    """Accessors over one JSON object."""

    def __init__(self, given: Any) -> None:
        if not isinstance(given, dict):
            raise BadRequest("send a JSON object")
        self.given: dict[str, Any] = given

    def text(self, name: str) -> str:
        """Return a text that must be there."""
        value = self.given.get(name)
        if not isinstance(value, str) or not value:
            raise BadRequest(f"{name} must be a text")
        return value

    def optional(self, name: str, default: str = "") -> str:
        """Return a text that may be missing."""
        value = self.given.get(name)
        if value is not None and not isinstance(value, str):
            raise BadRequest(f"{name} must be a text")
        return default if value is None else value

    def flag(self, name: str) -> bool:
        """Return a yes/no that may be missing, meaning no."""
        value = self.given.get(name, False)
        if not isinstance(value, bool):
            raise BadRequest(f"{name} must be true or false")
        return value

    def number(self, name: str, default: float, *, most: float) -> float:
        """Return a number in [0, most] that may be missing."""
        value = self.given.get(name, default)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
            raise BadRequest(f"{name} must be a number from 0 to {most:g}")
        return value

    def listed(self, name: str) -> list[Any]:
        """Return a list that may be missing, meaning empty."""
        value = self.given.get(name) or []
        if not isinstance(value, list):
            raise BadRequest(f"{name} must be a list")
        return value

    def structure(self, name: str) -> dict[str, Any]:
        """Return an object that may be missing, meaning empty."""
        value = self.given.get(name) or {}
        if not isinstance(value, dict):
            raise BadRequest(f"{name} must be an object")
        return value
