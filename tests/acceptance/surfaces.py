"""Everywhere people ask, as they do it; and a language model that answers in the words of the documents.

with speaking(home, documents, Transport.HTTP) as (place, model):
    ask in `place`; `model.then(...)` has the model behave differently
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.simulator.install import Transport
from tests.acceptance.workplace import Message, Person, Workplace, eventually, words, working
from tests.llm_server import LlmServer, Messages, Reply, serving

BOT = "UBOT"
_PASSAGE = re.compile(r"--- passage (\d+) [^\n]*\n(.*?)\n--- end", re.DOTALL)
_QUESTION = re.compile(r"Question: (.*)\Z", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]")
_WORD = re.compile(r"\w+")
_NOT_ANSWERED = "NOT ANSWERED"


@contextmanager
def speaking(
    home: Path, documents: Path, transport: Transport, **variables: str
) -> Iterator[tuple[Workplace, LlmServer]]:
    """Run a workspace and a bot with a language model that quotes what it is shown."""
    with serving(Reply(quoted)) as model:
        told = {"OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "local", **variables}
        with working(home, documents, transport, None, **told) as place:
            yield place, model


def quoted(messages: Messages) -> str:
    """Return the sentences of a passage that share most words with the question, as a model would write them."""
    content = messages[-1]["content"]
    asked = _QUESTION.search(content)
    wanted = set(_words(asked.group(1))) if asked else set()
    said = [(number, one.strip()) for number, text in _PASSAGE.findall(content) for one in _SENTENCE.findall(text)]
    ranked = sorted(said, key=lambda one: -len(wanted & set(_words(one[1]))))
    return f"{ranked[0][1][:-1]} [{ranked[0][0]}]." if ranked else _NOT_ANSWERED


def answer_in(person: Person, channel: str, ts: str) -> Message:
    """Wait for the bot's finished answer in a thread, beginning with a message."""
    return eventually(lambda: _last([one for one in person.thread(channel, ts) if one["ts"] > ts]))


def answer_after(person: Person, channel: str, ts: str) -> Message:
    """Wait for the bot's finished answer in a direct message, in the thread of a message or below it."""

    def look() -> Message | None:
        return _last([one for one in [*person.channel(channel), *person.thread(channel, ts)] if one["ts"] > ts])

    return eventually(look)


def alone(person: Person, channel: str, text: str) -> Message:
    """Wait for what only this person sees in a channel."""
    return eventually(lambda: person.told(channel, text))


def point(person: Person, channel: str, ts: str) -> None:
    """Use "Answer this question" on a message."""
    person.do("shortcuts", type="message", callback_id="answer_message", channel=channel, ts=ts)


def open_form(person: Person) -> dict[str, Any]:
    """Use "Ask a question" and return the form."""
    person.do("shortcuts", type="global", callback_id="ask_global")
    return eventually(lambda: next(iter(person.views()), None))


def prompts(person: Person, channel: str) -> list[str]:
    """Return the questions that the agent view suggests to a person."""
    state = person.workspace.get("/sim/state", params={"as": person.id}).json()
    found = [one["prompts"] for one in state["prompts"] if one["channel"] == channel]
    return [prompt["message"] for prompt in found[0]] if found else []


def growing(person: Person, channel: str, ts: str) -> Message | None:
    """Return the answer that is being written in a thread right now."""
    return next((one for one in person.thread(channel, ts) if one.get("streaming_state")), None)


def answers_in(person: Person, channel: str, ts: str) -> list[Message]:
    """Return everything the bot said in a thread."""
    return [one for one in person.thread(channel, ts) if one.get("bot_id") and one["ts"] != ts]


def _last(said: list[Message]) -> Message | None:
    done = [one for one in said if one.get("bot_id") and not one.get("streaming_state") and words(one).strip()]
    return done[-1] if done else None


def _words(text: str) -> list[str]:
    return [one for one in _WORD.findall(text.lower()) if len(one) > 2]
