"""The router's artefact: what is packed comes back, what is broken is refused."""

import numpy as np
import pytest

from flywheel.errors import ArtefactError
from flywheel.learning.router import Example, fit
from flywheel.routing.model import OUT, packed, unpacked
from flywheel.routing.words import BUCKETS, WEIGHT, weighed
from tests.parts import HashingEncoder

CODE = [f"which function parses the {what}" for what in ("date", "name", "address", "price", "order", "header")]
DOCUMENTS = [f"what is our policy on {what}" for what in ("travel", "leave", "gifts", "pets", "noise", "overtime")]
OUTSIDE = [f"tell me a joke about {what}" for what in ("cats", "dogs", "cows", "birds", "fish", "bees")]
ENCODER = HashingEncoder()


def examples() -> list[Example]:
    """Return six questions of each of three labels."""
    of = (("code", CODE), ("documents", DOCUMENTS), (OUT, OUTSIDE))
    return [Example(text, label, text) for label, texts in of for text in texts]


def trained() -> dict[str, object]:
    """Return the artefact of a router trained on them."""
    known = examples()
    return fit(known, ENCODER.encode([one.text for one in known]), ENCODER.name).artefact


@pytest.fixture(scope="module")
def artefact() -> dict[str, object]:
    """Return an artefact; for tests that only read."""
    return trained()


def test_a_question_put_like_those_of_a_label_gets_that_label(artefact: dict[str, object]) -> None:
    judged = unpacked(artefact).judge(ENCODER.encode(["which function parses the colour"])[0], "which function parses")

    assert max(judged.probabilities, key=lambda label: judged.probabilities[label]) == "code"


def test_probabilities_add_up_to_one(artefact: dict[str, object]) -> None:
    judged = unpacked(artefact).judge(ENCODER.encode(["pets"])[0], "pets")

    assert sum(judged.probabilities.values()) == pytest.approx(1.0, abs=1e-5)


def test_a_question_like_those_without_an_answer_is_less_in_scope(artefact: dict[str, object]) -> None:
    model = unpacked(artefact)
    joke, policy = "tell me a joke about ants", "what is our policy on parking"

    scopes = [model.judge(vector, text).scope for vector, text in zip(ENCODER.encode([joke, policy]), (joke, policy))]  # noqa: B905

    assert scopes[0] < scopes[1]


def test_similarity_counts_questions_with_an_answer_only(artefact: dict[str, object]) -> None:
    judged = unpacked(artefact).judge(ENCODER.encode([OUTSIDE[0]])[0], OUTSIDE[0])

    assert judged.similarity < 0.9


def test_the_same_examples_give_the_same_artefact(artefact: dict[str, object]) -> None:
    assert trained() == artefact


def test_packing_again_changes_nothing(artefact: dict[str, object]) -> None:
    assert packed(unpacked(artefact)) == artefact


@pytest.mark.parametrize(
    "broken", [{"format": 2}, {"weights": "not base64!"}, {"bias": ""}, {"blend": [1]}, {"threshold": "high"}]
)
def test_a_broken_artefact_is_refused(artefact: dict[str, object], broken: dict[str, object]) -> None:
    with pytest.raises(ArtefactError):
        unpacked({**artefact, **broken})


def test_the_words_of_a_question_make_a_row_of_fixed_length() -> None:
    _, values = weighed("Who owns the VPN handbook?", np.ones(BUCKETS, dtype=np.float32))

    assert float(np.linalg.norm(values)) == pytest.approx(WEIGHT)


def test_how_a_question_begins_makes_a_difference() -> None:
    even = np.ones(BUCKETS, dtype=np.float32)

    assert set(weighed("who is it", even)[0]) != set(weighed("is it who", even)[0])
