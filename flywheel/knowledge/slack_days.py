"""Bring the documents of a channel's talk up to date, a day at a time, from what is kept of it.

A day is made whole: its threads (with replies of any later day) and its bursts. What is unchanged is left alone, what
is gone leaves the index. Any number of processes may do this at once: what was said is read again in the unit of work
that stores the documents, and when it has changed meanwhile, above all when something was deleted, all begins anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.knowledge.embedding import encode_by_length, encoded_text, searched
from flywheel.knowledge.identity import document_id
from flywheel.knowledge.preparing import Prepared
from flywheel.knowledge.progress import Silence
from flywheel.knowledge.slack_markup import called
from flywheel.knowledge.slack_threads import NO_ADDRESS, Channel, prepared, talks
from flywheel.model import Passage
from flywheel.store import authors, documents, embeddings, followed, talk
from flywheel.store.database import Session
from flywheel.store.talk import Said


@dataclass(frozen=True, slots=True)
class _Change:
    """What a day needs: documents to store, ids of those to remove, and the vectors of new passages."""

    made: tuple[Prepared, ...]
    gone: tuple[str, ...]
    vectors: Mapping[str, NDArray[np.float32]]
    stale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _State:
    """A day of a channel as it stands: the channel, what was said, and the content hashes of the documents of it."""

    channel: Channel
    heard: tuple[Said, ...]
    known: Mapping[str, str]


def bring_up_to_date(core: Core, channel: str, day: str) -> int:
    """Make the documents of a channel's day anew where they differ; return how many were stored or removed.

    Nothing is done for a channel that is not read any more: whoever ends that removes its documents.
    """
    while True:
        with core.database.read() as db:
            state = _state(db, channel, day)
        if state is None:
            return 0
        change = _change(core, state)
        if not change.made and not change.gone:
            return 0
        with core.database.begin() as db:
            version = documents.advance_corpus(db)  # nobody else writes documents from here on
            if _state(db, channel, day) == state:
                _store(core, db, change, version)
                return len(change.made) + len(change.gone)


def _state(db: Session, channel: str, day: str) -> _State | None:
    one = followed.find(db, channel)
    if one is None:
        return None
    place = Channel(channel, f"#{called(one.name)}", one.access, one.source, one.address or NO_ADDRESS)
    begun = talk.documents_begun(db, one.source, channel, day)
    return _State(place, tuple(talk.of_day(db, channel, day)), documents.content_hashes(db, list(begun.values())))


def _change(core: Core, state: _State) -> _Change:
    known = state.known
    wanted = [prepared(state.channel, one, known.get(_id(state.channel, one))) for one in talks(state.heard)]
    made = tuple(one for one in wanted if known.get(one.document.id) != one.document.content_hash)
    gone = tuple(known.keys() - {one.document.id for one in wanted})
    name = core.encoder.name
    with core.database.read() as db:
        before = documents.encoded_words(db, [one.document.id for one in made], name)
    new: list[tuple[Passage, str]] = [
        (passage, one.document.title)
        for one in made
        for passage in one.passages
        if before.get(passage.id) != (one.document.title, passage.heading_path, passage.search_text)
    ]
    texts = [encoded_text(title, passage.heading_path, searched(passage)) for passage, title in new]
    vectors = encode_by_length(core.encoder, texts, Silence())
    named = {passage.id: vector for (passage, _), vector in zip(new, vectors, strict=True)}
    return _Change(made, gone, named, tuple(one for one in named if one in before))


def _id(channel: Channel, one: Sequence[Said]) -> str:
    return document_id(channel.source, talk.external_id(channel.id, one[0].root))


def _store(core: Core, db: Session, change: _Change, version: int) -> None:
    ids = [one.document.id for one in change.made]
    documents.remove(db, change.gone, version=version)
    documents.forget_vectors(db, change.stale)
    documents.put(db, [(one.document, one.passages) for one in change.made], version=version, at=core.now())
    authors.replace(db, ids, [author for one in change.made for author in one.authors])
    if change.vectors:
        embeddings.put(db, core.encoder.name, change.vectors)
