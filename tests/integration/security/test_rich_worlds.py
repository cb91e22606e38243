"""Nobody reads, computes from or is shown what they may not read: tables, pictures, code, people and the trace.

The companies are those of `test_random_worlds.py`; beside its text each document has a table, a picture, a script and
an author, which tell its secret too.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.blocks.trace import trace_view
from bot.tracing import traced
from flywheel.answering import tabular
from flywheel.answering.again import again
from flywheel.answering.ask import Asking, ask
from flywheel.core import Core
from flywheel.holdings import Author, Column, DataTable, Picture
from flywheel.model import Answer, Audience, Document, Hit, Kind, Passage, Retriever, Surface
from flywheel.retrieval.search import shortlist
from flywheel.store import answers, authors, documents, embeddings, passages, pictures, questions, tables
from tests.integration.security.worlds import (
    SEEDS,
    Reader,
    World,
    add_documents,
    put_document,
    secret_of,
    world_at_random,
)
from tests.parts import make_core

DOCUMENTS = 10
ASKED = (
    "What is the code of {0}?",
    "How many rows with item {0} are there?",
    "Show me the picture of {0}.",
    "Show me the function that runs {0}.",
    "Who knows about {0}?",
    "What is the {0} rule?",
)


@pytest.fixture(params=SEEDS, ids=lambda seed: f"seed {seed}")
def world(request: pytest.FixtureRequest) -> World:
    return world_at_random(request.param)


@pytest.fixture
def core(world: World, tmp_path: Path) -> Iterator[Core]:
    made = make_core(tmp_path, directory=world.people)
    add_documents(world, made, DOCUMENTS)
    for handle in world.access:
        furnish(world, made, handle)
    yield made
    made.database.close()


def test_answers_of_every_kind_show_only_what_may_be_read(world: World, core: Core) -> None:
    leaks = []
    for reader, given in asked_at_random(world, core):
        leaks += world.leaked(reader, shown(core, given))

    assert leaks == []


def test_every_kind_is_found_by_those_who_may_read_it(world: World, core: Core) -> None:
    told = {world.secrets[one]: one for one in world.secrets}
    handle = sorted(world.access)[0]
    world.access[handle] = frozenset({"public"})
    furnish(world, core, handle)

    for question in (ASKED[0], ASKED[2], ASKED[3], ASKED[4]):
        assert told[handle] in repr(shown(core, answered(core, world, Reader(), question.format(handle)))), question


def test_nothing_is_computed_from_tables_that_somebody_else_found(world: World, core: Core) -> None:
    everything = Audience(frozenset(label for labels in world.access.values() for label in labels))
    leaks = []
    for handle in sorted(world.access):
        found = [hit for hit in every_hit(core, everything) if handle in hit.text and hit.kind is Kind.TABLE]
        for reader in world.readers():
            written = tabular.write(core, ASKED[0].format(handle), found, world.audience(reader))
            leaks += world.leaked(reader, written)

    assert leaks == []


def test_the_trace_tells_a_reader_only_of_what_they_may_read(world: World, core: Core) -> None:
    leaks = []
    for _, given in asked_at_random(world, core):
        for person in sorted(world.people.channels):
            leaks += world.leaked(Reader(person=person), trace(core, given, world.audience(Reader(person=person))))

    assert leaks == []


def test_looking_again_after_access_was_lost_shows_nothing_of_it(world: World, core: Core) -> None:
    given = asked_at_random(world, core)[::3]
    for _, one in given:
        again(core, one.id, Retriever.TABLES, "U1")
    for person in world.people.channels:
        world.people.channels[person] = frozenset()
    for handle in sorted(world.access):
        put_document(world, core, handle, frozenset({"user:U5"}))
        furnish(world, core, handle)
    after = [(reader, again(core, one.id, retriever, "U1")) for reader, one in given for retriever in Retriever]

    assert [leak for reader, one in after for leak in world.leaked(reader, shown(core, one))] == []


def test_what_is_left_out_for_access_is_counted_and_no_more(world: World, core: Core) -> None:
    for reader in world.readers():
        hidden = [handle for handle in world.access if not world.may_read(reader, handle)]
        routing = shortlist(core, "What is the rule?", world.audience(reader)).routing
        assert routing.withheld == 4 * len(hidden)


def furnish(world: World, core: Core, handle: str) -> None:
    """Store a document beside the text of a handle, with a passage of each other kind, under the handle's labels."""
    secret, name = secret_of(world, handle), f"rich-{handle}"
    document = Document(
        f"d-{name}",
        "tests",
        f"{secret}/{name}",
        secret,
        Kind.TABLE,
        hashlib.sha256(name.encode()).hexdigest(),
        access=world.access[handle],
        owner=f"O{secret}",
    )
    made = [
        Passage(f"{name}:{n}", document.id, n, text, kind, detail=detail)
        for n, (text, kind, detail) in enumerate(
            (
                (f"item: {handle}; code: {secret}", Kind.TABLE, {"table": f"t{name}"}),
                (f"A picture of {handle}, {secret}.", Kind.IMAGE, {"picture": f"p{name}"}),
                (f"def run_{handle}():\n    return '{secret}'", Kind.CODE, {}),
            )
        )
    ]
    columns = (Column("item"), Column("code"))
    rows = tuple((f"{handle}{more}", f"{secret}{more}") for more in ("", " b", " c"))
    with core.database.begin() as db:
        documents.put(db, [(document, made)], version=documents.advance_corpus(db), at=core.now())
        vectors = core.encoder.encode([one.text for one in made])
        embeddings.put(db, core.encoder.name, {one.id: row for one, row in zip(made, vectors, strict=True)})
        tables.replace(db, [document.id], [DataTable(f"t{name}", document.id, 0, f"{handle} {secret}", columns, rows)])
        pictures.replace(db, [document.id], [Picture(f"p{name}", document.id, 0, "image/png", b"", 9, 9, alt=secret)])
        authors.replace(db, [document.id], [Author(document.id, f"A{secret}", 7)])


def asked_at_random(world: World, core: Core) -> list[tuple[Reader, Answer]]:
    """Return what everybody was answered, each question about a document at random."""
    handles = sorted(world.access)
    asked = [(reader, text.format(world.rng.choice(handles))) for reader in world.readers() for text in ASKED]
    return [(reader, answered(core, world, reader, text)) for reader, text in asked]


def answered(core: Core, world: World, reader: Reader, text: str) -> Answer:
    """Ask for a reader."""
    surface = Surface.MENTION if reader.channel else Surface.DIRECT
    key, channel = f"q{world.rng.getrandbits(40)}", reader.channel or "D1"
    return ask(core, Asking(text, reader.person or "U1", surface, world.audience(reader), key, channel=channel))


def shown(core: Core, answer: Answer) -> list[object]:
    """Return an answer, what is stored with it, and the pictures that its readers would be shown."""
    with core.database.read() as db:
        question = questions.find(db, answer.question_id)
        assert question is not None
        seen = pictures.find(db, answer.pictures, question.audience)
        return [answer, answers.shortlist_of(db, answer.id), seen]


def trace(core: Core, answer: Answer, audience: Audience) -> object:
    """Return the modal that tells a reader why."""
    with core.database.read() as db:
        question = questions.find(db, answer.question_id)
        assert question is not None
        return trace_view(traced(db, answer, question, audience))


def every_hit(core: Core, audience: Audience) -> list[Hit]:
    """Return all passages that an audience may read."""
    with core.database.read() as db:
        return passages.hits(db, sorted(passages.ids(db)), audience)
