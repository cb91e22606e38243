"""Nothing outside its audience, anywhere: random memberships, labels and questions, through the whole bot.

A case is a membership, perhaps a relabelled document, a question on some surface, and perhaps changes between the
asking and the posting; then somebody votes, traces, shares or presses the private note. FLYWHEEL_CASES sets how many
there are (100), FLYWHEEL_FIRST_SEED where the seeds begin.
"""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot import showing, tracing
from bot.app import Bot, FaceSettings
from bot.face import Face
from bot.identity import Identity
from bot.worker import Bell
from flywheel.answering.ask import Asking
from flywheel.answering.ask import ask as ask_the_core
from flywheel.core import Core
from flywheel.curation.candidates import Quality, candidates
from flywheel.measurement.report import report
from flywheel.model import Answer, Signal, SignalKind
from flywheel.ports import ChatMessage, Note
from flywheel.signals.record import record
from flywheel.stages import Untraced
from flywheel.store import answers, questions
from tests.integration.security.companies import (
    PEOPLE,
    change,
    company_at_random,
    found_secrets,
    relabel,
    trouble,
    write_documents,
)
from tests.integration.security.listening import Listening, Responses
from tests.parts import StoppedClock, make_core

CASES = int(os.environ.get("FLYWHEEL_CASES", "100"))
FIRST_SEED = int(os.environ.get("FLYWHEEL_FIRST_SEED", "0"))
A_TOWN = 100
DOCUMENTS = 40
IDENTITY = Identity("T1", "UBOT", "B1", "https://simulated.slack.com/")


class Parrot:
    """A language model that repeats every rule it was told, and shows its prompts to the town."""

    name = "parrot"

    def __init__(self, town: "Town") -> None:
        self._town = town

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int) -> Iterator[str]:
        said = "\n".join(one.content for one in messages)
        self._town.see(self._town.place, said)
        yield from (f"{line} [{n}]\n" for n in (1, 2, 3) for line in said.splitlines() if "rule number" in line)


class Watched(Untraced):
    """A tracer that shows the town everything that it is told."""

    def __init__(self, town: "Town") -> None:
        self._town = town

    @contextmanager
    def span(self, name: str, parent: str = "", **facts: Note) -> Iterator[Any]:
        self._town.told += [name, *facts.values()]
        with super().span(name) as inner:
            yield inner


class Log(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, one: logging.LogRecord) -> None:
        self.lines.append(f"{one.levelname} {one.getMessage()} {one.exc_info or ''}")


