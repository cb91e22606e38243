"""What the tests of answering are made of: hits, and an encoder that hashes words."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from flywheel.answering.evidence import Evidence, gather
from flywheel.answering.words import content_words
from flywheel.model import Hit, Kind, Retriever
from flywheel.ports import Vectors


class WordEncoder:
    """A bag of hashed content words: texts that share words are near. The same in every process."""

    name = "words"
    dimensions = 256

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in content_words(text):
                vectors[row, sum(ord(sign) * 31**place for place, sign in enumerate(word[:8])) % self.dimensions] += 1
            vectors[row] /= np.linalg.norm(vectors[row]) or 1.0
        return vectors


def hit(text: str, title: str = "Page", *, score: float = 1.0, year: int | None = None, kind: Kind = Kind.TEXT) -> Hit:
    """Return a hit whose ids are its title and the beginning of its text."""
    return Hit(
        passage_id=f"{title}/{text[:20]}",
        document_id=title,
        external_id=f"{title}.md",
        title=title,
        text=text,
        retriever=Retriever.DOCUMENTS,
        score=score,
        kind=kind,
        updated_at=datetime(year, 3, 4, tzinfo=UTC) if year else None,
        features={"dense": 0.6, "dense_rank": 1, "bm25_rank": 1},
    )


def evidence(question: str, *hits: Hit) -> list[Evidence]:
    """Return the evidence for a question under the word encoder."""
    return gather(WordEncoder(), question, hits)
