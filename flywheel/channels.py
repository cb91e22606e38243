"""How the bot behaves in a channel, as administrators set it. A channel nobody set anything for has the defaults."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

DAILY_ANSWERS = 20
"""Unasked answers that a channel gets in a day at most, until somebody sets another cap."""


class Mode(StrEnum):
    """When the bot speaks in a channel: to those who address it, or also where it is sure of the answer."""

    ASKED = "asked"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One channel's settings. Every list is in no particular order; an empty one means no restriction.

    `threshold` is the confidence in [0, 1] from which on auto mode answers; None means the default, until votes have
    tuned it. `persona` tells a language model how to sound here. `sources` are the names of the sources answers may
    come from, `experts` the user ids of who is on call for questions the bot could not answer. `daily_answers` and
    `daily_cost` (US dollars) cap what auto mode may do in a day. `muted_at` and `muted_why` are set while auto mode
    keeps quiet. `read_since` is set where the channel's own messages are knowledge, from that time on.
    """

    channel: str
    mode: Mode = Mode.ASKED
    threshold: float | None = None
    persona: str = ""
    sources: tuple[str, ...] = ()
    experts: tuple[str, ...] = ()
    daily_answers: int = DAILY_ANSWERS
    daily_cost: float | None = None
    muted_at: datetime | None = None
    muted_why: str = ""
    read_since: datetime | None = None
