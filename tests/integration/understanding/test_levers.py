"""What a failure that nobody explained is put down to: by its shortlist, and by what is known of the same question."""

from datetime import timedelta
from typing import Any

import pytest

from flywheel.measurement.understanding.cases import collect, encoded
from flywheel.measurement.understanding.levers import Failure, failures
from flywheel.model import SignalKind
from flywheel.store import credits as stored
from flywheel.store.credits import Attribution, Part
from tests.integration.understanding.world import SEEN, VPN, World
from tests.parts import know

QUESTION = "How do I install the VPN client?"


def failed(world: World, answer_id: str) -> Failure:
    window, before = world.windows()
    cases = collect(window, before)
    return failures(world.core, cases, encoded(world.core, cases), window, before)[answer_id]


def helped(world: World, **answer: Any) -> None:
    """Let somebody else ask the same, and find the answer, which cites p9, helpful."""
    know(world.core, "p9", "The right passage.")
    world.at += timedelta(days=3)
    world.react(SignalKind.THUMBS_UP, [world.one(QUESTION, listed=("p9:0",), cited=("p9:0",), **answer)])


def test_silence_after_nothing_near_is_a_gap_in_the_inventory(world: World) -> None:
    assert failed(world, world.one(QUESTION, abstained=True)).lever == "inventory"


def test_what_helped_elsewhere_and_stood_far_behind_is_the_ranking_s(world: World) -> None:
    helped(world)
    behind = [f"p{n}" for n in range(20, 40)]

    found = failed(world, world.one(QUESTION, abstained=True, listed=(*behind, "p9:0")))

    assert (found.lever, found.place) == ("ranking", 21)


def test_what_helped_elsewhere_and_stood_first_is_the_writing_s(world: World) -> None:
    helped(world)

    assert failed(world, world.one(QUESTION, abstained=True, listed=("p9:0",))).lever == "writing"


def test_what_helped_elsewhere_and_was_not_found_is_a_capability(world: World) -> None:
    helped(world)

    assert failed(world, world.one(QUESTION, abstained=True)).lever == "capability"


def test_what_helped_with_another_question_says_nothing(world: World) -> None:
    helped(world)

    assert failed(world, world.one("When is lunch served on Fridays?", abstained=True)).lever == "inventory"


def test_a_correction_that_names_an_unknown_source_is_a_gap_in_the_inventory(world: World) -> None:
    answer = world.one(QUESTION)
    world.react(SignalKind.THUMBS_DOWN, [answer])
    world.correct([answer], source="https://nowhere.example", person="V0")

    assert failed(world, answer).lever == "inventory"


@pytest.mark.parametrize(("said", "lever"), [(SEEN, "ranking"), (SEEN + timedelta(days=1), "unclear")])
def test_a_reviewer_s_word_counts_from_when_it_was_said(world: World, said: Any, lever: str) -> None:
    answer = world.one(QUESTION)
    world.react(SignalKind.THUMBS_DOWN, [answer])
    word = Attribution("k", answer, "V0", world.at, Part.RANKING, "So.", corrected_by="U9", corrected_at=said)
    with world.core.database.begin() as db:
        stored.put(db, [word])

    assert failed(world, answer).lever == lever


def test_the_passages_that_stood_first_are_kept(world: World) -> None:
    found = failed(world, world.one(QUESTION, abstained=True, listed=("p1", "p2", "p3", "p4")))

    assert found.nearest == ("p1", "p2", "p3")


def test_only_failures_are_explained(world: World) -> None:
    world.ask(VPN, 3)
    window, before = world.windows()
    cases = collect(window, before)

    assert failures(world.core, cases, encoded(world.core, cases), window, before) == {}
