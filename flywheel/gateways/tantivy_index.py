"""Find passages by their words, with tantivy's BM25.

Every process searches an index of its own, so that new passages share one set of word statistics with old ones and a
refresh never touches what another process reads. It starts from the serving generation by hard links (tantivy never
changes a segment file) or, without one, from SQL in memory, and then takes in what changed since.

A query is cut into words by the index's own analyzer and built from terms: there is no query language, so nothing a
person types can be an error.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import tantivy

from flywheel.errors import IndexUnavailable
from flywheel.gateways.private_copy import PrivateCopy
from flywheel.model import Audience
from flywheel.ports import Kinds, Scored
from flywheel.store import generations, passages
from flywheel.store.database import Database
from flywheel.store.generations import Generation, IndexKind
from flywheel.store.passages import IndexedPassage

WORDS_FORMAT = "words-2"
"""Stands in a generation's `encoder`: an index with other fields or another analyzer must not be opened."""

FIELD_BOOSTS = (("heads", 0.1), ("whole", 1.0))
"""Weights in the sum of BM25 scores: `whole` is title, headings and text as one; `heads` repeats the first two.

Chosen on the train splits of handbook_wiki and scifact (nDCG@10 .517 and .710; three separate fields with the best of
five weights .491 and .701; `whole` alone .515 and .707).
"""

_ANALYZER = "flywheel_en"
_WRITER_BYTES = 15_000_000  # tantivy's minimum for one thread
_BUILD_BYTES = 60_000_000
_AUDIENCES_KEPT = 256
_MAX_WORDS = 64  # a question longer than this is a pasted document; its first words say what it is about
_LOG = logging.getLogger(__name__)


class _Served:
    """What searches see until the next refresh."""

    def __init__(self, searcher: tantivy.Searcher) -> None:
        self.searcher = searcher
        self._all_readable: dict[frozenset[str], bool] = {}

    def all_readable(self, audience: Audience, readable: tantivy.Query) -> bool:
        """Tell whether the audience may read every passage: filtering, a third of a search, is then in vain."""
        known = self._all_readable.get(audience.labels)
        if known is None:
            closed = [(tantivy.Occur.Must, tantivy.Query.all_query()), (tantivy.Occur.MustNot, readable)]
            known = not _search(self, tantivy.Query.boolean_query(closed), 1)
            if len(self._all_readable) < _AUDIENCES_KEPT:
                self._all_readable[audience.labels] = known
        return known


class TantivyIndex:
    """A `LexicalIndex` over all passages. Safe to share between threads."""

    def __init__(self, database: Database, home: Path | None = None) -> None:
        """Open nothing yet; the first search, or `refresh`, does. Without `home` there are no generations."""
        self._database = database
        self._home = home
        self._changing = threading.Lock()
        self._copy: PrivateCopy | None = None
        self._index: tantivy.Index | None = None
        self._served: _Served | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._version = -1
        self._analyzer = _analyzer()
        self._schema = _schema()

    def match(self, query: str, audience: Audience, k: int, kinds: Kinds = None) -> list[Scored]:
        """Return up to `k` passages of some kinds by falling BM25, above 0."""
        wanted = self._wanted(query)
        if wanted is None:
            return []
        self.refresh()
        served = self._served
        readable = _any_of(self._schema, "labels", audience.labels)
        filters = [] if served is not None and served.all_readable(audience, readable) else [readable]
        filters += [] if kinds is None else [_any_of(self._schema, "kind", (kind.value for kind in kinds))]
        every = [(tantivy.Occur.Must, one) for one in (*filters, wanted)]
        return _search(served, tantivy.Query.boolean_query(every) if filters else wanted, k)

    def scores(self, query: str, passage_ids: Sequence[str]) -> dict[str, float]:
        """Return the BM25 of those of the named passages that hold a word of the query, as of the last `match`."""
        wanted = self._wanted(query)
        if wanted is None or not passage_ids:
            return {}
        named = _any_of(self._schema, "id", passage_ids)
        both = [(tantivy.Occur.Must, named), (tantivy.Occur.Must, wanted)]
        return dict(_search(self._served, tantivy.Query.boolean_query(both), len(passage_ids)))

    def refresh(self) -> None:
        """Take in what changed in the store.

        Raises:
            IndexUnavailable: the index cannot be written (a full disk).
        """
        current = passages.newest(self._database)
        if current == self._version:
            return
        with self._changing:
            if self._index is None or current < self._version:  # older: a restored backup
                self._open()
            if current != self._version:
                self._catch_up()

    def describe(self) -> str:
        """Return what serves, for the log of versions."""
        return f"tantivy-{self._copy.name if self._copy else 'memory'}@{self._version}"

    def close(self) -> None:
        """Remove this process's copy."""
        with self._changing:
            self._forget()

    def _forget(self) -> None:
        self._index, self._served, self._writer, self._version = None, None, None, -1
        if self._copy is not None:
            self._copy.remove()
        self._copy = None

    def _wanted(self, query: str) -> tantivy.Query | None:
        words = list(dict.fromkeys(self._analyzer.analyze(_clean(query))))[:_MAX_WORDS]
        if not words:
            return None
        terms = [
            (tantivy.Occur.Should, _boosted(tantivy.Query.term_query(self._schema, name, word, "freq"), boost))
            for word in words
            for name, boost in FIELD_BOOSTS
        ]
        return tantivy.Query.boolean_query(terms)

    def _open(self) -> None:
        self._forget()
        generation = self._generation()
        if generation is not None and self._home is not None:
            self._open_copy(self._home, generation)
        if self._index is None:
            self._serve(_prepared(tantivy.Index(self._schema)), 0)

    def _serve(self, index: tantivy.Index, version: int) -> None:
        self._index, self._served, self._version = index, _Served(index.searcher()), version

    def _generation(self) -> Generation | None:
        if self._home is None:
            return None
        with self._database.read() as db:
            return generations.serving(db, IndexKind.WORDS, WORDS_FORMAT)

    def _open_copy(self, home: Path, generation: Generation) -> None:
        copy = PrivateCopy(home / "index", home / generation.path)
        try:
            index = _prepared(tantivy.Index(self._schema, path=str(copy.make())))
            count = index.searcher().num_docs
        except (ValueError, OSError) as error:
            count, reason = -1, str(error)
        else:
            reason = f"it holds {count} passages, not {generation.passages}"
        if count != generation.passages:
            copy.remove()
            _LOG.warning("lexical generation %s is broken and set aside, building from SQL: %s", generation.id, reason)
            with self._database.begin() as db:
                generations.quarantine(db, generation.id)
            return
        self._copy = copy
        self._serve(index, generation.version)

    def _catch_up(self) -> None:
        assert self._index is not None
        try:
            if self._writer is None:
                heap = _WRITER_BYTES if self._version else _BUILD_BYTES  # more bytes, fewer segments to search
                self._writer = self._index.writer(heap_size=heap, num_threads=1)
            with self._database.read() as db:
                version = passages.version(db)
                for gone in passages.removed_since(db, self._version) if self._version else ():
                    self._writer.delete_documents_by_term("id", gone)
                add(self._writer, passages.changed_since(db, self._version), replace=self._version > 0)
            self._writer.commit()
            if not self._version:
                self._writer.wait_merging_threads()  # also ends this writer; the next one is small
                self._writer = None
            self._index.reload()
        except (ValueError, OSError) as error:
            self._forget()  # the next search starts over from SQL
            raise IndexUnavailable(f"the lexical index cannot be written: {error}") from error
        self._serve(self._index, version)


