"""What the agent view offers to somebody who opens it: questions to begin with, and the channel they look at.

    prompt         a question somebody may press instead of typing; at most four
    open channel   the channel a person looks at while the app is open beside it; forgotten after half an hour

Prompts come from what was asked in channels that everybody can join and was answered well, and from verified answers;
only where the reader may read all that the answer rests on, and never where a text may name somebody. In a new
installation there are none of these, and the fixed ones stand alone.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot import cosmetic, rooms
from bot.blocks.limits import clip
from bot.blocks.text import PERSON_ID, plain
from bot.face import Face
from bot.heard import Heard
from flywheel.knowledge.access import audience_of
from flywheel.model import PUBLIC, Audience, Surface
from flywheel.signals.votes import live_votes
from flywheel.store import answers, marks, members, origins, passages, popular, signals, verified
from flywheel.store.database import Session
from flywheel.store.popular import Answered

MOST = 4
LATELY = timedelta(days=90)
LOOKS_FOR = timedelta(minutes=30)

_READ = 500
_TITLE = 70
_LONGEST, _FEWEST_WORDS = 150, 3
_SURE = 0.5
_ALIKE = 0.6
_WORD = re.compile(r"\w+")
_LIVE = re.compile(r"[@<>\n]|://")
_HERE = re.compile(r"\bthis channel\b", re.IGNORECASE)
_HEADING = "What would you like to know?"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question to press: what the button reads, and what is asked."""

    title: str
    message: str


FIXED = (
    Prompt("What can you do?", "What can you do?"),
    Prompt("How do I ask you something?", "How do I ask you?"),
)
"""Prompts that can be answered before anything was asked."""
SUMMARY = Prompt("Summarise this channel", "Summarise this channel")
"""What is offered first to somebody who looks at a channel."""


def offer(face: Face, person: str, channel: str, thread_ts: str | None = None) -> None:
    """Show a person's prompts in their talk with the bot; `thread_ts` where the workspace has the older pane."""
    audience = audience_of(face.core.directory, person, None)
    with face.core.database.read() as db:
        looks_at = open_channel(db, person, face.core.now())
        suggested = prompts(db, audience, face.core.now())
    shown = [*([SUMMARY] if looks_at else []), *suggested][:MOST]
    offered = [{"title": one.title, "message": one.message} for one in shown]
    where = {"thread_ts": thread_ts} if thread_ts else {}

    def call() -> object:
        sent: Any = {"channel_id": channel, "prompts": offered, "title": _HEADING, **where}
        return face.client.api_call("assistant.threads.setSuggestedPrompts", json=sent)

    cosmetic.attempt(face, "assistant.threads.setSuggestedPrompts", call)


def prompts(db: Session, audience: Audience, now: datetime) -> list[Prompt]:
    """Return what to suggest to those who hold an audience, the most popular first, filled up with fixed ones."""
    found: list[Prompt] = []
    for text, is_readable in _candidates(db, audience, now):
        is_new = _is_fit(text) and not any(_alike(text, one.message) for one in found)
        if is_new and is_readable() and not popular.names_somebody(db, text):
            found.append(Prompt(plain(clip(text, _TITLE)), plain(text)))
        if len(found) == MOST - 1:
            break
    return [*found, *FIXED][:MOST]


def remember(face: Face, person: str, context: Mapping[str, Any]) -> None:
    """Keep which channel a person looks at, if they are in it; an empty context means none.

    `context` is Slack's: entities by relevance, or the older pane's single channel.
    """
    seen = _channel_in(context)
    mine = seen is not None and seen in face.core.directory.channels_of(person)
    with face.core.database.begin() as db:
        if seen is not None and mine:
            marks.put(db, _mark(person), f"{seen} {face.core.now().isoformat()}")
        else:
            marks.remove(db, [_mark(person)])


def open_channel(db: Session, person: str, now: datetime) -> str | None:
    """Return the channel a person looks at, or None where that is not known, too long ago, or they are not in it."""
    held = marks.find(db, _mark(person))
    if held is None:
        return None
    channel, since = held.split()
    is_recent = now - datetime.fromisoformat(since) < LOOKS_FOR
    return channel if is_recent and channel in members.channels_of(db, person) else None


