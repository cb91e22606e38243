"""What is counted of an exposure: each outcome is a share, its values in [0, 1].

An exposure is *ripe* a day after it: what people did within that day counts, and nothing later, so that an exposure
counts for the same in whatever moment one looks, and both arms have the same time.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flywheel.errors import NotFound
from flywheel.measurement.experiments import feedback
from flywheel.model import Signal, SignalKind
from flywheel.signals.votes import live_votes
from flywheel.store.experiments import Exposed

RIPE = timedelta(days=1)
SLOW_MS = 10_000.0
"""An answer that takes longer is slow."""
_ASKED_AGAIN = frozenset(
    {SignalKind.FOLLOW_UP, SignalKind.REROUTE, SignalKind.REGENERATE, SignalKind.QUESTION_EDITED, SignalKind.ESCALATE}
)

Done = Sequence[Signal]
"""What people did about the answer within a day of the exposure, oldest first."""
Said = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome: in words, whether more of it is better, and its values at one exposure (none where it says nothing).

    `may_decide` tells whether it can be what an experiment wants to raise. As a guardrail it is hurt when it is worse
    by more than `tolerated` for certain: three guardrails without tolerance raised a false alarm in four to ten of a
    hundred experiments in which nothing differs.
    """

    name: str
    told: str
    more_is_better: bool
    of: Callable[[Exposed, Done], list[float]]
    tolerated: float = 0.05
    may_decide: bool = False


def outcomes() -> Mapping[str, Outcome]:
    """Return all outcomes by name."""
    known = (
        Outcome("feedback_rate", "answers with feedback", more_is_better=True, of=_feedback, may_decide=True),
        Outcome("satisfaction", "yes among votes", more_is_better=True, of=_votes, may_decide=True),
        Outcome("asked_again", "answers after which somebody asked again", more_is_better=False, of=_again),
        Outcome("slow", "answers that took more than ten seconds", more_is_better=False, of=_slow, tolerated=0.03),
    )
    return {one.name: one for one in known}


def named(name: str) -> Outcome:
    """Return an outcome.

    Raises:
        NotFound: there is none of this name.
    """
    known = outcomes()
    if name not in known:
        raise NotFound(f"there is no outcome {name}; there are {', '.join(sorted(known))}")
    return known[name]


def ripe(exposures: Sequence[Exposed], seen: datetime) -> list[Exposed]:
    """Return the exposures that are ripe at a moment."""
    return [one for one in exposures if one.at + RIPE <= seen]


def said(outcome: Outcome, exposures: Sequence[Exposed], about: Mapping[str, Done]) -> dict[str, Said]:
    """Return the values of ripe exposures, by arm and person; `about` holds each answer's signals, oldest first."""
    found: dict[str, Said] = defaultdict(lambda: defaultdict(list))
    for one in exposures:
        done = [signal for signal in about.get(one.answer_id, ()) if signal.at <= one.at + RIPE]
        found[one.arm][one.person] += outcome.of(one, done)
    return found


def _feedback(_one: Exposed, done: Done) -> list[float]:
    return [float(bool(feedback.givers(done)))]


def _votes(_one: Exposed, done: Done) -> list[float]:
    return [float(helped) for helped in live_votes(done).values()]


def _again(_one: Exposed, done: Done) -> list[float]:
    return [float(any(signal.kind in _ASKED_AGAIN for signal in done))]


def _slow(one: Exposed, _done: Done) -> list[float]:
    return [] if one.ms is None else [float(one.ms > SLOW_MS)]
