"""What a language model is shown and told is chosen by what it writes then: a real client against a server here."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from flywheel.answering.manner import Manner
from flywheel.answering.prompt import RULES
from flywheel.core import Core
from flywheel.curation import library
from flywheel.curation.dataset import Dataset
from flywheel.curation.split import split
from flywheel.gateways.openai_chat import OpenAIChat
from flywheel.learning import writing
from flywheel.learning.examples import ExamplesLearner
from flywheel.learning.lesson import Lesson
from flywheel.learning.prompt import PromptLearner
from flywheel.learning.writing import token_f1
from flywheel.model import Signal, SignalKind
from flywheel.registry import Outcome, Release
from flywheel.retrieval import champions
from flywheel.signals.record import record
from flywheel.store import ledger, releases, signals
from flywheel.store.database import Database
from tests.llm_server import LlmServer, Messages, Reply, serving
from tests.parts import MOMENT, StoppedClock, answered, know, make_core

SHIPS = [f"ship{number}" for number in range(36)]


def said(ship: str) -> str:
    return f"{ship.capitalize()} berths at {ship} quay."


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the file of a store where 36 answers were liked, one a day."""
    folder = tmp_path_factory.mktemp("harbour")
    clock = StoppedClock()
    core = make_core(folder, now=clock)
    for number, ship in enumerate(SHIPS):
        know(core, f"{ship}.md", said(ship))
        name, person = f"a{number}", f"U{number % 9}"
        question, text = f"Where does {ship} lie?", f"{said(ship)} [1]"
        answered(core, name, question=question, text=text, cites=[f"{ship}.md:0"], person=person)
        record(core, Signal(f"k{number}", name, SignalKind.THUMBS_UP, person, clock()))
        clock.advance(timedelta(days=1))
    core.database.close()  # the last connection moves the write-ahead log into the file
    return (folder / "test.db").read_bytes()


@pytest.fixture
def core(harbour: bytes, tmp_path: Path) -> Core:
    """Return a core on a copy of that store."""
    path = tmp_path / "test.db"
    path.write_bytes(harbour)
    return make_core(tmp_path, database=Database(f"sqlite:///{path}"), now=StoppedClock(MOMENT + timedelta(days=36)))


def lesson(core: Core) -> Lesson:
    parts = split((), np.zeros((0, core.encoder.dimensions), dtype=np.float32))
    with core.database.read() as db:
        return Lesson(core, ledger.read(db), Dataset((), {}, 0, 0), parts, champions.read(db), 7)


@pytest.fixture
def server() -> Iterator[LlmServer]:
    with serving(Reply("NOT ANSWERED")) as made:
        yield made


def with_model(core: Core, server: LlmServer, reply: Callable[[Messages], str]) -> Lesson:
    server.then(Reply(reply, piece=400))
    return lesson(replace(core, language_model=OpenAIChat("writer", base_url=server.base_url)))


def right(messages: Messages) -> str:
    ship = messages[-1]["content"].rsplit("Where does ", 1)[1].split()[0]
    place = messages[-1]["content"].split(said(ship))[0].count("--- passage ")
    return f"{said(ship)} [{place}]"


def when_shown_examples(messages: Messages) -> str:
    return right(messages) if len(messages) > 2 else "NOT ANSWERED"


def when_told_steps(messages: Messages) -> str:
    return right(messages) if RULES["steps"][0] in messages[0]["content"] else "NOT ANSWERED"


def test_without_a_model_nothing_is_tried(core: Core) -> None:
    for learner in (ExamplesLearner(), PromptLearner()):
        assert learner.enough(lesson(core)) == (
            False,
            "No language model is configured, and liked answers are shown to nobody else",
        )


def test_too_few_liked_answers_are_counted(core: Core, server: LlmServer) -> None:
    with core.database.begin() as db:
        for number in range(7):
            signals.forget(db, f"U{number}")

    enough, why = ExamplesLearner().enough(with_model(core, server, right))

    assert not enough
    assert why.startswith("8 liked answers")


