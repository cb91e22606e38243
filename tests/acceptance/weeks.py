"""Some weeks of a small company, lived through the doors: people ask and vote, each week at its time."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import httpx

from bot.simulator.channel import ChannelSpec
from bot.simulator.clock import Clock
from bot.simulator.people import Kind, Person
from bot.simulator.workspace import Team, Workspace
from tests.acceptance import nicknames
from tests.acceptance.workplace import Workplace, free_port, process

Json = dict[str, Any]
ADMIN, BEN, CLEO, BOT = "U1", "U2", "U3", "UBOT"
CHANNEL = "C1"
PEOPLE = tuple(f"P{number}" for number in range(8))
QUESTIONS = 36
"""Questions a week: two thirds in words that no document uses, one third in those of the VPN handbook."""
ANSWERED = (
    "How do I get on the VPN?",
    "Which profile do I import into WireGuard?",
    "Who helps when the VPN drops?",
    "What is the daily meal allowance?",
    "How do I book trains?",
    "When do I hand in receipts?",
)


def staffed() -> Workspace:
    """Build a workspace in which everybody of the company is in #general (C1), the report channel."""
    named = (
        Person(ADMIN, "ana", "Ana Alvarez", "Head of IT", is_admin=True),
        Person(BEN, "ben", "Ben Bauer", "Engineer"),
        Person(CLEO, "cleo", "Cleo Costa", "Finance"),
        Person(BOT, "flywheel", "Flywheel", is_bot=True),
    )
    people = (*named, *(Person(one, one.lower(), f"Person {one}") for one in PEOPLE))
    general = ChannelSpec(CHANNEL, "general", Kind.CHANNEL, tuple(one.id for one in people), "Everything")
    clock = Clock(lambda: datetime.now(UTC))
    return Workspace(Team(), people, (general,), clock=clock, rng=Random(0))


def lived(environment: Mapping[str, str], days: Sequence[float]) -> None:
    """Let people ask and vote so many days ago each, without a workspace."""
    for number, ago in enumerate(days, 1):
        with earlier(environment, ago) as doors:
            a_week(doors, number)


@contextmanager
def earlier(environment: Mapping[str, str], days: float) -> Iterator[httpx.Client]:
    """Run the bot some days ago; yields a client of its doors."""
    port = free_port()
    command = ("tests.acceptance.earlier", str(days))
    with process({**environment, "PORT": str(port)}, port, command) as doors:
        yield doors


def a_week(doors: httpx.Client, number: int) -> tuple[str, ...]:
    """Let people ask a week's questions and say Yes or No; return the ids of their answers."""
    rng, made = Random(number), []
    strange = list(nicknames.wordings())
    for turn in range(QUESTIONS):
        question = ANSWERED[turn // 3 % len(ANSWERED)] if turn % 3 == 0 else strange[turn % len(strange)].question
        person = rng.choice(PEOPLE)
        answer = posted(doors, "/v1/ask", question=question, user_id=person, channel_id=CHANNEL)
        made.append(answer["request_id"])
        if turn % 4 != 3:
            kind = "thumbs_up" if turn % 3 == 0 and rng.random() < 0.9 else "thumbs_down"
            posted(doors, "/v1/feedback", request_id=made[-1], signal_type=kind, user_id=person)
    return tuple(made)


def posted(doors: httpx.Client, path: str, **body: Any) -> Json:
    """Post to a door that must take it."""
    reply = doors.post(path, json=body)
    assert reply.status_code in {200, 201}, reply.text
    return dict(reply.json())


def got(place: Workplace, path: str, **query: Any) -> Json:
    """Read a door that must answer."""
    reply = place.doors.get(path, params=query)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def written(folder: Path, handbook: Path) -> None:
    """Write what the company knows: the nicknamed entries and the handbook."""
    nicknames.write(folder)
    for name in ("vpn.md", "travel.md"):
        text = (handbook / name).read_text(encoding="utf-8")
        (folder / f"handbook-{name}").write_text(text, encoding="utf-8")
