"""Pushed votes in the ledger are put up for review, told in the report without names, and correlated with judges."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from flywheel.core import Core
from flywheel.measurement import gaming
from flywheel.measurement.vote_evidence import Voice, outside
from flywheel.measurement.window import Window, before, read
from flywheel.store import answers, judgements, questions, reviews, signals
from flywheel.store.judgements import Judgement
from flywheel.store.reviews import ReviewKind
from tests.parts import StoppedClock, make_core
from tests.unit.measurement.voting_world import WEEK, Pushing, week


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    """Return a core of four honest weeks and one in which U3 pushes."""
    made = make_core(tmp_path, now=StoppedClock())
    rng = Random(11)
    for number in range(5):
        window = week(rng, number, None, Pushing(("U3",), 0.6) if number == 4 else None)
        store(made, window)
    yield replace(made, now=StoppedClock(window.end))
    made.database.close()


def store(core: Core, window: Window) -> None:
    with core.database.begin() as db:
        for one in window.exchanges:
            questions.put(db, one.question)
            answers.put(db, one.answer, [], set())
            for signal in window.about[one.answer.id]:
                signals.put(db, signal)


def windows(core: Core) -> tuple[Window, Window]:
    now = core.now()
    with core.database.read() as db:
        window = read(db, "2026-W41", (now - WEEK, now), now, None)
        return window, before(db, window, 4, None)


def test_who_pushes_is_put_up_for_review_once(core: Core) -> None:
    gaming.raise_alarms(core)
    gaming.raise_alarms(core)

    with core.database.read() as db:
        rung = [one for one in reviews.waiting(db, ReviewKind.ALARM) if one.detail["what"] == "gaming"]
    assert len(rung) == len({one.id for one in rung})
    assert ["U3"] in [one.detail["persons"] for one in rung]


def test_the_report_says_so_without_names(core: Core) -> None:
    window, earlier = windows(core)
    with core.database.read() as db:
        told = gaming.told(db, window, earlier)

    assert any(one.text.startswith("Look at this: One person voted on") for one in told.lines)
    assert not any("U3" in one.text for one in told.lines)
    assert "U3" not in str(told.numbers)


def test_the_record_is_the_report_s_correlation(core: Core) -> None:
    window, earlier = windows(core)
    with core.database.read() as db:
        told = gaming.told(db, window, earlier)

    (made,) = gaming.records_of(window, window.seen)
    assert (made.value, made.n) == (told.numbers["agreement"][0]["r"], told.numbers["agreement"][0]["n"])  # type: ignore[index]


def test_a_judge_is_heard_as_of_the_report(core: Core) -> None:
    window, _ = windows(core)
    known = [one.answer.id for one in window.exchanges[:2]]
    later = window.seen + WEEK
    with core.database.begin() as db:
        judgements.put(db, [
            Judgement(known[0], "m", "correctness", 1, 0.2, "no", "r", window.seen),
            Judgement(known[1], "m", "correctness", 1, 0.9, "yes", "r", later),
        ])  # fmt: skip

    with core.database.read() as db:
        assert outside(db, window)[Voice.JUDGE] == {known[0]: False}