def test_what_was_asked_in_private_is_in_no_library(core: Core) -> None:
    answered(core, "a99", question="Where does my secret lie?", cites=["ship1.md:0"], readers=("public", "user:U1"))
    record(core, Signal("k99", "a99", SignalKind.THUMBS_UP, "U1", MOMENT))

    assert "secret" not in " ".join(one.question for one in library.liked(core))


def test_examples_that_help_win_every_question(core: Core, server: LlmServer) -> None:
    learner, given = ExamplesLearner(), with_model(core, server, when_shown_examples)
    assert learner.enough(given)[0]

    trial = learner.evaluate(learner.fit(given), given)

    assert (trial.champion.max(), trial.challenger.min()) == (0.0, 1.0)
    assert len(trial.question_ids) == len(trial.champion) >= 9


def test_no_held_out_answer_is_in_the_library(core: Core, server: LlmServer) -> None:
    learner, given = ExamplesLearner(), with_model(core, server, right)
    artefact = learner.fit(given)

    held = learner.evaluate(artefact, given).question_ids

    asked = {one.question_id: one.question for one in library.liked(core)}
    assert not [one for one in held if asked[one] in str(artefact["examples"])]


def test_the_same_likes_give_the_same_library(core: Core, server: LlmServer) -> None:
    given = with_model(core, server, right)
    first, second = ExamplesLearner(), ExamplesLearner()

    assert first.export(first.fit(given)) == second.export(second.fit(given))


def test_a_library_that_serves_already_is_not_tried_again(core: Core, server: LlmServer) -> None:
    learner, given = ExamplesLearner(), with_model(core, server, right)
    artefact = learner.fit(given)
    made = Release(learner.export(artefact), "examples", artefact, {}, "s", MOMENT, Outcome.HELD, serving=False)
    with core.database.begin() as db:
        releases.put(db, made)
        releases.promote(db, made.id)

    assert learner.enough(given) == (False, "the library that serves holds the newest liked answers already")


def test_the_rules_that_do_best_are_chosen_and_measured(core: Core, server: LlmServer) -> None:
    learner, given = PromptLearner(), with_model(core, server, when_told_steps)

    artefact = learner.fit(given)
    trial = learner.evaluate(artefact, given)

    assert artefact == {"prompt": "steps"}
    assert (trial.champion.max(), trial.challenger.min()) == (0.0, 1.0)


def test_rules_that_are_no_better_leave_those_that_serve(core: Core, server: LlmServer) -> None:
    learner, given = PromptLearner(), with_model(core, server, right)

    artefact = learner.fit(given)
    trial = learner.evaluate(artefact, given)

    assert artefact == {"prompt": "plain"}
    assert (trial.challenger == trial.champion).all()


def test_a_model_that_writes_nothing_is_an_objection(core: Core, server: LlmServer) -> None:
    learner, given = ExamplesLearner(), with_model(core, server, lambda _: "NOT ANSWERED")

    assert "wrote no answer" in learner.evaluate(learner.fit(given), given).objection


def test_a_trial_of_no_questions_has_figures_of_nothing(core: Core, server: LlmServer) -> None:
    model = OpenAIChat("writer", base_url=server.base_url)
    nothing = writing.written(model, [], Manner())

    trial = writing.trial("examples", model, lesson(core).parts, (nothing, nothing))

    assert (len(trial.champion), trial.objection) == (0, "")
    assert nothing.means() == dict.fromkeys(("score", "kept", "likeness", "cited", "precise"), 0.0)


@pytest.mark.parametrize(
    ("one", "other", "f1"),
    [("Moor it. [1]", "moor it", 1.0), ("moor it", "sink it", 0.5), ("moor", "sink", 0.0), ("", "moor", 0.0)],
)
def test_likeness_counts_words_and_no_marks(one: str, other: str, f1: float) -> None:
    assert token_f1(one, other) == f1
