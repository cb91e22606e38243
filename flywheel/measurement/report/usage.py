"""What the language model took for the answers of a window: tokens, and dollars where prices are set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flywheel.store.ledger import Exchange


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and cost of `answers` answers that used a model.

    `unreported` counts calls whose server did not say what they took. `cost` is in US dollars; None unless every one
    of these answers has a known price (`answering/metering.py`). 0 where no answer used a model.
    """

    answers: int
    prompt_tokens: int
    completion_tokens: int
    unreported: int
    cost: float | None


def used(exchanges: Sequence[Exchange]) -> Usage:
    """Add up what answers took."""
    spent = [one.answer.usage for one in exchanges if one.answer.usage]
    costs = [one.get("cost") for one in spent]
    return Usage(
        len(spent),
        _sum(spent, "prompt_tokens"),
        _sum(spent, "completion_tokens"),
        _sum(spent, "unreported"),
        sum(float(str(one)) for one in costs) if None not in costs else None,
    )


def _sum(spent: Sequence[Mapping[str, object]], key: str) -> int:
    return sum(int(str(one.get(key) or 0)) for one in spent)
