"""Training the router: folds, calibration, threshold, and questions made from the index."""

from random import Random

import numpy as np
import pytest

from flywheel.learning.calibration import calibration_error, threshold, wilson_low
from flywheel.learning.folds import folds
from flywheel.learning.router import Example, fit
from flywheel.learning.router_questions import MOST, general, made
from flywheel.learning.written_questions import written
from flywheel.model import Kind
from flywheel.routing.model import OUT
from flywheel.routing.router import NEVER
from flywheel.store.materials import Material
from tests.parts import HashingEncoder


def material(kind: Kind, number: int = 0, **more: object) -> Material:
    """Return a passage of a document of its own."""
    parts = {
        "title": "VPN handbook.md",
        "text": "Install the client first.",
        "heading_path": ("Remote access",),
        **more,
    }
    return Material(f"p{number}", f"d{number}", kind, **parts)  # type: ignore[arg-type]


def texts_of(label: str, *passages: Material) -> list[str]:
    """Return what was made for a label, general questions left out."""
    return [one.text for one in made(passages, Random(1), people=True) if one.label == label and one.group[0] == "d"]


def test_no_group_stands_on_both_sides_of_a_fold() -> None:
    truth, groups = np.array([0, 1] * 12), [f"g{n // 4}" for n in range(24)]

    made = folds(truth, groups, [""] * 24, 1)
    shared = [{groups[row] for row in train} & {groups[row] for row in test} for train, test in made]
    assert shared
    assert not set().union(*shared)


def test_no_form_stands_on_both_sides_of_a_fold() -> None:
    truth, forms = np.array([0, 1] * 30), [f"f{n % 7}" for n in range(60)]

    made = folds(truth, [f"g{n}" for n in range(60)], forms, 1)
    shared = [{forms[row] for row in train} & {forms[row] for row in test} for train, test in made]
    assert shared
    assert not set().union(*shared)


def test_every_question_is_tested_once_at_most() -> None:
    truth, forms = np.array([0, 1] * 30), [f"f{n % 7}" if n % 2 else "" for n in range(60)]

    tested = np.concatenate([test for _, test in folds(truth, [f"g{n}" for n in range(60)], forms, 1)])

    assert len(tested) == len(set(tested.tolist()))


def test_one_group_for_a_label_makes_no_folds() -> None:
    assert folds(np.array([0, 0, 1, 1]), ["a", "b", "c", "c"], [""] * 4, 1) == []


def test_the_lower_wilson_bound_is_that_of_the_books() -> None:
    assert wilson_low(np.array([95.0]), np.array([100.0]))[0] == pytest.approx(0.8882, abs=1e-4)


def test_the_threshold_is_the_smallest_confidence_with_enough_precision() -> None:
    confidence = np.linspace(1.0, 0.01, 200)
    right = np.arange(200) < 150

    least = threshold(confidence, right)

    assert wilson_low(np.array([150.0]), np.array([(confidence >= least).sum()]))[0] >= 0.95


def test_twenty_right_answers_are_too_few_for_a_threshold() -> None:
    assert threshold(np.linspace(1, 0.5, 20), np.ones(20, dtype=np.bool_)) == NEVER


def test_probabilities_that_come_true_have_no_calibration_error() -> None:
    assert calibration_error(np.full(10, 0.7), np.arange(10) < 7) == pytest.approx(0.0)


def test_one_question_a_label_trains_a_router_that_is_never_sure() -> None:
    known, encoder = [Example("the code", "code", "a"), Example("the rules", "documents", "b")], HashingEncoder()

    fitted = fit(known, encoder.encode([one.text for one in known]), encoder.name)

    assert fitted.artefact["threshold"] == NEVER


def test_headings_make_questions_for_documents() -> None:
    assert any("emote access" in text for text in texts_of("documents", material(Kind.TEXT)))


def test_headings_make_questions_about_people_too() -> None:
    assert any(
        text.split()[0] in {"Who", "Whom"} for text in texts_of("people", *(material(Kind.TEXT, n) for n in range(9)))
    )


def test_names_of_functions_make_questions_for_code() -> None:
    passage = material(Kind.CODE, detail={"symbol": "Gateway.renewCertificate"}, heading_path=())

    assert any("renew certificate" in text for text in texts_of("code", passage))


def test_columns_and_cells_make_questions_for_tables() -> None:
    passage = material(Kind.TABLE, columns=("Region", "Revenue"), rows=(("North", "12"),))

    assert any("evenue" in text for text in texts_of("tables", passage))


def test_captions_make_questions_for_images() -> None:
    assert any("floor plan" in text for text in texts_of("images", material(Kind.IMAGE, said="Floor plan of Halifax")))


def test_a_name_that_is_only_a_number_makes_no_question() -> None:
    assert texts_of("code", material(Kind.CODE, title="bash-558", heading_path=(), text="ls")) == []


def test_no_more_questions_are_made_than_training_takes() -> None:
    many = [
        material(Kind.TEXT, n, heading_path=(f"Topic {'abcdefghij'[n % 10] * (n // 10 + 1)}",)) for n in range(1_500)
    ]

    assert sum(one.group[0] == "d" for one in made(many, Random(1), people=True)) <= MOST


def test_general_questions_always_hold_some_that_nothing_answers() -> None:
    assert {one.label for one in general({"code"})} == {"code", OUT}


class Scribe:
    """A language model that writes what it was told to write."""

    name = "scribe"

    def __init__(self, reply: str) -> None:
        self._reply = reply

    def stream(self, messages: object, *, max_tokens: int) -> list[str]:
        """Return the reply."""
        return [self._reply]


@pytest.mark.parametrize(
    ("reply", "kept"),
    [
        ('[{"n": 1, "question": "Where do I install the client?"}]', 1),
        ('Sure! [{"n": 1, "question": "Install the client first."}]', 0),
        ('[{"n": 1, "question": "What does the passage say about the client?"}]', 0),
        ('[{"n": 9, "question": "Where do I install the client?"}]', 0),
        ('[{"n": 1, "question": "Which zebra sings at noon?"}]', 0),
        ("I cannot do that [sorry]", 0),
    ],
)
def test_of_what_a_model_writes_only_questions_about_the_passage_are_kept(reply: str, kept: int) -> None:
    found = written(Scribe(reply), HashingEncoder(), [material(Kind.TEXT)])  # type: ignore[arg-type]

    assert len(found) == kept
