"""The vectors of questions are kept, so that a turn encodes none of them again."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from flywheel.answering.ask import Asking, ask
from flywheel.learning.remembering import RememberingEncoder
from flywheel.model import Audience, Surface
from flywheel.ports import Encoder, Vectors
from flywheel.store import question_vectors, questions
from tests.parts import make_core


class Counting:
    """An encoder that counts the texts it is given."""

    def __init__(self, encoder: Encoder) -> None:
        """Count for this encoder."""
        self.name, self.dimensions, self._encoder, self.count = encoder.name, encoder.dimensions, encoder, 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode and count."""
        self.count += len(texts)
        return self._encoder.encode(texts)


def test_a_text_is_encoded_once(tmp_path: Path) -> None:
    counting = Counting(make_core(tmp_path).encoder)
    remembering = RememberingEncoder(counting, {})

    first = remembering.encode(["a", "b", "a"])
    second = remembering.encode(["b", "a"])

    assert counting.count == 2
    assert np.array_equal(first[[1, 0]], second)


def test_no_texts_give_no_rows(tmp_path: Path) -> None:
    encoder = make_core(tmp_path).encoder

    assert RememberingEncoder(encoder, {}).encode([]).shape == (0, encoder.dimensions)


def test_an_asked_question_leaves_the_vector_it_was_searched_with(tmp_path: Path) -> None:
    core = make_core(tmp_path)
    ask(core, Asking("Where is the printer?", "U1", Surface.API, Audience.everyone(), "q1"))

    with core.database.read() as db:
        known = question_vectors.by_text(db, core.encoder.name)

    assert np.allclose(known["Where is the printer?"], core.encoder.encode(["Where is the printer?"])[0])


def test_the_vector_of_another_wording_is_not_used(tmp_path: Path) -> None:
    core = make_core(tmp_path)
    ask(core, Asking("Where is the printer?", "U1", Surface.API, Audience.everyone(), "q1"))

    with core.database.begin() as db:
        questions.replace_text(db, "q1", "Where is the scanner?")
        known = question_vectors.by_text(db, core.encoder.name)

    assert known == {}


def test_vectors_of_another_encoder_stay_away(tmp_path: Path) -> None:
    core = make_core(tmp_path)
    other = replace(core, encoder=Counting(core.encoder))
    ask(core, Asking("Where is the printer?", "U1", Surface.API, Audience.everyone(), "q1"))

    with other.database.read() as db:
        assert question_vectors.by_text(db, "another") == {}
