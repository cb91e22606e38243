"""Ragas behind its adapter: a small stand-in with Ragas' interface in an environment of its own, and, where
`FLYWHEEL_RAGAS_PYTHON` names one, Ragas itself.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flywheel.errors import ConfigurationError, ModelUnavailable
from flywheel.gateways.openai_chat import OpenAIChat
from flywheel.gateways.ragas_judge import METRICS, RagasJudge
from flywheel.ports import Case
from tests.llm_server import LlmServer, Messages, Refuse, Reply, serving
from tests.parts import HashingEncoder

CASE = Case(
    "a1",
    "Which VPN profile is used?",
    "Harbour-2. Sessions end after 9 hours. [1]",
    ("The VPN uses the profile Harbour-2.", "VPN sessions end after 12 hours."),
    1,
    (1, 0),
    "Use Harbour-2.",
)
STAND_IN = """
import json, math, sys

class Score:
    def __init__(self, value):
        self.value = value

class Wanted:
    @staticmethod
    def model_json_schema():
        return {"score": "number"}

    @staticmethod
    def model_validate_json(text):
        return float(json.loads(text)["score"])

class _Metric:
    def __init__(self, llm, embeddings=None):
        self.llm, self.embeddings = llm, embeddings

    async def ascore(self, **given):
        print("libraries print what they like")
        if self.embeddings is not None:
            assert len(await self.embeddings.aembed_text(given["user_input"])) == 384
        return Score(await self.llm.agenerate(json.dumps(given), Wanted))

Faithfulness = AnswerRelevancy = ContextPrecisionWithoutReference = FactualCorrectness = _Metric
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the interpreter of an environment in which something calls itself Ragas."""
    home = tmp_path_factory.mktemp("ragas")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    [site] = home.glob("lib/python*/site-packages")
    written = {
        "ragas/__init__.py": "",
        "ragas/llms/__init__.py": "",
        "ragas/llms/base.py": "class InstructorBaseRagasLLM: pass",
        "ragas/embeddings/__init__.py": "",
        "ragas/embeddings/base.py": "class BaseRagasEmbedding: pass",
        "ragas/metrics/__init__.py": "",
        "ragas/metrics/collections.py": STAND_IN,
        "ragas-9.9.dist-info/METADATA": "Metadata-Version: 2.1\nName: ragas\nVersion: 9.9\n",
    }
    for name, text in written.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    return str(home / "bin" / "python")


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with serving(Reply('{"score": 0.75}', usage=(100, 10))) as started:
        yield started


def judge(server: LlmServer, python: str) -> RagasJudge:
    return RagasJudge(OpenAIChat("small", base_url=server.base_url), HashingEncoder(), python)


@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_is_worked_out_elsewhere_with_our_model(server: LlmServer, python: str, metric: str) -> None:
    ragas = judge(server, python)
    opinion = ragas.judge(CASE, metric, 0)
    ragas.close()

    assert opinion.value == 0.75
    assert (opinion.usage["calls"], opinion.usage["prompt_tokens"]) == (1, 100)


def test_it_is_named_after_its_version_and_model(server: LlmServer, python: str) -> None:
    assert judge(server, python).name == "ragas 9.9 small"


def test_contexts_come_in_the_order_of_the_shortlist(server: LlmServer, python: str) -> None:
    ragas = judge(server, python)
    ragas.judge(CASE, "context_precision", 0)
    ragas.close()

    given = json.loads(server.log[0].body["messages"][1]["content"])
    assert given["retrieved_contexts"] == ["VPN sessions end after 12 hours.", "The VPN uses the profile Harbour-2."]


def test_a_reply_that_does_not_fit_twice_is_no_opinion(server: LlmServer, python: str) -> None:
    server.then(Reply("Wonderful!"))
    ragas = judge(server, python)
    opinion = ragas.judge(CASE, "faithfulness", 0)
    ragas.close()

    assert opinion.value is None
    assert len(server.log) == 2


def test_a_model_that_fails_is_told_with_its_reason(server: LlmServer, python: str) -> None:
    server.then(Refuse(429))
    ragas = judge(server, python)
    with pytest.raises(ModelUnavailable, match="limiting"):
        ragas.judge(CASE, "faithfulness", 0)
    ragas.close()


def test_a_process_that_ended_is_started_again(server: LlmServer, python: str) -> None:
    ragas = judge(server, python)
    ragas.judge(CASE, "faithfulness", 0)
    assert ragas._worker is not None
    ragas._worker.kill()
    ragas._worker.wait()

    assert ragas.judge(CASE, "faithfulness", 1).value == 0.75
    ragas.close()


def test_the_process_is_not_given_the_key(server: LlmServer, python: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    ragas = judge(server, python)
    ragas.judge(CASE, "faithfulness", 0)
    assert ragas._worker is not None
    surroundings = Path(f"/proc/{ragas._worker.pid}/environ").read_text(encoding="utf-8")
    ragas.close()

    assert "sk-secret" not in surroundings
    assert "RAGAS_DO_NOT_TRACK=true" in surroundings


def test_an_environment_without_ragas_is_refused_with_what_to_do(server: LlmServer) -> None:
    with pytest.raises(ConfigurationError, match="FLYWHEEL_RAGAS_PYTHON"):
        judge(server, sys.executable)


def test_an_interpreter_that_there_is_not_is_refused(server: LlmServer) -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        judge(server, "/nowhere/python")


@pytest.mark.skipif("FLYWHEEL_RAGAS_PYTHON" not in os.environ, reason="needs an environment that has Ragas")
def test_ragas_itself_judges_with_our_model() -> None:
    with serving(Reply(_as_ragas_wants, usage=(100, 10))) as server:
        ragas = judge(server, os.environ["FLYWHEEL_RAGAS_PYTHON"])
        values = {metric: ragas.judge(CASE, metric, 0).value for metric in METRICS}
        ragas.close()

    assert values["faithfulness"] == 0.5
    assert None not in values.values()


def _as_ragas_wants(messages: Messages) -> str:
    """Return one of two statements supported, and yes to all else."""
    schema = messages[0]["content"]
    if '"statements"' in schema and "verdict" in schema:
        rows = [{"statement": "It is Harbour-2.", "reason": "So.", "verdict": n} for n in (1, 0)]
        return json.dumps({"statements": rows})
    if '"statements"' in schema:
        return json.dumps({"statements": ["It is Harbour-2.", "It ends after 9 hours."]})
    if "noncommittal" in schema:
        return json.dumps({"question": "Which VPN profile is used?", "noncommittal": 0})
    if '"claims"' in schema:
        return json.dumps({"claims": ["It is Harbour-2."]})
    return json.dumps({"reason": "So.", "verdict": 1})