def located(face: Face, said: Heard) -> Heard:
    """Return a direct message with "this channel" replaced by the name of the channel its author looks at."""
    if said.surface is not Surface.DIRECT or not _HERE.search(said.text):
        return said
    with face.core.database.read() as db:
        channel = open_channel(db, said.person, face.core.now())
    name = rooms.name_of(face, channel) if channel else ""
    if not channel or not name:
        return said
    return replace(said, text=_HERE.sub(f"#{name}", said.text), channels=(channel, *said.channels))


def name_session(face: Face, said: Heard) -> None:
    """Give a new conversation of the agent view its first question as its title."""
    with face.core.database.read() as db:
        earlier = answers.in_thread(db, said.channel, said.thread)
    if said.surface is not Surface.DIRECT or len(earlier) > 1:
        return
    title = plain(clip(said.text, _TITLE))
    where: Any = {"channel_id": said.channel, "thread_ts": said.thread, "title": title}
    named = cosmetic.attempt(
        face, "agents.sessions.rename", lambda: face.client.api_call("agents.sessions.rename", json=where)
    )
    if not named and said.thread_ts is not None:
        cosmetic.attempt(
            face, "assistant.threads.setTitle", lambda: face.client.api_call("assistant.threads.setTitle", json=where)
        )


def _candidates(db: Session, audience: Audience, now: datetime) -> Iterator[tuple[str, Callable[[], bool]]]:
    """Yield questions, the best first, each with how to find out whether the audience may read what answers it."""
    for one in _popular(db, audience, now):
        yield one.text, partial(_may_read, db, one, audience)
    for made in reversed(verified.every(db)):
        yield made.question, partial(_may_read_verified, db, made.id, audience)


def _popular(db: Session, audience: Audience, now: datetime) -> list[Answered]:
    """Return the newest of each question that many asked or that helped, the most popular first."""
    asked: dict[str, list[Answered]] = {}
    for one in popular.answered_since(db, now - LATELY, _READ):
        if not audience.labels.isdisjoint({PUBLIC, f"channel:{one.channel}"}):
            asked.setdefault(" ".join(_words(one.text)), []).append(one)
    said = _votes(db, [one.answer_id for same in asked.values() for one in same])
    ranked = sorted(asked.values(), key=lambda same: -_popularity(same, said))
    return [same[0] for same in ranked if _popularity(same, said) > 0]


def _popularity(same: Sequence[Answered], votes: Mapping[str, tuple[int, int]]) -> float:
    """Say how many people a question has helped or will; 0 where its answers did not convince."""
    yes = sum(votes.get(one.answer_id, (0, 0))[0] for one in same)
    no = sum(votes.get(one.answer_id, (0, 0))[1] for one in same)
    people = len({one.person for one in same})
    convinces = yes > no if yes or no else people > 1 and same[0].confidence >= _SURE
    return people + yes - no if convinces else 0


def _votes(db: Session, answer_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    ledger: dict[str, list[Any]] = {}
    for signal in signals.of_answers(db, answer_ids):
        ledger.setdefault(signal.answer_id, []).append(signal)
    live = {answer: live_votes(said) for answer, said in ledger.items()}
    return {answer: (sum(said.values()), len(said) - sum(said.values())) for answer, said in live.items()}


def _may_read(db: Session, one: Answered, audience: Audience) -> bool:
    if one.verified_answer_id:
        return _may_read_verified(db, one.verified_answer_id, audience)
    cited = [citation.passage_id for citation in answers.citations(db, one.answer_id)]
    return len(passages.hits(db, cited, audience)) == len(set(cited))


def _may_read_verified(db: Session, verified_id: str, audience: Audience) -> bool:
    return origins.readable(db, verified_id, audience) is not None


def _is_fit(text: str) -> bool:
    is_short = len(text) <= _LONGEST and len(text.split()) >= _FEWEST_WORDS
    return is_short and text.rstrip().endswith("?") and not _LIVE.search(text) and not PERSON_ID.search(text)


def _alike(one: str, other: str) -> bool:
    mine, theirs = set(_words(one)), set(_words(other))
    return len(mine & theirs) >= _ALIKE * len(mine | theirs)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _channel_in(context: Mapping[str, Any]) -> str | None:
    """Return the channel of a context: the first entity that is one, or a message in one."""
    for entity in context.get("entities") or ():
        value = entity.get("value")
        if isinstance(value, Mapping):
            value = value.get("channel_id")
        elif not str(entity.get("type")).endswith("channel_id"):
            continue
        if value:
            return str(value)
    older = context.get("channel_id")
    return str(older) if older else None


def _mark(person: str) -> str:
    return f"looks:{person}"
