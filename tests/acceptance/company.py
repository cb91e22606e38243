"""A company whose people ask and vote through the doors, for the tests of the wheel."""

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.acceptance.nicknames import ENTRIES, Wording
from tests.acceptance.workplace import Message, Workplace, eventually, words

PERSONS = 40
WRONG = 0.1
"""The share of votes that name another entry than the right one."""
ADMIN = "U1"
ATTACKER, ATTACKS = "X1", 200
Json = dict[str, Any]


@dataclass(frozen=True)
class Company:
    """A bot whose people have asked and voted, and the turn that followed.

    `new` are wordings that nobody has asked; `before` says what was found for them before the turn, `answers` are the
    ids of the answers that people got.
    """

    place: Workplace
    new: tuple[Wording, ...]
    before: tuple[tuple[str, ...], ...]
    answers: tuple[str, ...]
    turn: Json

    def call(self, path: str, **body: str) -> Json:
        """Post to a door that must take it."""
        reply = self.place.doors.post(path, json=body)
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    def memory(self) -> Json:
        """Return the release that this company's votes have taught."""
        models = self.place.doors.get("/v1/models").json()["models"]
        return dict(next(one for one in models if one["learner"] == "memory"))

    def found(self, person: str | None = None) -> tuple[tuple[str, ...], ...]:
        """Return what is found for the new wordings."""
        return tuple(found(self.place, one.question, person) for one in self.new)

    def right(self, person: str | None = None) -> float:
        """Return the share of new wordings whose entry comes first."""
        return share_right(self.new, self.found(person))


def found(place: Workplace, question: str, person: str | None = None) -> tuple[str, ...]:
    """Return the documents that a search finds, best first."""
    reply = place.doors.post("/v1/search", json={"query": question, "k": 12, "user_id": person})
    assert reply.status_code == 200, reply.text
    return tuple(one["external_id"] for one in reply.json()["passages"])


def share_right(asked: tuple[Wording, ...], shown: tuple[tuple[str, ...], ...]) -> float:
    """Return the share of wordings whose entry was shown first."""
    return sum(one.entry.external_id == its[0] for one, its in zip(asked, shown, strict=True)) / len(asked)


def ask_and_vote(place: Workplace, asked: list[Wording]) -> tuple[str, ...]:
    """Let people ask in turns and say which entry they wanted, some of them the wrong one; return the answers' ids."""
    rng = Random(3)
    answers = []
    for number, one in enumerate(asked):
        person = f"P{number % PERSONS}"
        answer = ask(place, one.question, person)
        wanted = rng.choice(ENTRIES).external_id if rng.random() < WRONG else one.entry.external_id
        vote(place, answer["request_id"], person, "citation_up", wanted)
        if number % 3 == 0 and answer["abstained"]:
            vote(place, answer["request_id"], person, "thumbs_down")
        answers.append(answer["request_id"])
    liked = ask(place, "How do I hand in receipts for travel expenses?", "P0")
    for kind, about in (("thumbs_up", None), ("citation_click", "travel.md"), ("citation_down", "parking.md")):
        vote(place, liked["request_id"], "P0", kind, about)
    return tuple(answers)


def ask(place: Workplace, question: str, person: str) -> Json:
    """Ask through the door."""
    reply = place.doors.post("/v1/ask", json={"question": question, "user_id": person})
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def vote(place: Workplace, answer: str, person: str, kind: str, about: str | None = None) -> None:
    """Vote through the door."""
    said = {"request_id": answer, "signal_type": kind, "user_id": person, "metadata": {"external_id": about}}
    reply = place.doors.post("/v1/feedback", json=said)
    assert reply.status_code == 200, reply.text


def attack(company: Company) -> None:
    """Let one person push one entry on everybody's answers."""
    votes = [(answer, kind) for kind in ("citation_up", "thumbs_down") for answer in company.answers]
    for answer, kind in votes[:ATTACKS]:
        vote(company.place, answer, ATTACKER, kind, "laptop.md" if kind == "citation_up" else None)


def report(place: Workplace) -> Message | None:
    """Return the report in its channel, None until it is posted."""
    return next((one for one in place.person(ADMIN).channel("C1") if "Roll back" in words(one)), None)


def turned(place: Workplace) -> Json:
    """Turn the wheel through the door and return the turn."""
    started = place.doors.post("/v1/flywheel/turns").json()["id"]

    def finished() -> Json | None:
        turn = dict(place.doors.get(f"/v1/flywheel/turns/{started}").json())
        return turn if turn["state"] in {"finished", "failed"} else None

    turn = eventually(finished, 300)
    assert turn["state"] == "finished", turn["error"]
    return turn
