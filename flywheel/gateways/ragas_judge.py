"""Ragas (ragas.io) as one more judge, in a process of its own (`ragas_worker.py`).

Its metrics and prompts are Ragas'; the model is ours, so that limits, patience and the count of tokens are the same as
for everything else. The process gets neither the key nor our environment, and does not report its use
(`RAGAS_DO_NOT_TRACK`). Surprising: Ragas puts the judged texts into its prompts without fences, so that it is easier to
talk into something than `ModelJudge`; like every judge it counts only as far as it agrees with people.
"""

import hashlib
import json
import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flywheel.answering.metering import Metered
from flywheel.errors import ConfigurationError, ModelUnavailable
from flywheel.ports import Case, ChatMessage, Encoder, LanguageModel, Opinion

METRICS = ("faithfulness", "answer_relevance", "context_precision", "correctness")
MAX_TOKENS = 1_500
LONGEST = 180.0
"""Seconds for one metric of one answer, the model's replies included."""
_LONGEST_REPLY = 20_000
_WORKER = Path(__file__).with_name("ragas_worker.py")
_VERSION = "from importlib.metadata import version; print(version('ragas'))"
_TASK = "Reply with one JSON object that fits this JSON schema, and nothing else:\n{}"


class RagasJudge:
    """A `Judge` that asks Ragas. Threads take turns."""

    def __init__(self, model: LanguageModel, encoder: Encoder, python: str) -> None:
        """Judge with this model; `python` is the interpreter of an environment that has Ragas.

        Raises:
            ConfigurationError: it has not.
        """
        self._version = _installed(python)
        self._model = model
        self._encoder = encoder
        self._python = python
        self._turn = threading.Lock()
        self._worker: subprocess.Popen[str] | None = None

    @property
    def name(self) -> str:
        """Return the library's version and the model's name."""
        return f"ragas {self._version} {self._model.name}"[:120]

    def rubrics(self) -> Mapping[str, str]:
        """Return the metrics, each with a hash of its name and Ragas' version."""
        return {one: hashlib.sha256(f"ragas {self._version} {one}".encode()).hexdigest() for one in METRICS}

    def judge(self, case: Case, metric: str, run: int) -> Opinion:  # noqa: ARG002 - each run asks anew
        """Judge one metric of an answer.

        Raises:
            ModelUnavailable: the model failed, or Ragas' process did.
        """
        meter = Metered(self._model)
        wanted = {
            "metric": metric,
            "question": case.question,
            "answer": case.answer,
            "contexts": [case.passages[place] for place in case.ranking],
            "reference": case.verified,
        }
        with self._turn:
            said = self._talk(wanted, meter)
        if "failed" in said:
            raise ModelUnavailable(str(said["failed"]))
        value = said["value"]
        bounded = None if value is None else min(1.0, max(0.0, float(value)))
        return Opinion(bounded, str(said["reason"]), meter.spent() or {})

    def close(self) -> None:
        """End the process."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
            worker.communicate()

    def _talk(self, wanted: Mapping[str, object], model: LanguageModel) -> dict[str, Any]:
        worker = self._running()
        alarm = threading.Timer(LONGEST, worker.kill)
        alarm.start()
        try:
            message: Mapping[str, object] = wanted
            while True:
                said = _exchanged(worker, message)
                if "value" in said:
                    return said
                message = self._answer(said, model)
        except (OSError, ValueError):
            self.close()
            raise ModelUnavailable("Ragas' process ended, or took too long") from None
        finally:
            alarm.cancel()

    def _answer(self, said: Mapping[str, Any], model: LanguageModel) -> Mapping[str, object]:
        if "embed" in said:
            return {"vectors": self._encoder.encode(said["embed"]).tolist()}
        talk = [ChatMessage("system", _TASK.format(json.dumps(said["schema"]))), ChatMessage("user", said["ask"])]
        try:
            return {"reply": _unfenced(_read(model, talk))}
        except ModelUnavailable as error:
            return {"failed": str(error)}

    def _running(self) -> subprocess.Popen[str]:
        if self._worker is None or self._worker.poll() is not None:
            self.close()
            self._worker = subprocess.Popen(  # noqa: S603 - an interpreter that the administrator named
                [self._python, "-I", str(_WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"RAGAS_DO_NOT_TRACK": "true", "PATH": os.defpath, "HOME": os.devnull, "OMP_NUM_THREADS": "1"},
                encoding="utf-8",
            )
        return self._worker


def _exchanged(worker: subprocess.Popen[str], message: Mapping[str, object]) -> dict[str, Any]:
    """Say something to the process and return what it says next.

    Raises:
        OSError: it is gone.
        ValueError: it says something that is not JSON, or nothing.
    """
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(json.dumps(message) + "\n")
    worker.stdin.flush()
    return dict(json.loads(worker.stdout.readline()))


def _read(model: LanguageModel, talk: Sequence[ChatMessage]) -> str:
    reply = ""
    for piece in model.stream(talk, max_tokens=MAX_TOKENS):
        reply += piece
        if len(reply) > _LONGEST_REPLY:
            raise ModelUnavailable(f"the model wrote more than {_LONGEST_REPLY} characters")
    return reply


def _unfenced(reply: str) -> str:
    return reply.strip().removeprefix("```json").removeprefix("```").removesuffix("```").strip()


def _installed(python: str) -> str:
    """Return the version of Ragas in an environment.

    Raises:
        ConfigurationError: there is no such interpreter, or its environment has no Ragas.
    """
    try:
        asked = subprocess.run(  # noqa: S603 - an interpreter that the administrator named
            [python, "-I", "-c", _VERSION], capture_output=True, timeout=30, check=True, encoding="utf-8"
        )
    except (OSError, subprocess.SubprocessError):
        raise ConfigurationError(
            f"FLYWHEEL_JUDGES names ragas, which {python} does not have: install it in an environment of its own "
            "and name that environment's python in FLYWHEEL_RAGAS_PYTHON"
        ) from None
    return asked.stdout.strip()
