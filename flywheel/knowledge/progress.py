"""How far an ingest has come, told to whoever shows it; the rate is theirs to compute."""

from typing import Protocol


class Progress(Protocol):
    """Follow an ingest. Called from one thread."""

    def expect(self, documents: int) -> None:
        """Learn that so many more documents were found; their sum is the total."""

    def advance(self, documents: int, passages: int) -> None:
        """Learn that so many more documents are stored, or so many more passages encoded on the way there."""


class Silence:
    """Show nothing."""

    def expect(self, documents: int) -> None:
        """Do nothing."""

    def advance(self, documents: int, passages: int) -> None:
        """Do nothing."""