class Town:
    """A company with its bot, and what went wrong in it. `place` is where the question under way will be read."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.rng, self.clock = Random(seed), StoppedClock()
        self.leaks: list[str] = []
        self.told: list[object] = []
        self.shown = 0
        self.place = ""
        self.people = company_at_random(self.rng)
        core = make_core(folder, directory=self.people, admins=frozenset({"U1"}), now=self.clock)
        self.core = replace(core, tracer=Watched(self))
        write_documents(self.people, self.core, DOCUMENTS)
        self.responses, self.client, bell = Responses(self.see), Listening(self.see), Bell()
        self.face = Face(
            core=self.core, client=self.client, identity=IDENTITY, ask=self.ask, wake=bell.ring,
            left_or_joined=lambda _: None,
        )  # fmt: skip
        self.bot = Bot(self.face, bell, FaceSettings(IDENTITY))

    def see(self, place: str, shown: object) -> None:
        """Note what is given away to those who read in a place now."""
        self.shown += bool(found_secrets(shown))
        self.leaks += [f"{name} in {place}: {shown!r:.300}" for name in self.people.leaked(place, shown)]

    def ask(self, core: Core, asking: Asking) -> Answer:
        """Answer, and let something happen before the answer is posted."""
        made = ask_the_core(replace(core, language_model=Parrot(self)) if self.rng.random() < 0.3 else core, asking)
        if self.rng.random() < 0.5:
            trouble(self.people, self.place, asking.person)
        return made

    def deliver(self, body: dict[str, Any]) -> None:
        """Have the bot do everything that follows from a delivery."""
        assert self.bot.ingress.accept({"team_id": "T1", **body})[0] == 200
        for _ in range(4):
            while self.bot.worker.step():
                pass
            self.clock.advance(timedelta(seconds=1.1))


@pytest.fixture
def log() -> Iterator[Log]:
    kept, root = Log(), logging.getLogger()
    own = [logging.getLogger(name) for name in ("bot", "flywheel")]
    for one in own:
        one.setLevel(logging.DEBUG)
    root.addHandler(kept)
    yield kept
    root.removeHandler(kept)
    for one in own:
        one.setLevel(logging.NOTSET)


@pytest.mark.parametrize("number", range(FIRST_SEED, FIRST_SEED + max(CASES // A_TOWN, 1)))
def test_nothing_outside_the_audience_is_told(number: int, tmp_path: Path, log: Log) -> None:
    town = Town(tmp_path, 10_000 + number)
    for case in range(min(A_TOWN, CASES)):
        live(town, case)
    town.responses.close()
    taught = [candidates(town.core, Quality.MEDIUM), report(town.core).content]
    town.core.database.close()

    assert [line for line in log.lines if line.startswith(("ERROR", "CRITICAL"))] == []
    assert town.leaks == []
    assert town.people.told_to_all(taught) == []
    assert found_secrets([town.told, log.lines]) == set()
    assert town.shown > A_TOWN // 3  # else the test would see nothing


def live(town: Town, case: int) -> None:
    """Let things change, somebody ask, and people do something about the answer."""
    rng, people = town.rng, town.people
    for _ in range(rng.randint(1, 5)):
        change(people)
    if rng.random() < 0.3:
        relabel(people, town.core, rng.choice(sorted(people.documents)))
    person = rng.choice(PEOPLE)  # also somebody who was deactivated a moment after asking
    asked = _question(town, person, case)
    rooms = sorted(people.channels_of(person))
    drawn = rng.random()
    if rooms and drawn < 0.6:
        _mention(town, person, rng.choice(rooms), asked)
    elif drawn < 0.8:
        _direct(town, person, asked)
    else:
        _command(town, person, rng.choice(rooms or ["C1"]), asked)
    _afterwards(town, person)


def _question(town: Town, person: str, case: int) -> str:
    """Return a question about a document; half of them are about one that the asker may read."""
    names = sorted(town.people.documents)
    own = [one for one in names if town.people.may_open(person, one)]
    name = town.rng.choice(own if own and town.rng.random() < 0.6 else names)
    return f"What is the {town.people.documents[name][1]} rule number {name}? ({case})"


def _mention(town: Town, person: str, room: str, asked: str) -> None:
    town.place = room
    event = {"type": "app_mention", "user": person, "channel": room, "text": f"<@UBOT> {asked}", "ts": _ts(town)}
    if town.rng.random() < 0.3:
        event["thread_ts"] = f"{float(event['ts']) - 5:.6f}"
    town.deliver(_event(event))


def _direct(town: Town, person: str, asked: str) -> None:
    town.place = person
    event = {"type": "message", "channel_type": "im", "user": person, "channel": f"D{person}", "text": asked}
    town.deliver(_event({**event, "ts": _ts(town)}))


def _command(town: Town, person: str, room: str, asked: str) -> None:
    town.place = person
    body = {"command": "/ask", "text": asked, "user_id": person, "channel_id": room, "trigger_id": _ts(town)}
    town.deliver({**body, "response_url": town.responses.url(person)})
    if town.rng.random() < 0.5:
        town.place = room
        _press(town, person, room, "share", _newest_answer(town, person))


def _afterwards(town: Town, asker: str) -> None:
    """Let people vote, look at traces and press what they should not."""
    rng, core = town.rng, town.core
    answer = _newest_answer(town, asker)
    if answer and rng.random() < 0.5:
        record(core, Signal(f"up:{answer}:{_ts(town)}", answer, SignalKind.THUMBS_UP, rng.choice(PEOPLE), core.now()))
        change(town.people)
        showing.refresh(replace(town.face, client=Listening(_no_more_than(town))), answer)
    if answer:
        curious = rng.choice(PEOPLE)
        town.see(curious, _titles(tracing.view(town.face, answer, curious)))
    for note in [one for one in town.client.posted if "private_show" in str(one.get("blocks"))]:
        presser, town.place = rng.choice((str(note.get("user") or asker), rng.choice(PEOPLE))), ""
        town.place = presser
        _press(town, presser, str(note["channel"]), "private_show", note["blocks"][-1]["elements"][0]["value"])
    town.client.posted.clear()


def _no_more_than(town: Town) -> Any:
    """Return a listener to redraws: what is drawn again may not tell more than what stood there before."""

    def seen(place: str, shown: object) -> None:
        before = set().union(*(found_secrets(one) for one in town.client.posted))
        town.leaks += [
            f"anew in {place}: {one}" for one in sorted(found_secrets(shown) - before) if place not in PEOPLE
        ]

    return seen


def _titles(view: dict[str, Any]) -> object:
    """Return what a trace shows besides the question and the answer, which stand in the message it was opened from."""
    return view


def _newest_answer(town: Town, person: str) -> str:
    with town.core.database.read() as db:
        asked = questions.recent_of(db, person, 1)
        given = answers.of_question(db, asked[0].id) if asked else None
    return given.id if given else ""


def _press(town: Town, person: str, room: str, action: str, value: str) -> None:
    if not value:
        return
    stamp = _ts(town)
    town.deliver(
        {
            "type": "block_actions",
            "user": {"id": person},
            "team": {"id": "T1"},
            "trigger_id": stamp,
            "response_url": town.responses.url(person),
            "channel": {"id": room},
            "container": {"type": "message", "message_ts": stamp, "channel_id": room, "is_ephemeral": True},
            "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": stamp}],
        }
    )


def _event(event: dict[str, Any]) -> dict[str, Any]:
    return {"type": "event_callback", "event_id": f"Ev{event['ts']}{event['user']}", "event": event}


def _ts(town: Town) -> str:
    town.clock.advance(timedelta(seconds=2))
    return f"{town.clock().timestamp():.6f}"