def _search(served: _Served | None, query: tantivy.Query, k: int) -> list[Scored]:
    if served is None:
        raise IndexUnavailable("the lexical index is not open")
    searcher = served.searcher
    try:
        found = searcher.search(query, limit=k, count=False).hits
        return [Scored(str(searcher.doc(address)["id"][0]), float(score)) for score, address in found]
    except (ValueError, OSError) as error:
        raise IndexUnavailable(f"the lexical index cannot be read: {error}") from error


def build(database: Database, folder: Path, on_passage: Callable[[], None] | None = None) -> tuple[int, int]:
    """Write an index of all passages into an empty folder; return its corpus version and number of passages."""
    index = _prepared(tantivy.Index(_schema(), path=str(folder)))
    writer = index.writer(heap_size=_BUILD_BYTES, num_threads=1)
    with database.read() as db:
        version = passages.version(db)
        add(writer, passages.changed_since(db, 0), replace=False, on_passage=on_passage)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return version, int(index.searcher().num_docs)


def stored_ids(folder: Path) -> frozenset[str]:
    """Return the ids of all passages in a built index.

    Raises:
        IndexUnavailable: the folder holds no readable index.
    """
    try:
        index = _prepared(tantivy.Index(_schema(), path=str(folder)))
        searcher = index.searcher()
        hits = searcher.search(tantivy.Query.all_query(), limit=max(1, searcher.num_docs), count=False).hits
        return frozenset(str(searcher.doc(address)["id"][0]) for _, address in hits)
    except (ValueError, OSError) as error:
        raise IndexUnavailable(f"the lexical index in {folder} cannot be read: {error}") from error


def add(
    writer: tantivy.IndexWriter,
    entries: Iterable[IndexedPassage],
    *,
    replace: bool,
    on_passage: Callable[[], None] | None = None,
) -> None:
    """Write passages; `replace` first deletes what has their ids."""
    for entry in entries:
        if replace:
            writer.delete_documents_by_term("id", entry.id)
        document = tantivy.Document()
        document.add_text("id", entry.id)
        document.add_text("heads", _clean(f"{entry.title}\n{entry.heading}"))
        document.add_text("whole", _clean(f"{entry.title}\n{entry.heading}\n{entry.text}"))
        document.add_text("kind", entry.kind.value)
        for label in entry.labels:
            document.add_text("labels", label)
        writer.add_document(document)
        if on_passage is not None:
            on_passage()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("labels", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    for name, _ in FIELD_BOOSTS:
        builder.add_text_field(name, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(40),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        words = words.filter(step)
    return words.build()


def _prepared(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer(_ANALYZER, _analyzer())
    return index


def _any_of(schema: tantivy.Schema, name: str, values: Iterable[str]) -> tantivy.Query:
    # Terms rather than a term set: a third of the time for forty ids, half of it for a label.
    terms = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, name, one, "basic")) for one in sorted(values)]
    return tantivy.Query.const_score_query(tantivy.Query.boolean_query(terms), 0.0)


def _boosted(query: tantivy.Query, boost: float) -> tantivy.Query:
    return query if boost == 1.0 else tantivy.Query.boost_query(query, boost)


def _clean(text: str) -> str:
    """Return text that UTF-8 can hold (lone surrogates come from broken files)."""
    return text.encode("utf-8", "replace").decode("utf-8")
