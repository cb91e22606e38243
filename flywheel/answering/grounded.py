"""Answer with a language model that has read the best passages, and check what it wrote.

Whatever goes wrong (time, limits, a cut stream, nonsense, no valid source) is a `ModelUnavailable` whose message says
so in plain words; the caller then quotes instead. Text reaches `on_text` only after its source was checked, so that
nobody watches a sentence appear that is later taken back.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from flywheel.answering.marks import Checked, check
from flywheel.answering.prompt import DEFAULT_RULES, NOT_ANSWERED, Example, messages, toned
from flywheel.answering.written import Written, cite
from flywheel.errors import ModelUnavailable
from flywheel.model import Hit
from flywheel.ports import LanguageModel

PASSAGES = 6
MAX_TOKENS = 700
LONGEST_REPLY = 6000
"""Characters; a model that writes more than this has lost its way."""

_KEPT = 0.5
_LAST_MARK = re.compile(r".*\](?:[.!?…]+|(?=\s))", re.DOTALL)

OnText = Callable[[str], None]
"""Told the checked text so far, each time a sentence may have ended, grown or not: whoever is told may want
no more of it. It may be called never, and the answer may still differ."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A question that stands alone, the passages to answer from, best first, and how to answer.

    `examples` are answers people liked, `rules` an id of `prompt.RULES`, `persona` how to sound.
    """

    question: str
    hits: Sequence[Hit]
    examples: Sequence[Example] = ()
    rules: str = DEFAULT_RULES
    persona: str = ""


def write(model: LanguageModel, assignment: Assignment, rng: Random, on_text: OnText | None = None) -> Written | None:
    """Return the model's answer, checked; None when it says that the passages do not answer.

    Raises:
        ModelUnavailable: it failed, or what it wrote is not supported by the passages.
    """
    question = assignment.question
    hits = [hit for hit in assignment.hits if hit.is_passage][:PASSAGES]
    prompt = toned(messages(question, hits, assignment.examples, rng, assignment.rules), assignment.persona, rng)
    reply = _read(model.stream(prompt, max_tokens=MAX_TOKENS), (hits, question), on_text)
    if _says_not_answered(reply):
        return None
    checked = check(reply, hits, question)
    _refuse_nonsense(checked)
    text, citations = cite(checked.text, hits)
    if on_text is not None:
        on_text(text)
    notes = tuple(f"Dropped a sentence without a valid source: “{one[:120]}”" for one in checked.dropped)
    return Written(text, model.name, citations, notes=notes)


def _read(pieces: Iterator[str], asked: tuple[Sequence[Hit], str], on_text: OnText | None) -> str:
    reply, told = "", ""
    for piece in pieces:
        reply += piece
        if len(reply) > LONGEST_REPLY:
            raise ModelUnavailable(f"the model wrote more than {LONGEST_REPLY} characters")
        if on_text is not None and ("]" in piece or "\n" in piece or "." in piece):
            text = _showable(reply, asked)
            told = text if len(text) > len(told) else told
            on_text(told)
    return reply


def _showable(reply: str, asked: tuple[Sequence[Hit], str]) -> str:
    """Return the checked text up to the last complete source mark."""
    ended = _LAST_MARK.match(reply)
    if ended is None or reply[: ended.end()].count("```") % 2:
        return ""
    hits, question = asked
    text, _ = cite(check(ended.group(), hits, question).text, hits)
    return text


def _says_not_answered(reply: str) -> bool:
    return reply.strip().strip("\"'“”.*").upper().startswith(NOT_ANSWERED)


def _refuse_nonsense(checked: Checked) -> None:
    if not checked.text:
        raise ModelUnavailable("no sentence of the model's reply had a valid source")
    if checked.kept < _KEPT:
        raise ModelUnavailable(f"only {checked.kept * 100:.0f} % of the model's reply had a valid source")
