"""A window of the ledger: what it holds, as of when, and what of it may be quoted."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flywheel.core import Core
from flywheel.measurement import window
from flywheel.measurement.window import Window
from flywheel.model import Signal, SignalKind
from flywheel.signals.record import record
from flywheel.store import expertise
from tests.parts import MOMENT, answered, know, make_core

START, END = MOMENT - timedelta(days=2), MOMENT + timedelta(days=5)


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    made = make_core(tmp_path)
    know(made, "vpn.md", "Connect to the VPN.")
    yield made
    made.database.close()


def read(core: Core, seen: datetime, channel: str | None = None) -> Window:
    with core.database.read() as db:
        return window.read(db, "2026-W47", (START, END), seen, channel)


def test_what_was_done_after_the_moment_does_not_count(core: Core) -> None:
    answer_id = answered(core)
    later = MOMENT + timedelta(hours=2)
    record(core, Signal("late", answer_id, SignalKind.THUMBS_UP, "U1", later))

    assert [len(read(core, seen).about[answer_id]) for seen in (MOMENT + timedelta(hours=1), later)] == [0, 1]


def test_what_was_answered_after_the_moment_is_not_in_it(core: Core) -> None:
    answered(core)

    assert read(core, MOMENT - timedelta(hours=1)).exchanges == ()


@pytest.mark.parametrize(
    ("labels", "channel", "may"),
    [
        ({"public"}, None, True),
        ({"public", "channel:C1"}, None, False),
        ({"public", "channel:C1"}, "C1", True),
        ({"public", "channel:C2"}, None, True),
        ({"public", "user:U1"}, "C1", False),
    ],
    ids=["public", "another channel's", "the report's channel's", "an open channel's", "one person's"],
)
def test_a_question_is_quoted_where_all_can_see_where_it_was_asked(
    core: Core, labels: set[str], channel: str | None, may: bool
) -> None:
    answered(core, readers=labels)
    with core.database.begin() as db:
        expertise.put_open_channels(db, ["C2"])

    found = read(core, END, channel)
    assert [found.may_quote(one) for one in found.exchanges] == [may]
