"""A language model as judge.

Every text that is judged stands between two lines with a random word, so that none can pretend to end and give orders;
the passages come in another order at each run, because models favour what they read first (Wang et al., 2024, "Large
Language Models are not Fair Evaluators"). A reply that is not the JSON asked for is asked for once more; after that
there is no opinion, and never a made-up one.
"""

import json
import re
from collections.abc import Mapping, Sequence
from random import Random

from flywheel.answering.metering import Metered
from flywheel.errors import InvalidInput, ModelUnavailable
from flywheel.measurement.judge import rubrics
from flywheel.measurement.judge.rubrics import LEVELS, RUBRICS, Metric, Rubric
from flywheel.ports import Case, ChatMessage, LanguageModel, Opinion

MAX_TOKENS = 800
"""Far more than a reply takes; models that think before they write count their thoughts as well."""
LONGEST_REPLY = 4_000
"""Characters."""
_LONGEST_REASON = 600
_LONGEST_PASSAGE = 1_800
_LONGEST_TEXT = 6_000
_FENCED = re.compile(r"^```(?:json)?\s*(.*?)\s*```$", re.DOTALL)
_AGAIN = "That is not what was asked for: {}. Reply with exactly one JSON object: {}"


class ModelJudge:
    """A `Judge` that asks a language model. Safe to share between threads."""

    def __init__(self, model: LanguageModel, rng: Random) -> None:
        """Judge with this model; `rng` makes the fences."""
        self._model = model
        self._rng = rng

    @property
    def name(self) -> str:
        """Return the model's name."""
        return f"model {self._model.name}"[:120]

    def rubrics(self) -> Mapping[str, str]:
        """Return the hash of each metric's rubric."""
        return {metric.value: rubric.hash for metric, rubric in RUBRICS.items()}

    def judge(self, case: Case, metric: str, run: int) -> Opinion:
        """Judge one metric of an answer.

        Raises:
            ModelUnavailable: time-out, refusal, rate limit, broken stream or an empty reply.
        """
        asked, meter = Metric(metric), Metered(self._model)
        talk = messages(asked, case, run, f"{self._rng.getrandbits(48):012x}")
        why = ""
        for _ in range(2):
            reply = _read(meter, talk)
            try:
                value, reason = read(asked, case, reply)
            except InvalidInput as error:
                why = str(error)
                again = _AGAIN.format(why, RUBRICS[asked].form)
                talk = [*talk, ChatMessage("assistant", reply[:_LONGEST_REASON]), ChatMessage("user", again)]
            else:
                return Opinion(value, reason, meter.spent() or {})
        return Opinion(None, f"The reply could not be read: {why}.", meter.spent() or {})


def messages(metric: Metric, case: Case, run: int, fence: str) -> list[ChatMessage]:
    """Return what the model is asked; nothing that is judged stands outside of fences that carry the word `fence`."""
    rubric = RUBRICS[metric]
    parts = [_fenced("question", case.question, fence)]
    if metric not in {Metric.ANSWER_RELEVANCE, Metric.CORRECTNESS}:
        parts += _passages(metric, case, run, fence)
    if metric is Metric.CORRECTNESS:
        parts.append(_fenced("verified answer", case.verified or "", fence))
    if metric is not Metric.CONTEXT_PRECISION:
        parts.append(_fenced("answer", case.answer, fence))
    return [ChatMessage("system", rubric.text), ChatMessage("user", "\n".join([*parts, _order(metric, case)]))]


def read(metric: Metric, case: Case, reply: str) -> tuple[float, str]:
    """Return the value in [0, 1] and the reason in a reply.

    Raises:
        InvalidInput: it is not the JSON object that was asked for.
    """
    fenced = _FENCED.match(reply.strip())
    try:
        told = json.loads(fenced.group(1) if fenced else reply)
    except ValueError:
        raise InvalidInput("it is not JSON") from None
    rubric = RUBRICS[metric]
    wanted = {"reason", "level" if rubric.levels else "each"}
    if not isinstance(told, dict) or set(told) != wanted:
        raise InvalidInput(f"it needs exactly the keys {' and '.join(sorted(wanted))}")
    reason = told["reason"]
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidInput("the reason must be a text")
    return _value(metric, rubric, case, told), _storable(" ".join(reason.split()))[:_LONGEST_REASON]


def _value(metric: Metric, rubric: Rubric, case: Case, told: Mapping[str, object]) -> float:
    if rubric.levels:
        level = told["level"]
        if type(level) is not int or not 0 <= level <= LEVELS:
            raise InvalidInput(f"the level must be a whole number from 0 to {LEVELS}")
        return level / LEVELS
    each, count = told["each"], rubrics.asked_about(metric, case)
    if not isinstance(each, list) or len(each) != count or not all(isinstance(one, bool) for one in each):
        raise InvalidInput(f"each must hold {count} times true or false")
    return rubrics.share(metric, case, each)


def _storable(text: str) -> str:
    """Return text that every database takes: no NUL (Postgres) and no half of a surrogate pair (UTF-8)."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _passages(metric: Metric, case: Case, run: int, fence: str) -> list[str]:
    """Return the passages, numbered as the answer cites them, in this run's order."""
    shown = list(enumerate(case.passages[: rubrics.asked_about(metric, case)], 1))
    Random(f"{case.answer_id}:{metric}:{run}").shuffle(shown)  # noqa: S311 - the same order each time
    return [_fenced(f"passage [{n}]", text[:_LONGEST_PASSAGE], fence) for n, text in shown]


def _order(metric: Metric, case: Case) -> str:
    if RUBRICS[metric].levels:
        return f"Judge {metric.value.replace('_', ' ')} of the answer now, as you were told before the first fence."
    numbers = ", ".join(f"[{n}]" for n in range(1, rubrics.asked_about(metric, case) + 1))
    return f"Judge {metric.value.replace('_', ' ')} now: one true or false for each of {numbers}, in this order."


def _fenced(name: str, text: str, fence: str) -> str:
    return f"--- {name} {fence} ---\n{text[:_LONGEST_TEXT]}\n--- end {fence} ---"


def _read(model: LanguageModel, talk: Sequence[ChatMessage]) -> str:
    reply = ""
    for piece in model.stream(talk, max_tokens=MAX_TOKENS):
        reply += piece
        if len(reply) > LONGEST_REPLY:
            raise ModelUnavailable(f"the model wrote more than {LONGEST_REPLY} characters")
    return reply
