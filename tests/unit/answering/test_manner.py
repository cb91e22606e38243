"""How the model is asked follows what was learned: the rules, and the nearest liked answers of the same type."""

from pathlib import Path

import numpy as np
import pytest

from flywheel.answering import manner
from flywheel.answering.manner import EXAMPLES, PROMPT, Library, kind_of, packed
from flywheel.answering.prompt import DEFAULT_RULES, RULES, Example, system
from flywheel.core import Core
from flywheel.errors import ArtefactError
from flywheel.model import Audience
from flywheel.registry import Outcome, Release
from flywheel.store import releases
from tests.parts import MOMENT, know, make_core

LIKED = (
    "How do I moor a boat?",
    "How do I paint a boat?",
    "How do I sail a boat?",
    "How do I sink?",
    "Who owns the boat?",
)


@pytest.fixture
def core(tmp_path: Path) -> Core:
    return make_core(tmp_path)


def library(core: Core) -> dict[str, object]:
    return packed(core.encoder.name, [Example(one, f"{one} So. [1]") for one in LIKED], core.encoder.encode(LIKED))


def serve(core: Core, learner: str, artefact: dict[str, object]) -> str:
    release_id = releases.identity(learner, artefact)
    made = Release(release_id, learner, artefact, {}, "s", MOMENT, Outcome.HELD, serving=False)
    with core.database.begin() as db:
        releases.put(db, made)
        releases.promote(db, release_id)
    return release_id


def shown(core: Core, question: str) -> list[str]:
    serving = manner.read(core.database, core.encoder.name)
    assignment = serving.assignment(question, [], core.encoder.encode([question])[0])
    return [one.question for one in assignment.examples]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How do I moor?", "how"),
        ("How many boats are there?", "how many"),
        ("whom do I ask?", "who"),
        ("What is a boat?", "what"),
        ("May I moor here?", "yes or no"),
        ("boat", "other"),
        ("Whatever the boat", "other"),
    ],
)
def test_a_question_has_a_type(question: str, kind: str) -> None:
    assert kind_of(question) == kind


def test_without_a_release_the_rules_are_plain_and_nothing_is_shown(core: Core) -> None:
    serving = manner.read(core.database, core.encoder.name)

    assert (serving.rules, serving.library) == (DEFAULT_RULES, None)
    assert serving.versions == {"prompt": "default", "examples": "default"}


def test_the_nearest_of_the_same_type_are_shown_the_nearest_last(core: Core) -> None:
    serve(core, EXAMPLES, library(core))

    assert shown(core, "How do I moor the old boat?")[-1] == LIKED[0]
    assert LIKED[4] not in shown(core, "How do I moor the old boat?")


def test_other_types_fill_up_where_there_are_too_few(core: Core) -> None:
    serve(core, EXAMPLES, library(core))

    assert shown(core, "Who sails the boat?")[-1] == LIKED[4]
    assert len(shown(core, "Who sails the boat?")) == manner.SHOWN


def test_only_examples_whose_sources_the_audience_may_read_now_are_shown(core: Core) -> None:
    know(core, "boats.md", "Boats.")
    know(core, "crew.md", "Crew.", access=["channel:C1"])
    sources = {"public": ("boats.md:0",), "private": ("boats.md:0", "crew.md:0"), "gone": ("old.md:0",), "none": ()}
    examples = [Example(name, "So.", passages) for name, passages in sources.items()]

    everyone = manner.readable_by(core.database, Audience.everyone())(examples)
    channel = manner.readable_by(core.database, Audience(frozenset({"public", "channel:C1"})))(examples)

    assert [one.question for one in everyone] == ["public", "none"]
    assert [one.question for one in channel] == ["public", "private", "none"]


def test_a_library_of_another_encoder_is_not_used_and_the_version_says_so(core: Core) -> None:
    serve(core, EXAMPLES, {**library(core), "encoder": "another"})

    serving = manner.read(core.database, core.encoder.name)
    assert serving.library is None
    assert "another encoder" in serving.versions["examples"]


def test_the_rules_that_serve_are_those_of_the_release(core: Core) -> None:
    release_id = serve(core, PROMPT, {"prompt": "steps"})

    serving = manner.read(core.database, core.encoder.name)
    assert (serving.rules, serving.versions["prompt"]) == ("steps", release_id)


def test_rules_that_do_not_exist_leave_the_plain_ones(core: Core) -> None:
    serve(core, PROMPT, {"prompt": "poetry"})

    serving = manner.read(core.database, core.encoder.name)
    assert serving.rules == DEFAULT_RULES
    assert "poetry" in serving.versions["prompt"]


@pytest.mark.parametrize(
    "artefact",
    [{}, {"encoder": "e", "examples": []}, {"encoder": "e", "examples": [{"question": "q", "answer": "a"}]}],
)
def test_a_broken_library_is_refused(artefact: dict[str, object]) -> None:
    with pytest.raises(ArtefactError):
        Library.of(artefact)


def test_a_library_is_read_as_it_was_packed(core: Core) -> None:
    vectors = core.encoder.encode(LIKED)

    assert np.abs(Library.of(library(core)).vectors - vectors).max() < 1e-3


@pytest.mark.parametrize("rules", RULES)
def test_all_rules_keep_the_model_to_the_passages(rules: str) -> None:
    assert "Use only the passages." in system(rules)
    assert "NOT ANSWERED" in system(rules)
