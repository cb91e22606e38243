"""Who judges, as the plan says."""

from dataclasses import replace
from pathlib import Path

import pytest

from flywheel.errors import ConfigurationError
from flywheel.wiring import ModelServer, Plan, panel
from tests.parts import HashingEncoder


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    server = ModelServer("", "http://127.0.0.1:9/v1", "small", (1.0, 2.0))
    return Plan(tmp_path, "sqlite://", model_server=server, judge_calls=7)


def test_the_language_model_judges_within_the_budget(plan: Plan) -> None:
    made = panel(plan, HashingEncoder())

    assert ([one.name for one in made.judges], made.calls) == (["model small"], 7)


def test_nobody_judges_without_a_model(plan: Plan) -> None:
    assert panel(replace(plan, model_server=None, judges=("model", "ragas")), HashingEncoder()).judges == ()


def test_nobody_judges_where_none_is_named(plan: Plan) -> None:
    assert panel(replace(plan, judges=()), HashingEncoder()).judges == ()


def test_ragas_that_is_not_there_is_said_at_the_start(plan: Plan) -> None:
    with pytest.raises(ConfigurationError, match="ragas"):
        panel(replace(plan, judges=("ragas",)), HashingEncoder())
