"""A turn judges, keeps what the judge said, and goes on when it cannot."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from flywheel.core import Core
from flywheel.gateways.openai_chat import OpenAIChat
from flywheel.measurement.judge.model_judge import ModelJudge
from flywheel.measurement.turn import queue, turn
from flywheel.ports import Panel
from flywheel.store import records
from flywheel.store.turns import Turn, TurnState
from tests.integration.measurement.judged_world import fill, replying
from tests.llm_server import LlmServer, Refuse, Reply, serving
from tests.parts import StoppedClock, make_core


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    made = make_core(tmp_path)
    fill(made, 3)
    assert isinstance(made.now, StoppedClock)
    made.now.advance(timedelta(minutes=1))
    yield made
    made.database.close()


def turned(core: Core, server: LlmServer) -> Turn:
    """Turn the wheel with a judge and without a writer, so that all that is asked is judging."""
    chat = OpenAIChat("small", base_url=server.base_url)
    return turn(replace(core, panel=Panel((ModelJudge(chat, Random(1)),))), queue(core, "test"))


def judging_of(made: Turn) -> dict[str, Any]:
    """Return what a turn says of its judging."""
    found = made.evidence["judging"]
    assert isinstance(found, dict)
    return found


def test_a_turn_judges_the_week_and_records_its_marks(core: Core) -> None:
    with serving(Reply(replying(lambda _: 3))) as server:
        made = turned(core, server)
    with core.database.read() as db:
        [found] = records.since(db, "judged_faithfulness")

    assert judging_of(made)["answers"] == 3
    assert (found.value, found.n) == (0.75, 3)


def test_a_turn_finishes_although_the_judge_fails_and_says_why(core: Core) -> None:
    with serving(Refuse(429)) as server:
        made = turned(core, server)

    assert made.state is TurnState.FINISHED
    assert "limiting" in judging_of(made)["failures"]["model small"]


def test_a_turn_without_a_model_judges_nothing(core: Core) -> None:
    made = turn(core, queue(core, "test"))

    assert (made.state, judging_of(made)["calls"]) == (TurnState.FINISHED, 0)
