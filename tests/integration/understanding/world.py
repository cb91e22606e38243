"""A small company that asks about a few things, on a real store: five weeks of questions with what came of them.

    world = World(core)
    world.week(-1)                     what follows is asked a week before the report's
    world.ask(VPN, 12)                 twelve people ask about the VPN
    world.told()                       what the report says of it

The encoder knows words only, so questions about the same thing share words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flywheel.core import Core
from flywheel.measurement import window
from flywheel.measurement.understanding import telling
from flywheel.measurement.understanding.telling import Understood
from flywheel.measurement.window import Window
from flywheel.model import (
    PUBLIC,
    Answer,
    Audience,
    Citation,
    Correction,
    Hit,
    Question,
    Retriever,
    Routing,
    Signal,
    SignalKind,
    Surface,
)
from flywheel.store import answers, corrections, question_vectors, questions, signals

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
SEEN = datetime(2026, 11, 20, 12, tzinfo=UTC)
VPN = ("vpn client install laptop", "mac", "windows", "linux", "today", "home office", "again", "guide")
LUNCH = ("canteen lunch menu served", "friday", "vegan", "noon", "monday", "price", "late", "guests")
LEAVE = ("parental leave months paid", "father", "mother", "twins", "adoption", "part time", "law", "form")
SECRET = ("layoffs severance restructuring plan", "march", "berlin", "board", "list", "union", "cost", "date")


@dataclass(slots=True)
class World:
    """A core, and when the next question is asked. `asked` counts questions, so that all ids differ."""

    core: Core
    at: datetime = MONDAY
    asked: int = 0
    people: int = 25
    last: list[str] = field(default_factory=list)

    def week(self, number: int) -> None:
        """Ask what follows in a week, 0 for the report's."""
        self.at = MONDAY + timedelta(weeks=number, hours=9)

    def ask(self, about: Sequence[str], count: int, **given: Any) -> list[str]:
        """Let people ask about something; return the ids of the answers. `given` goes to `one`."""
        self.last = [self.one(f"{about[0]} {about[1 + n % (len(about) - 1)]}", **given) for n in range(count)]
        return self.last

    def one(
        self,
        text: str,
        *,
        readers: Iterable[str] = (PUBLIC,),
        channel: str = "C1",
        listed: Sequence[str] = ("p1",),
        cited: Sequence[str] = ("p1",),
        **answer: Any,
    ) -> str:
        """Store a question and its answer, which lists and cites these passages; return the answer's id."""
        self.asked += 1
        self.at += timedelta(minutes=1)
        name, person = f"a{self.asked}", f"U{self.asked % self.people}"
        audience = Audience(frozenset(readers))
        question = Question(f"q{name}", text, person, Surface.MENTION, self.at, audience, text, channel=channel)
        sources = () if answer.get("abstained") else tuple(Citation(n, p, p, p) for n, p in enumerate(cited, 1))
        told: dict[str, Any] = {
            "abstained": False,
            "confidence": 0.8,
            "writer": "extractive",
            "routing": Routing(("documents",)),
        }
        made = Answer(name, question.id, "So. [1]", citations=sources, answered_at=self.at, **(told | answer))
        hits = [Hit(p, f"d-{p}", p, p, "", Retriever.DOCUMENTS, 1 / n) for n, p in enumerate(listed, 1)]
        vector = self.core.encoder.encode([text])[0]
        with self.core.database.begin() as db:
            questions.put(db, question)
            answers.put(db, made, hits, set(cited))
            question_vectors.put(db, self.core.encoder.name, {question.id: (text, vector)})
        return name

    def react(self, kind: SignalKind, answer_ids: Iterable[str], *, days: int = 0, **detail: str) -> None:
        """Let somebody else do something about each of these answers, some days after the last question."""
        with self.core.database.begin() as db:
            for number, name in enumerate(answer_ids):
                at = self.at + timedelta(days=days, minutes=1)
                signals.put(db, Signal(f"{kind} {name} {days}", name, kind, f"V{number}", at, detail))

    def correct(self, answer_ids: Iterable[str], source: str, person: str) -> None:
        """Let somebody correct each of these answers by a source."""
        with self.core.database.begin() as db:
            for name in answer_ids:
                at = self.at + timedelta(minutes=1)
                corrections.put(db, Correction(f"c{name}", name, "?", "Otherwise.", person, at, source))

    def windows(self, channel: str | None = "C1") -> tuple[Window, Window]:
        """Return the report's window and the four weeks before it."""
        with self.core.database.read() as db:
            now = window.read(db, "2026-W47", (MONDAY, MONDAY + timedelta(days=7)), SEEN, channel)
            return now, window.before(db, now, 4, channel)

    def told(self, channel: str | None = "C1") -> Understood:
        """Return what is said of the report's week."""
        return telling.told(self.core, *self.windows(channel))
