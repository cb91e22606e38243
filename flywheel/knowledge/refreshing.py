"""Store what an ingest prepares, batch by batch, and know in the end what is gone."""

from collections import defaultdict
from pathlib import Path

from flywheel.core import Core
from flywheel.knowledge.embedding import encode_by_length, encoded_text, searched
from flywheel.knowledge.preparing import Prepared, Unchanged
from flywheel.knowledge.progress import Progress
from flywheel.knowledge.source import Place, Refusal
from flywheel.model import Document, Passage
from flywheel.store import authors, documents, embeddings, pictures, tables
from flywheel.store.database import Session

PASSAGES = 256
"""Passages that are encoded and stored together, or a little more: documents are not divided."""

_REMOVED_AT_ONCE = 256
_VECTORS_AT_ONCE = 1_000


class Refresh:
    """The state of one ingest. For each place: `begin`, `take` every outcome, `finish`."""

    def __init__(self, core: Core, progress: Progress) -> None:
        """Begin with nothing done."""
        self.added = self.changed = self.unchanged = self.removed = self.passages = 0
        self.refused: list[Refusal] = []
        self._core = core
        self._progress = progress
        self._place: Place | None = None
        self._batch: list[Prepared] = []
        self._waiting = 0
        self._seen: set[str] = set()
        self._refused_here: list[Refusal] = []

    def begin(self, place: Place) -> None:
        """Turn to a place; documents seen at earlier places of this ingest stay seen."""
        self._place = place
        self._refused_here = []

    def take(self, outcome: Prepared | Unchanged | Refusal) -> None:
        """Take the next outcome in; a full batch is encoded and stored."""
        match outcome:
            case Refusal():
                self._refuse(outcome)
            case Unchanged(document_id):
                self._seen.add(document_id)
                self.unchanged += 1
                self._progress.advance(1, 0)
            case Prepared(document) if document.id in self._seen:
                reason = "another line has the same _id; the first one counts"
                self._refuse(Refusal(document.source, document.external_id, reason))
            case Prepared(document, passages):
                self._seen.add(document.id)
                self._batch.append(outcome)
                self._waiting += len(passages)
                if self._waiting >= PASSAGES:
                    self._store()

    def finish(self) -> None:
        """Store what is left, remove what is gone from the place, and remember what was refused there."""
        assert self._place is not None
        self._store()
        for source in self._sources(self._place):
            self._remove_gone(source, self._place)
        self._remember_refused(self._place)
        self.refused += self._refused_here

    def _refuse(self, refusal: Refusal) -> None:
        self._refused_here.append(refusal)
        self._progress.advance(1, 0)

    def _store(self) -> None:
        if not self._batch:
            return
        known = self._encoded_before()
        new = [
            (passage, encoded_text(one.document.title, passage.heading_path, searched(passage)))
            for one in self._batch
            for passage in one.passages
            if known.get(passage.id) != (one.document.title, passage.heading_path, passage.search_text)
        ]
        vectors = encode_by_length(self._core.encoder, [text for _, text in new], self._progress)
        named = {passage.id: vector for (passage, _), vector in zip(new, vectors, strict=True)}
        batch: list[tuple[Document, tuple[Passage, ...]]] = [(one.document, one.passages) for one in self._batch]
        name = self._core.encoder.name
        with self._core.database.begin() as db:
            version = documents.advance_corpus(db)
            documents.forget_vectors(db, [passage_id for passage_id in named if passage_id in known])
            documents.put(db, batch, version=version, at=self._core.now())
            self._put_what_belongs(db)
            ids = list(named)
            for start in range(0, len(ids), _VECTORS_AT_ONCE):
                embeddings.put(db, name, {one: named[one] for one in ids[start : start + _VECTORS_AT_ONCE]})
        self._count()

    def _put_what_belongs(self, db: Session) -> None:
        ids = [one.document.id for one in self._batch]
        tables.replace(db, ids, [table for one in self._batch for table in one.tables])
        pictures.replace(db, ids, [picture for one in self._batch for picture in one.pictures])
        authors.replace(db, ids, [author for one in self._batch for author in one.authors])

    def _encoded_before(self) -> dict[str, documents.Encoded]:
        """Return what the vectors of the batch's changed documents stand for."""
        changed = [one.document.id for one in self._batch if not one.is_new]
        with self._core.database.read() as db:
            return documents.encoded_words(db, changed, self._core.encoder.name) if changed else {}

    def _count(self) -> None:
        new = sum(one.is_new for one in self._batch)
        self.added += new
        self.changed += len(self._batch) - new
        self.passages += self._waiting
        self._progress.advance(len(self._batch), 0)
        self._batch, self._waiting = [], 0

    def _sources(self, place: Place) -> list[str]:
        """Return the sources that this place refreshes: its own, and the lists and folders below it."""
        with self._core.database.read() as db:
            known = documents.sources(db)
        return sorted(one for one in known if one == str(place.source) or Path(one).is_relative_to(place.path))

    def _remove_gone(self, source: str, place: Place) -> None:
        unseen = [one.unseen for one in self._refused_here if one.unseen]
        with self._core.database.read() as db:
            gone = [
                document_id
                for document_id, name in documents.in_source(db, source)
                if document_id not in self._seen and _covers(place, source, name) and not _hidden(unseen, source, name)
            ]
        for start in range(0, len(gone), _REMOVED_AT_ONCE):
            with self._core.database.begin() as db:
                version = documents.advance_corpus(db)
                documents.remove(db, gone[start : start + _REMOVED_AT_ONCE], version=version)
        self.removed += len(gone)

    def _remember_refused(self, place: Place) -> None:
        reasons: dict[str, dict[str, str]] = defaultdict(dict)
        for refusal in self._refused_here:
            reasons[refusal.source][refusal.external_id] = refusal.reason
        with self._core.database.begin() as db:
            for old in documents.refused(db):
                below = old.source != str(place.source) and Path(old.source).is_relative_to(place.path)
                if below or (old.source == str(place.source) and _covers(place, old.source, old.external_id)):
                    documents.accept(db, old.source, [old.external_id])
            for source, named in reasons.items():
                documents.refuse(db, source, named, self._core.now())


def _covers(place: Place, source: str, name: str) -> bool:
    """Tell whether a place is looked at as a whole where a name of some source lies."""
    if source != str(place.source) or place.path == place.source:
        return True
    prefix = place.prefix
    return name.startswith(prefix) if prefix.endswith("/") else name == prefix


def _hidden(unseen: list[Path], source: str, name: str) -> bool:
    """Tell whether a document lies where nobody could look: in a list cut short or a folder that cannot be listed."""
    return any(Path(source).is_relative_to(one) or f"{source}/{name}".startswith(f"{one}/") for one in unseen)
