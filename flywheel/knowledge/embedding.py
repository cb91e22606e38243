"""Encode passages: their title, the headings above them and their text, in batches of about the same length."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from flywheel.core import Core
from flywheel.knowledge.progress import Progress
from flywheel.model import Passage
from flywheel.ports import Encoder
from flywheel.store import embeddings

BATCH = 32
_AT_ONCE = 256


def encoded_text(title: str, heading_path: Sequence[str], text: str) -> str:
    """Return what is encoded of a passage. A text that begins with its title does not get it twice."""
    above = [one for one in dict.fromkeys((title, " > ".join(heading_path))) if one]
    if above and re.match(rf"{re.escape(title)}(?!\w)", text, re.IGNORECASE):
        above = above[1:]
    return "\n".join((*above, text))


def searched(passage: Passage) -> str:
    """Return what a passage is searched by: its text, or what stands in the text's place."""
    return passage.text if passage.search_text is None else passage.search_text


def encode_by_length(encoder: Encoder, texts: Sequence[str], progress: Progress) -> list[NDArray[np.float32]]:
    """Return one unit vector per text, in the order given; neighbours in length share a batch, so little is padding."""
    order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
    vectors: dict[int, NDArray[np.float32]] = {}
    for start in range(0, len(order), BATCH):
        numbers = order[start : start + BATCH]
        encoded = encoder.encode([texts[number] for number in numbers])
        vectors.update(zip(numbers, encoded, strict=True))
        progress.advance(0, len(numbers))
    return [vectors[number] for number in range(len(texts))]


def encode_missing(core: Core, progress: Progress) -> int:
    """Encode every passage that has no vector under the core's encoder, and return how many there were.

    A new encoder begins this way. It may be stopped anywhere: what is encoded is stored batch by batch.
    """
    done = 0
    while True:
        with core.database.read() as db:
            waiting = embeddings.unencoded(db, core.encoder.name, _AT_ONCE)
        if not waiting:
            return done
        texts = [encoded_text(one.title, one.heading_path, one.text) for one in waiting]
        vectors = encode_by_length(core.encoder, texts, progress)
        with core.database.begin() as db:
            named = {one.id: vector for one, vector in zip(waiting, vectors, strict=True)}
            embeddings.put(db, core.encoder.name, named)
        done += len(waiting)
