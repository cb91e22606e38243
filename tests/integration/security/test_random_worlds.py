"""Nobody reads what they may not, and everybody finds what they may: random companies, each path of the core.

The seed of a world stands in its name. Every hit, answer, stored row and prompt that somebody gets counts as a check.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from flywheel.answering.ask import Asking, ask
from flywheel.core import Core
from flywheel.curation.candidates import Quality, candidates
from flywheel.curation.corrections import Suggestion, approve, suggest
from flywheel.errors import InvalidInput
from flywheel.measurement.report import report
from flywheel.model import Answer, Signal, SignalKind, Surface
from flywheel.ports import ChatMessage
from flywheel.retrieval.search import shortlist
from flywheel.signals.record import record
from flywheel.store import answers, documents
from tests.integration.security.worlds import (
    SEEDS,
    Reader,
    World,
    add_documents,
    channels,
    labels_at_random,
    name_of,
    put_document,
    world_at_random,
)
from tests.parts import make_core

DOCUMENTS = 24
ADMIN = "UADMIN"


class Parrot:
    """A language model that repeats what it was given, with every mark, and remembers it."""

    name = "parrot"

    def __init__(self) -> None:
        self.heard: list[str] = []

    def stream(self, messages: Sequence[ChatMessage], *, max_tokens: int) -> Iterator[str]:
        said = "\n".join(one.content for one in messages)
        self.heard.append(said)
        yield from (f"{line} [{n}]\n" for n in (1, 2, 3) for line in said.splitlines() if "rule is" in line)


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def world(request: pytest.FixtureRequest) -> World:
    return world_at_random(request.param)


@pytest.fixture
def core(world: World, tmp_path: Path) -> Iterator[Core]:
    made = make_core(tmp_path, directory=world.people, admins=frozenset({ADMIN}))
    add_documents(world, made, DOCUMENTS)
    yield made
    made.database.close()


def test_searches_show_only_what_may_be_read_and_find_all_of_it(world: World, core: Core) -> None:
    leaks, missed, allowed = searched(world, core, list(world.access))

    assert (leaks, missed) == ([], []), f"of {allowed} allowed"


def test_new_memberships_and_labels_count_at_once(world: World, core: Core) -> None:
    searched(world, core, list(world.access)[:4])
    changed = turn_over(world, core)
    delete(world, core, changed[0])
    leaks, missed, allowed = searched(world, core, changed)

    assert (leaks, missed) == ([], []), f"of {allowed} allowed"


def test_answers_and_what_is_stored_with_them_show_only_what_may_be_read(world: World, core: Core) -> None:
    leaks = []
    for reader, handle in asked_at_random(world, 40):
        answer = answered(core, world, reader, handle)
        leaks += world.leaked(reader, [answer, stored(core, answer)])

    assert leaks == []


def test_a_model_is_told_only_what_the_asker_may_read(world: World, core: Core) -> None:
    parrot = Parrot()
    leaks = []
    for reader, handle in asked_at_random(world, 25):
        parrot.heard.clear()
        answer = answered(replace(core, language_model=parrot), world, reader, handle)
        leaks += world.leaked(reader, [answer, parrot.heard])

    assert leaks == []


def test_verified_answers_follow_what_they_came_from(world: World, core: Core) -> None:
    handles = approved_at_random(world, core, 8)
    before, _, _ = searched(world, core, handles)
    turn_over(world, core)
    after, _, _ = searched(world, core, handles)

    assert (before, after) == ([], [])


def test_what_trains_and_what_is_reported_is_public(world: World, core: Core) -> None:
    approved_at_random(world, core, 5)
    for reader, handle in asked_at_random(world, 20):
        liked(core, answered(core, world, reader, handle))
    turn_over(world, core)

    assert world.leaked(Reader(), candidates(core, Quality.MEDIUM)) == []
    assert world.leaked(Reader(), report(core).content) == []


def test_the_log_names_no_document(world: World, core: Core, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for reader, handle in asked_at_random(world, 10):
        answered(core, world, reader, handle)

    assert [one.getMessage() for one in caplog.records if "secret" in one.getMessage()] == []


def searched(world: World, core: Core, handles: Sequence[str]) -> tuple[list[str], list[str], int]:
    """Search for each document as everybody; return what leaked, what was missed, and how much was allowed."""
    leaks: list[str] = []
    missed: list[str] = []
    allowed = 0
    for reader in world.readers():
        for handle in handles:
            found = shortlist(core, f"What is the {handle} rule?", world.audience(reader))
            leaks += world.leaked(reader, found)
            if world.may_read(reader, handle):
                allowed += 1
                missed += [] if any(handle in hit.text for hit in found.hits[:10]) else [f"{handle} by {reader}"]
    return leaks, missed, allowed


def turn_over(world: World, core: Core) -> list[str]:
    """Move people between channels and relabel a third of the documents; return those."""
    for person in sorted(world.people.channels):
        world.people.channels[person] = frozenset(world.rng.sample(channels(), world.rng.randint(0, 2)))
    changed = world.rng.sample(sorted(world.access), DOCUMENTS // 3)
    for handle in changed:
        put_document(world, core, handle, labels_at_random(world.rng, world.people.channels))
    return changed


def delete(world: World, core: Core, handle: str) -> None:
    """Delete a document."""
    del world.access[handle]
    with core.database.begin() as db:
        documents.remove(db, [f"d-{name_of(world, handle)}"], version=documents.advance_corpus(db))


def asked_at_random(world: World, count: int) -> list[tuple[Reader, str]]:
    """Return who asks about which document."""
    readers = world.readers()
    return [(world.rng.choice(readers), world.rng.choice(sorted(world.access))) for _ in range(count)]


def answered(core: Core, world: World, reader: Reader, handle: str) -> Answer:
    """Ask about a document for a reader."""
    number = world.rng.getrandbits(40)
    asking = Asking(
        text=f"What is the {handle} rule?",
        person=reader.person or "U1",
        surface=Surface.MENTION if reader.channel else Surface.DIRECT,
        audience=world.audience(reader),
        question_id=f"q{number}",
        channel=reader.channel or "D1",
    )
    return ask(core, asking)


def stored(core: Core, answer: Answer) -> object:
    """Return what the database keeps of an answer."""
    with core.database.read() as db:
        return answers.find(db, answer.id), answers.shortlist_of(db, answer.id)


def liked(core: Core, answer: Answer) -> None:
    """Let somebody like an answer."""
    record(core, Signal(f"up:{answer.id}", answer.id, SignalKind.THUMBS_UP, "U5", core.now()))


def approved_at_random(world: World, core: Core, count: int) -> list[str]:
    """Correct answers and approve the corrections; the new words tell the secrets of what was cited."""
    handles = []
    for reader, handle in asked_at_random(world, count):
        answer = answered(core, world, reader, handle)
        told = " ".join(one.title for one in answer.citations)
        correction = suggest(core, Suggestion(f"s:{answer.id}", answer.id, "U2", f"It is {told or 'unknown'}."))
        try:
            approve(core, correction.id, ADMIN)
        except InvalidInput:  # nobody may read all that it cites
            continue
        handles.append(handle)
    return handles
