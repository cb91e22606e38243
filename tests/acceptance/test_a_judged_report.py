"""With a language model: it writes and judges, and the report says what that costs and how far to believe it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.acceptance import weeks
from tests.acceptance.workplace import clean_environment, flywheel, free_port, process
from tests.llm_server import LlmServer, Messages, Reply, serving

CALLS = 60
"""What a turn may spend on judging."""
USAGE = (1_000, 100)
A_CALL = (1_000 * 0.15 + 100 * 0.60) / 1e6
"""US dollars, at the prices that are set."""
REASON = "It says what the passages say."


def reply_to(messages: Messages) -> str:
    """Judge where a judgement is asked for, and write a sentence with its source where an answer is."""
    asked = messages[0]["content"]
    if "You judge" not in asked:
        return "Import the profile Harbour-2 with WireGuard [1]."
    if '"level"' in asked:
        return json.dumps({"reason": REASON, "level": 3})
    last = messages[-1]["content"].splitlines()[-1]
    return json.dumps({"reason": REASON, "each": [True] * len(re.findall(r"\[\d+\]", last))})


pytestmark = pytest.mark.timeout(600)
"""The weeks and the turn before the first test take longer than a test may."""


@dataclass(frozen=True)
class Judged:
    """A company whose bot has a language model, after its turn."""

    environment: dict[str, str]
    doors: httpx.Client
    answers: tuple[str, ...]
    report: dict[str, Any]
    model: LlmServer


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, documents: Path) -> Iterator[Judged]:
    """Let people ask a model's bot for a week, and turn the wheel."""
    home, folder, port = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("documents"), free_port()
    weeks.written(folder, documents)
    with serving(Reply(reply_to, usage=USAGE, piece=200)) as model:
        environment = clean_environment(
            home,
            PORT=str(port),
            OPENAI_BASE_URL=model.base_url,
            OPENAI_MODEL="local",
            FLYWHEEL_MODEL_PRICES="0.15/0.60",
            FLYWHEEL_JUDGE_CALLS=str(CALLS),
        )
        flywheel(environment, "index", str(folder))
        with process(environment, port) as doors:
            answers = weeks.a_week(doors, 0)
            flywheel(environment, "turn")
            yield Judged(environment, doors, answers, doors.get("/v1/reports/latest").json(), model)


def test_a_turn_judges_for_no_more_than_it_may_spend(judged: Judged) -> None:
    asked = [one for one in judged.model.log if "You judge" in one.body["messages"][0]["content"]]

    assert 0 < len(asked) <= CALLS
    assert len(asked) == len(_runs(judged))


def test_every_run_is_kept_with_its_reason_and_its_tokens(judged: Judged) -> None:
    runs = _runs(judged)

    assert {run["reason"] for run in runs} == {REASON}
    assert all(run["usage"]["prompt_tokens"] == USAGE[0] for run in runs)
    assert len({run["run"] for run in runs}) == 3


def test_the_report_says_what_the_judge_costs_and_shows_no_score_that_nobody_has_checked(judged: Judged) -> None:
    lines = "\n".join(one["text"] for one in _section(judged, "judge")["lines"])

    assert f"Judging took {CALLS} calls and 66,000 tokens, $0.013, besides what the answers cost." in lines
    assert "none of its scores is shown" in lines
    assert not any(one in lines for one in ("Faithfulness", "Answer relevance", "Context precision"))


def test_the_report_says_what_answering_cost(judged: Judged) -> None:
    figure = next(one for one in judged.report["figures"] if one["key"] == "cost")
    count = judged.report["numbers"]["cost"]["answers"]

    assert count > 0
    assert judged.report["numbers"]["cost"]["cost"] == pytest.approx(count * A_CALL)
    assert figure["note"] == f"{count * sum(USAGE):,} tokens for {count} answers"
    assert figure["value"].startswith("$0.00")
    assert figure["value"] != "$0.00"


def test_the_command_judges_what_was_left(judged: Judged) -> None:
    told = flywheel(judged.environment, "judge", "--calls", "9")

    assert "answers judged in 9 calls" in told


def _runs(judged: Judged) -> list[dict[str, Any]]:
    """Return every run of the judge on the company's answers."""
    replies = [judged.doors.get("/v1/judgements", params={"answer_id": one}) for one in judged.answers]
    return [run for reply in replies for run in reply.json()["runs"]]


def _section(judged: Judged, key: str) -> dict[str, Any]:
    return next(one for one in judged.report["sections"] if one["key"] == key)
