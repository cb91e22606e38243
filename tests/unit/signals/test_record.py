"""The same act is written once; different acts have different keys."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from flywheel.model import Signal, SignalKind
from flywheel.signals.record import record, signal_key
from flywheel.store import signals
from tests.parts import MOMENT, make_core

ACTS = st.tuples(st.sampled_from(SignalKind), st.text(max_size=9), st.text(max_size=9), st.text(max_size=9))


def test_an_act_that_is_delivered_twice_is_written_once(tmp_path: Path) -> None:
    core = make_core(tmp_path)
    act = Signal("k", "a1", SignalKind.COPY, "U1", MOMENT)

    assert [record(core, act), record(core, act)] == [True, False]

    with core.database.read() as db:
        assert signals.every(db) == [act]


def test_the_same_act_has_the_same_key() -> None:
    assert signal_key(SignalKind.COPY, "a1", "U1", "1.2") == signal_key(SignalKind.COPY, "a1", "U1", "1.2")


@given(ACTS, ACTS)
def test_different_acts_have_different_keys(
    one: tuple[SignalKind, str, str, str], other: tuple[SignalKind, str, str, str]
) -> None:
    assert (signal_key(*one) == signal_key(*other)) is (one == other)


@given(ACTS)
def test_a_key_fits_its_column(act: tuple[SignalKind, str, str, str]) -> None:
    assert len(signal_key(*act)) <= 255
