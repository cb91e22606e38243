"""Challengers answer live questions in the shadow: what would have changed is counted, and nothing is stored."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from flywheel.answering.ask import Asking, ask
from flywheel.core import Core
from flywheel.errors import ArtefactError
from flywheel.learning.shadow import Shadow, shadow
from flywheel.model import Audience, Surface
from flywheel.retrieval.fusion import DEFAULT_ALPHA
from flywheel.routing.model import RouteModel, Scope, packed
from flywheel.routing.words import BUCKETS
from flywheel.store import releases
from flywheel.store.arms import Champion
from tests.parts import StoppedClock, know, make_core

ASKED = ("How do I reset the VPN password?", "When is lunch served?", "Who repairs the printer?")


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = make_core(tmp_path)
    know(core, "vpn.md", "Reset the VPN password in the portal.", "The VPN needs a password.", "A password is long.")
    know(core, "lunch.md", "Lunch is served at noon.", "Dinner is not served.")
    know(core, "printer.md", "The printer is repaired by the help desk.", "Who breaks a printer says so.")
    for number, question in enumerate(ASKED):
        asking = Asking(question, f"U{number}", Surface.API, Audience.everyone(), f"q{number}")
        ask(core, asking)
    yield core
    core.database.close()


def made(learner: str, artefact: dict[str, object]) -> Champion:
    return Champion(releases.identity(learner, artefact), learner, artefact)


def slower_second(step: float) -> Callable[[], float]:
    """Return a clock on which every search takes a second more than the one before."""
    now = 0.0

    def read() -> float:
        nonlocal now
        now += step
        return now

    return read


def test_the_same_parts_change_nothing(core: Core) -> None:
    seen = shadow(core, made("fusion", {"alpha": DEFAULT_ALPHA}))

    assert (seen.n, seen.decided) == (3, 3)
    assert (seen.first_changed, seen.top3_changed, seen.gained, seen.lost) == (0, 0, 0, 0)


def test_another_order_is_counted(core: Core) -> None:
    words = ["reset", "the", "VPN", "password", "of", "lunch", "printer", "served", "repairs", "in", "portal"]
    for number in range(12):
        know(core, f"{number}.md", " ".join(words[(number * place) % 11] for place in range(1, 4 + number)))

    seen = [shadow(core, made("fusion", {"alpha": alpha})) for alpha in (0.0, 1.0)]

    assert max(one.top3_changed for one in seen) > 0


def test_strict_thresholds_lose_answers(core: Core) -> None:
    strict = made("thresholds", {"answer": 0.999, "slope": 1.0, "intercept": 0.0})

    seen = shadow(core, strict)

    assert seen.lost > 0
    assert (seen.gained, seen.first_changed) == (0, 0)


def test_a_guardrail_that_breaks_is_an_objection() -> None:
    seen = Shadow(n=100, decided=40, abstained=(4, 20), p95_ms=(50.0, 51.0), slot="reranker")

    assert "without an answer" in seen.objection


def test_thresholds_may_leave_more_unanswered() -> None:
    assert not Shadow(n=100, decided=40, abstained=(4, 20), p95_ms=(50.0, 51.0), slot="thresholds").objection


def test_a_slow_challenger_is_an_objection() -> None:
    assert "ms" in Shadow(n=100, decided=40, p95_ms=(50.0, 150.0), slot="reranker").objection


def test_times_are_counted_by_the_clock(core: Core) -> None:
    seen = shadow(core, made("fusion", {"alpha": 0.5}), slower_second(0.5))

    assert seen.p95_ms == (500.0, 500.0)


def test_nothing_is_stored(core: Core) -> None:
    def rows() -> list[int]:
        with core.database.read() as db:
            tables = ("question", "answer", "shortlist", "release")
            return [db.execute(text(f'SELECT count(*) FROM "{one}"')).scalar_one() for one in tables]

    before = rows()
    shadow(core, made("fusion", {"alpha": 0.9}))

    assert rows() == before


def test_old_questions_are_left_alone(core: Core) -> None:
    later = replace(core, now=StoppedClock(core.now() + timedelta(weeks=5)))

    assert shadow(later, made("fusion", {"alpha": 0.9})).n == 0


def test_a_router_is_tried_too(core: Core) -> None:
    seen = shadow(core, made("router", packed(router())))

    assert (seen.n, seen.routes_changed) == (3, 0)  # there are documents alone to route to


def router() -> RouteModel:
    """Return a router that has learned nothing."""
    labels = ("documents", "code")
    none = np.zeros((384, 2), dtype=np.float32)
    return RouteModel(
        encoder="hashing-384",
        labels=labels,
        weights=none,
        words=np.zeros((BUCKETS, 2), dtype=np.float32),
        bias=np.zeros(2, dtype=np.float32),
        rarity=np.ones(BUCKETS, dtype=np.float32),
        examples=np.ones((1, 384), dtype=np.float32),
        votes=np.zeros((1, 2), dtype=np.float32),
        inside=np.ones(1, dtype=np.bool_),
        bandwidth=1.0,
        blend=(1.0, 1.0),
        threshold=0.9,
        scope=Scope(1.0, 1.0, 0.0),
    )


def test_what_only_changes_words_is_not_tried(core: Core) -> None:
    assert shadow(core, made("prompt", {"prompt": "short"})).n == 0


def test_parameters_that_cannot_serve_are_refused(core: Core) -> None:
    with pytest.raises(ArtefactError):
        shadow(core, made("fusion", {"alpha": 7}))
