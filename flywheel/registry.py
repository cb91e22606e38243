"""What learning and measuring leave behind: releases and metric records. Frozen; times are timezone-aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a challenger."""

    RELEASED = "released"
    CANARY = "canary"
    HELD = "held"
    ROLLED_BACK = "rolled_back"


@dataclass(frozen=True, slots=True)
class Release:
    """A learned model with its evidence. `artefact` is its parameters as JSON; `id` is their content hash.

    `share` is the share of persons that a serving one serves, in (0, 1]; the others are served by its parent.
    """

    id: str
    learner: str
    artefact: Mapping[str, object]
    evidence: Mapping[str, object]
    snapshot: str
    created_at: datetime
    outcome: Outcome
    serving: bool
    parent: str | None = None
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Record:
    """One metric value in the log; append-only. The interval is 95 %.

    Where the value is a mean over questions whose order never changes (a data set with the same `dataset_hash`),
    `scores` are their values in that order, and `persons` a number for each one's person, so that two records of the
    same data set can be compared question by question.
    """

    at: datetime
    metric: str
    value: float
    n: int
    low: float | None = None
    high: float | None = None
    segment: str = "all"
    dataset: str = ""
    dataset_hash: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
    change: str = ""
    scores: tuple[float, ...] = ()
    persons: tuple[int, ...] = ()
