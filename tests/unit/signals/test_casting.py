"""One live vote per person: a press that says the same again is none."""

from datetime import timedelta
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.model import Signal, SignalKind
from flywheel.signals.votes import cast, source_vote, votes
from flywheel.store import signals
from tests.parts import MOMENT, answered, make_core


@pytest.fixture
def core(tmp_path: Path) -> Core:
    core = make_core(tmp_path)
    answered(core, "a1")
    return core


def vote(key: str, kind: SignalKind, **detail: str) -> Signal:
    return Signal(key, "a1", kind, "U2", MOMENT + timedelta(seconds=int(key)), detail)


def test_the_same_again_is_not_stored(core: Core) -> None:
    cast(core, vote("1", SignalKind.THUMBS_UP))

    assert not cast(core, vote("2", SignalKind.THUMBS_UP))
    with core.database.read() as db:
        assert len(signals.of_answer(db, "a1")) == 1


def test_a_press_that_is_delivered_twice_is_still_the_first(core: Core) -> None:
    cast(core, vote("1", SignalKind.THUMBS_UP))

    assert cast(core, vote("1", SignalKind.THUMBS_UP))


def test_changing_ones_mind_back_and_forth_counts_the_last(core: Core) -> None:
    for n, kind in enumerate((SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN, SignalKind.THUMBS_UP), 1):
        assert cast(core, vote(str(n), kind))

    assert votes(core, "a1") == {"U2": True}


def test_what_is_said_of_one_source_is_not_said_of_another() -> None:
    ledger = [vote("1", SignalKind.CITATION_UP, passage_id="p1"), vote("2", SignalKind.CITATION_DOWN, passage_id="p2")]

    assert [source_vote(ledger, "U2", one) for one in ("p1", "p2", "p3")] == [True, False, None]
