"""Data folders as the benchmarks read them: `corpus.jsonl.gz`, `queries.jsonl.gz`, `qrels.tsv`.

`load` puts a corpus straight into the store, one passage per line, with vectors from a cache when there is one, so that
a benchmark of retrieval does not wait for a benchmark of encoding.
"""

import csv
import gzip
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import insert

from flywheel.model import PUBLIC, Kind
from flywheel.ports import Encoder, Vectors
from flywheel.store.database import Database
from flywheel.store.knowledge_tables import AccessRow, CorpusRow, DocumentRow, EmbeddingRow, PassageRow

_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a corpus."""

    id: str
    title: str
    text: str
    kind: str = Kind.TEXT.value


@dataclass(frozen=True, slots=True)
class Query:
    """One question with its graded relevant lines."""

    id: str
    text: str
    split: str
    relevant: dict[str, float]


@dataclass(frozen=True, slots=True)
class Corpus:
    """A data folder; `vectors` has one row per line and `query_vectors` one per query."""

    name: str
    lines: tuple[Line, ...]
    queries: tuple[Query, ...]
    vectors: Vectors
    query_vectors: Vectors


def say(line: str) -> None:
    """Print a line of a benchmark at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def read(folder: Path, encoder: Encoder, cache: Path, limit: int | None = None) -> Corpus:
    """Read a data folder; with a limit, its first lines and the queries whose relevant lines are all among them."""
    lines = tuple(
        Line(row["_id"], row.get("title") or "", row["text"], _kind(row))
        for row in _jsonl(folder / "corpus.jsonl.gz")[:limit]
    )
    here = {line.id for line in lines}
    relevant = _relevant(folder / "qrels.tsv")
    queries = tuple(
        Query(row["_id"], row["text"], row["split"], relevant[row["_id"]])
        for row in _jsonl(folder / "queries.jsonl.gz")
        if relevant[row["_id"]] and relevant[row["_id"]].keys() <= here
    )
    texts = ["\n".join(part for part in (line.title, line.text) if part) for line in lines]
    return Corpus(
        folder.name,
        lines,
        queries,
        encoded(encoder, texts, cache),
        encoded(encoder, [query.text for query in queries], cache),
    )


def together(corpora: Sequence[Corpus]) -> Corpus:
    """Return one corpus of several, as one index would hold them."""
    return Corpus(
        "+".join(one.name for one in corpora),
        tuple(line for one in corpora for line in one.lines),
        tuple(query for one in corpora for query in one.queries),
        np.concatenate([one.vectors for one in corpora]),
        np.concatenate([one.query_vectors for one in corpora]),
    )


def encoded(encoder: Encoder, texts: Sequence[str], cache: Path) -> Vectors:
    """Return the texts' vectors, from the cache folder when the same texts were encoded before."""
    key = hashlib.sha256("\0".join((encoder.name, *texts)).encode()).hexdigest()[:24]
    path = cache / f"{key}.npy"
    if path.exists():
        kept: Vectors = np.load(path, allow_pickle=False)
        return kept
    cache.mkdir(parents=True, exist_ok=True)
    vectors = encoder.encode(texts)
    np.save(path, vectors)
    return vectors


def load(database: Database, corpus: Corpus, encoder: str) -> None:
    """Put a corpus into an empty store as corpus version 1, public; the passage ids are the lines' ids."""
    for start in range(0, len(corpus.lines), _BATCH):
        lines = corpus.lines[start : start + _BATCH]
        vectors = corpus.vectors[start : start + _BATCH]
        with database.begin() as db:
            db.execute(insert(DocumentRow), [_document(corpus.name, line) for line in lines])
            db.execute(insert(AccessRow), [{"document_id": line.id, "label": PUBLIC} for line in lines])
            db.execute(insert(PassageRow), [_passage(line) for line in lines])
            rows = [
                {"passage_id": line.id, "encoder": encoder, "vector": vector.tobytes()}
                for line, vector in zip(lines, vectors, strict=True)
            ]
            db.execute(insert(EmbeddingRow), rows)
    with database.begin() as db:
        db.add(CorpusRow(id=1, version=1))


def _document(source: str, line: Line) -> dict[str, object]:
    return {
        "id": line.id,
        "source": f"{source}.jsonl.gz",
        "external_id": line.id,
        "title": line.title,
        "kind": line.kind,
        "content_hash": "",
        "indexed_at": _DAY,
    }


def _passage(line: Line) -> dict[str, object]:
    return {
        "id": line.id,
        "document_id": line.id,
        "ordinal": 0,
        "text": line.text,
        "kind": line.kind,
        "heading_path": [],
        "version": 1,
    }


def _kind(row: dict[str, str]) -> str:
    said = row.get("source_type", "")
    return said if said in set(Kind) else Kind.TEXT.value


def _jsonl(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _relevant(path: Path) -> defaultdict[str, dict[str, float]]:
    relevant: defaultdict[str, dict[str, float]] = defaultdict(dict)
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            relevant[row["query-id"]][row["corpus-id"]] = float(row["score"])
    return relevant
