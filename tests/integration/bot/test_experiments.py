"""`/ask experiments`: administrators see what runs, and start, stop and adopt; others are refused."""

from typing import Any

import pytest

from flywheel.core import Core
from flywheel.measurement.experiments import acts
from flywheel.measurement.experiments.acts import Design
from flywheel.store import experiments, questions
from flywheel.store.experiments import Experiment
from tests.integration.bot.world import People, eventually, words


@pytest.fixture
def draft(core: Core) -> Experiment:
    values = ("Did we answer your question?", "Is this right?")
    return acts.draft(core, Design("question_wording", "Fewer words get more feedback.", values), "U1")


def command(people: People, by: str) -> dict[str, Any]:
    """Ask for the experiments and return what comes."""
    people.act("commands", by=by, channel="C1", command="/ask", text="experiments")
    return dict(eventually(lambda: private(people, by))[0])


def private(people: People, by: str, text: str = "") -> list[dict[str, Any]]:
    return [one for one in people.messages(by, "C1") if one.get("ephemeral") and text in words(one)]


def state(core: Core, one: Experiment) -> str:
    with core.database.read() as db:
        return experiments.find(db, one.id).state.value


def test_an_administrator_sees_what_is_compared(people: People, draft: Experiment) -> None:
    shown = words(command(people, "U1"))

    assert "“Did we answer your question?” (A) against “Is this right?” (B)" in shown
    assert "No experiment has been started yet." in shown


def test_others_do_not(people: People, draft: Experiment) -> None:
    assert "Only administrators" in words(command(people, "U2"))


def test_the_word_is_not_taken_for_a_question_as_well(people: People, core: Core, draft: Experiment) -> None:
    command(people, "U1")

    with core.database.read() as db:
        assert questions.recent_of(db, "U1") == []


def test_a_press_starts_it_and_the_list_shows_it(people: People, core: Core, draft: Experiment) -> None:
    people.press("U1", "C1", command(people, "U1"), "experiment_start")

    assert eventually(lambda: private(people, "U1", "*Running*"))
    assert state(core, draft) == "running"


def test_a_press_stops_it(people: People, core: Core, draft: Experiment) -> None:
    acts.start(core, draft.id, "U1")
    people.press("U1", "C1", command(people, "U1"), "experiment_stop")

    assert eventually(lambda: private(people, "U1", "*Stopped*"))
    assert state(core, draft) == "stopped"


def test_what_cannot_be_done_is_said(people: People, core: Core, draft: Experiment) -> None:
    shown = command(people, "U1")
    acts.stop(core, draft.id, "U1")
    people.press("U1", "C1", shown, "experiment_start")

    assert eventually(lambda: private(people, "U1", "only a draft can be started"))
