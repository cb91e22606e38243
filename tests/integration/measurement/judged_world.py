"""A small world for judges: documents, answers that cite them, votes, and a model that replies as a rubric wants."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from flywheel.core import Core
from flywheel.gateways.openai_chat import OpenAIChat, Patience
from flywheel.measurement.judge.model_judge import ModelJudge
from flywheel.model import Signal, SignalKind
from flywheel.ports import Panel
from flywheel.store import judgements, signals
from flywheel.store.judgements import Judgement
from tests.llm_server import LlmServer, Messages
from tests.parts import StoppedClock, answered, know

USAGE = {"model": "small", "calls": 1, "unreported": 0, "prompt_tokens": 90, "completion_tokens": 10, "cost": 0.01}
IMPATIENT = Patience(first_token=2.0, short_reply=2.0, long_reply=3.0)


def fill(core: Core, count: int) -> list[str]:
    """Store a document and so many answers that cite it; return the answers' ids."""
    know(core, "vpn.md", "VPN sessions end after 12 hours.")
    return [
        answered(core, f"a{n:03d}", question=f"How long is session {n}?", text="12 hours. [1]", cites=["vpn.md:0"])
        for n in range(count)
    ]


def vote(core: Core, answer_id: str, *, helped: bool, person: str = "U2") -> None:
    """Store a vote."""
    kind = SignalKind.THUMBS_UP if helped else SignalKind.THUMBS_DOWN
    with core.database.begin() as db:
        signals.put(db, Signal(f"{answer_id}:{person}:{kind}", answer_id, kind, person, core.now()))


def judged(
    core: Core, answer_id: str, value: float, metrics: Sequence[str] = ("answer_relevance", "faithfulness")
) -> None:
    """Store what a judge said of an answer, a minute later."""
    assert isinstance(core.now, StoppedClock)
    core.now.advance(timedelta(minutes=1))
    with core.database.begin() as db:
        judgements.put(
            db,
            [Judgement(answer_id, "model small", one, 0, value, "Because.", one, core.now(), USAGE) for one in metrics],
        )


def with_judge(core: Core, server: LlmServer, calls: int = 10_000) -> Core:
    """Return the core a minute later, with a judge behind this server."""
    assert isinstance(core.now, StoppedClock)
    core.now.advance(timedelta(minutes=1))
    chat = OpenAIChat("small", "sk-secret", server.base_url, IMPATIENT, lambda _: None)
    return replace(core, language_model=chat, panel=Panel((ModelJudge(chat, Random(1)),), calls))


def replying(level: Callable[[str], int]) -> Callable[[Messages], str]:
    """Return what a model replies: the level that a function gives to what stands in the user's message."""

    def reply(messages: Messages) -> str:
        text = messages[1]["content"]
        if '"level"' in messages[0]["content"]:
            return json.dumps({"reason": "Because.", "level": level(text)})
        count = len(re.findall(r"^--- passage \[", text, re.MULTILINE))
        return json.dumps({"reason": "Because.", "each": [True] * count})

    return reply
