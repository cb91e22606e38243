"""The router's part of a turn: what people said about routes, a challenger, and its verdict as evidence and records.

The router has questions of its own, those whose route people named, and so a split of its own; its verdict comes from
the same gate, on accuracy instead of nDCG@10.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np

from flywheel.core import Core
from flywheel.curation import routes
from flywheel.curation.routes import RoutedQuestion, Routes
from flywheel.curation.split import Split, split
from flywheel.learning import first_router, router_challenge
from flywheel.learning.gate import Decision, Trial, Verdict
from flywheel.learning.router import NAME
from flywheel.learning.router_challenge import RouterChallenge
from flywheel.registry import Outcome, Release
from flywheel.routing import champion
from flywheel.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of trying the router: a challenge, or why there is none. Neither where nobody named a route."""

    said: Routes
    parts: Split
    version: str
    made: RouterChallenge | None = None
    reason: str = ""

    @property
    def routed(self) -> Mapping[str, RoutedQuestion]:
        """Return the questions by id."""
        return {one.group.question_id: one for one in self.said.questions}

    @property
    def trial(self) -> list[Trial]:
        """Return what the gate judges: one trial, or none."""
        return [] if self.made is None else [router_challenge.trial(self.made, self.routed, self.parts)]


def attempt(core: Core, ledger: Ledger) -> Attempt:
    """Train a challenger where enough was said about routes."""
    said = routes.curate(ledger)
    groups = [one.group for one in said.questions]
    texts = [one.text for one in groups]
    vectors = core.encoder.encode(texts) if texts else np.zeros((0, core.encoder.dimensions), dtype=np.float32)
    serving, version = champion.read(core.database, core.encoder.name)
    tried = Attempt(said, split(groups, vectors), version)
    enough, why = router_challenge.enough(len(groups))
    if not enough:
        return Attempt(said, tried.parts, version, None, f"Too little data: {why}." if said.labels else "")
    if len({one.label for one in said.questions}) < 2:
        return Attempt(said, tried.parts, version, None, "People named one route only: there is nothing to tell apart.")
    made = first_router.from_index(core)
    trained = router_challenge.challenge(tried.routed, tried.parts, made, core.encoder, serving)
    return Attempt(said, tried.parts, version, trained)


def untrained(tried: Attempt) -> dict[str, object]:
    """Return the verdict on a router that had too little to learn from."""
    return {
        "decision": Decision.HELD.value,
        "reason": tried.reason,
        "notes": [],
        **_counts(tried),
        "champion": {"id": tried.version},
        "challenger": None,
    }


def told(tried: Attempt, made: RouterChallenge, verdict: Verdict) -> dict[str, object]:
    """Return the router's verdict with every number."""
    return {
        "decision": verdict.decision.value,
        "reason": verdict.reason,
        "notes": list(verdict.notes),
        **_counts(tried),
        "metric": router_challenge.METRIC,
        "champion": {"id": tried.version, "accuracy": verdict.overall.champion},
        "challenger": {"id": made.id, "accuracy": verdict.overall.challenger},
        **{name: value for name, value in asdict(verdict.overall).items() if name not in ("champion", "challenger")},
        "p_adjusted": verdict.p_adjusted,
        "seen": asdict(verdict.seen),
        "unseen": asdict(verdict.unseen),
        "training": dict(made.fitted),
        "per_question": {"champion": made.champion.tolist(), "challenger": made.challenger.tolist()},
        "heldout": {"question_ids": [one.question_id for one in tried.parts.heldout]},
    }


def release(made: RouterChallenge, evidence: Mapping[str, object], snapshot: str, at: datetime) -> Release:
    """Return the challenger as the registry keeps it: not serving yet."""
    kept = {name: value for name, value in evidence.items() if name not in ("per_question", "heldout")}
    return Release(
        id=made.id,
        learner=NAME,
        artefact=made.artefact,
        evidence={"origin": "people", **kept},
        snapshot=snapshot,
        created_at=at,
        outcome=Outcome.HELD,
        serving=False,
    )


def _counts(tried: Attempt) -> dict[str, object]:
    return {
        "labels": len(tried.said.labels),
        "left_out": dict(tried.said.left_out),
        "n_train": len(tried.parts.train),
        "n_heldout": len(tried.parts.heldout),
    }
