"""Run Ragas' metrics in an environment of its own, for `ragas_judge.py`; run by its path, never imported.

Ragas' dependencies ask for an `openai` that ours is not compatible with, so it lives in another environment, and may be
any Python's. Nothing of Flywheel is imported here. The two talk in lines of JSON; the language model and the encoder
stay on the other side, and so do the key and the limits:

    in    {"metric", "question", "answer", "contexts", "reference"}       judge this
    out   {"ask": prompt, "schema": JSON schema}      in {"reply": text} or {"failed": reason}
    out   {"embed": [texts]}                          in {"vectors": [[numbers]]}
    out   {"value": number or null, "reason": text}   done; null says that no value could be had
"""

import asyncio
import importlib
import json
import math
import os
import sys
from typing import IO, Any


class _Failed(Exception):
    """The other side has no reply."""


class _Line:
    """The other side: say something, hear what it says to that."""

    def __init__(self, heard: IO[str], told: IO[str]) -> None:
        self._heard = heard
        self._told = told

    def tell(self, message: dict[str, Any]) -> None:
        """Say something."""
        self._told.write(json.dumps(message) + "\n")
        self._told.flush()

    def hear(self) -> dict[str, Any] | None:
        """Return what is said next, None at the end."""
        line = self._heard.readline()
        return dict(json.loads(line)) if line else None

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Say something and return the reply."""
        self.tell(message)
        reply = self.hear()
        if reply is None or "failed" in reply:
            raise _Failed(str((reply or {}).get("failed", "the line is closed")))
        return reply


def main() -> None:
    """Judge until the line closes."""
    line = _Line(sys.stdin, os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8"))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is not said to the other side
    metrics = _metrics(line)
    while (wanted := line.hear()) is not None:
        try:
            value = asyncio.run(_scored(metrics, wanted))
        except _Failed as error:
            line.tell({"value": None, "failed": str(error)})
        except ValueError as error:  # pydantic's errors are ValueErrors: the reply does not fit the schema
            line.tell({"value": None, "reason": f"{type(error).__name__}: the reply did not fit"})
        else:
            is_number = math.isfinite(value)
            reason = f"Ragas gives {value:.2f}." if is_number else "Ragas found nothing to judge."
            line.tell({"value": value if is_number else None, "reason": reason})


async def _scored(metrics: dict[str, Any], wanted: dict[str, Any]) -> float:
    question, answer, contexts = wanted["question"], wanted["answer"], wanted["contexts"]
    arguments: dict[str, dict[str, Any]] = {
        "faithfulness": {"user_input": question, "response": answer, "retrieved_contexts": contexts},
        "answer_relevance": {"user_input": question, "response": answer},
        "context_precision": {"user_input": question, "response": answer, "retrieved_contexts": contexts},
        "correctness": {"response": answer, "reference": wanted["reference"]},
    }
    name = wanted["metric"]
    result = await metrics[name].ascore(**arguments[name])
    return float(result.value)


def _metrics(line: _Line) -> dict[str, Any]:
    """Return Ragas' metrics, which ask the other side's model and encoder."""
    llms = importlib.import_module("ragas.llms.base")
    embeddings = importlib.import_module("ragas.embeddings.base")
    collections = importlib.import_module("ragas.metrics.collections")

    class Model(llms.InstructorBaseRagasLLM):  # type: ignore[misc, name-defined]  # Ragas is not installed here
        """A model that the other side asks."""

        def generate(self, prompt: str, response_model: Any) -> Any:
            """Return the reply as the model that Ragas wants; a reply that does not fit is asked for once more."""
            schema = response_model.model_json_schema()
            try:
                return response_model.model_validate_json(line.ask({"ask": prompt, "schema": schema})["reply"])
            except ValueError:
                again = f"{prompt}\n\nThe reply must be one JSON object that fits the schema, and nothing else."
                return response_model.model_validate_json(line.ask({"ask": again, "schema": schema})["reply"])

        async def agenerate(self, prompt: str, response_model: Any) -> Any:
            """Return the same."""
            return self.generate(prompt, response_model)

    class Encoder(embeddings.BaseRagasEmbedding):  # type: ignore[misc, name-defined]  # as above
        """An encoder that the other side asks."""

        def embed_text(self, text: str, **_options: Any) -> list[float]:
            """Return a text's vector."""
            return list(line.ask({"embed": [text]})["vectors"][0])

        async def aembed_text(self, text: str, **_options: Any) -> list[float]:
            """Return the same."""
            return self.embed_text(text)

    model = Model()
    return {
        "faithfulness": collections.Faithfulness(llm=model),
        "answer_relevance": collections.AnswerRelevancy(llm=model, embeddings=Encoder()),
        "context_precision": collections.ContextPrecisionWithoutReference(llm=model),
        "correctness": collections.FactualCorrectness(llm=model),
    }


if __name__ == "__main__":
    main()
