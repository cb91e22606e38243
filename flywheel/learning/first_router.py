"""Train the first router on the index itself, before anybody has asked anything, and let it serve.

It is trained anew after each indexing as long as nothing else serves: a router that learned from people's labels stays,
and one that a person took back stays away. No gate stands before it, because without it every question searches
everywhere; its threshold is what keeps it from harm: only questions of which it is sure are routed.
"""

from collections.abc import Sequence
from random import Random

from flywheel.core import Core
from flywheel.learning import router, router_questions, written_questions
from flywheel.learning.gate import Decision
from flywheel.learning.release import settle
from flywheel.learning.router import Example, Fitted
from flywheel.model import Audience, Kind
from flywheel.registry import Outcome, Release
from flywheel.retrieval import people
from flywheel.store import materials, passages, releases
from flywheel.store.materials import Material

ORIGIN = "index"
PER_KIND = 350
"""Passages of each kind that questions are made from."""
SEED = 20_260_101


def train(core: Core) -> Release | None:
    """Train and release the first router; return it, or None where there is nothing to route between or to replace."""
    found, known = _indexed(core)
    with core.database.read() as db:
        serving = releases.serving(db, router.NAME)
        version = passages.version(db)
    if serving is not None and _learned_from_people(serving, core.encoder.name):
        return None
    if len({one.kind for one in found}) + known < 2:
        return None
    examples = _made(found, people_known=known)
    if core.language_model is not None:
        examples += written_questions.written(core.language_model, core.encoder, found)
    fitted = router.fit(examples, core.encoder.encode([one.text for one in examples]), core.encoder.name, SEED)
    return _released(core, fitted, version)


def _learned_from_people(serving: Release, encoder: str) -> bool:
    """Tell whether a router must stay: people taught it, and it still understands the vectors there are."""
    return serving.evidence.get("origin") != ORIGIN and serving.artefact.get("encoder") == encoder


def from_index(core: Core) -> list[Example]:
    """Return the day-one examples as they are made of the index alone."""
    found, known = _indexed(core)
    return _made(found, people_known=known)


def _indexed(core: Core) -> tuple[list[Material], bool]:
    """Return passages of all kinds, and whether there is anybody to name."""
    with core.database.read() as db:
        found = [one for kind in Kind for one in materials.sample(db, kind, PER_KIND)]
        return found, any(one.owner for one in found) or people.present(db, Audience.everyone())


def _made(found: Sequence[Material], *, people_known: bool) -> list[Example]:
    return router_questions.made(found, Random(SEED), people=people_known)  # noqa: S311 - the same draw each time


def _released(core: Core, fitted: Fitted, version: int) -> Release | None:
    release_id = router.export(fitted.artefact)
    release = Release(
        id=release_id,
        learner=router.NAME,
        artefact=fitted.artefact,
        evidence={"origin": ORIGIN, "reason": _reason(fitted), **fitted.evidence},
        snapshot=f"corpus version {version}",
        created_at=core.now(),
        outcome=Outcome.HELD,
        serving=False,
    )
    with core.database.begin() as db:
        stored = releases.find(db, release_id)
        if stored is not None and (stored.serving or stored.outcome is Outcome.ROLLED_BACK):
            return None
        settled = settle(db, release, None, core.now(), Decision.RELEASED)
        releases.remove(db, releases.superseded(db, router.NAME, ORIGIN))
        return settled


def _reason(fitted: Fitted) -> str:
    told = fitted.evidence["out_of_fold"]
    said = f"Trained on {fitted.evidence['n']} questions made from the index."
    if not isinstance(told, dict):
        return said
    if told["routed_precision"] is None:
        return f"{said} It is not sure enough of any yet, so every question searches everywhere."
    return (
        f"{said} Of made questions whose documents and forms it had not seen it routes "
        f"{100 * told['routed_share']:.0f} %, {100 * told['routed_precision']:.0f} % of them right."
    )
