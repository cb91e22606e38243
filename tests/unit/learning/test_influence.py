"""How much one person's judgements decide."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from flywheel.curation.dataset import Group
from flywheel.learning import influence, ranker
from flywheel.learning.influence import Influence, objection, of_persons, told, without
from flywheel.learning.lesson import Lesson
from flywheel.learning.trial import Trial, on_heldout
from tests.unit.learning.groups import lesson, wanting


class Counting:
    """A learner whose model is the share of training questions that were judged by an attacker; more is worse."""

    NAME = SLOT = "counting"

    def enough(self, lesson: Lesson) -> tuple[bool, str]:
        """Agree."""
        return True, ""

    def fit(self, lesson: Lesson) -> dict[str, object]:
        """Return the share."""
        judges = [one.person for one in lesson.parts.train]
        return {"share": judges.count("attacker") / len(judges)}

    def evaluate(self, artefact: Mapping[str, object], lesson: Lesson) -> Trial:
        """Score worse the larger the share is; the champion is right about half of the time."""
        n = len(lesson.parts.heldout)
        champion = np.random.default_rng(1).uniform(0.4, 0.6, n)
        return on_heldout("counting", lesson.parts, champion, np.full(n, 0.9 - float(str(artefact["share"]))))

    def export(self, artefact: Mapping[str, object]) -> str:
        """Return a name."""
        return "x"


def by(person: str, groups: list[Group]) -> list[Group]:
    """Return the questions as judged by one person."""
    return [replace(one, person=person) for one in groups]


def taught(attacker: int) -> Lesson:
    """Return a lesson with so many questions of an attacker's, and ninety of nine honest persons."""
    return lesson([*wanting("rrf", 90), *by("attacker", wanting("rrf", attacker, seed=2))], wanting("rrf", 60, seed=3))


def measured(made: Lesson) -> tuple[Influence, ...]:
    """Return the influences on the counting learner."""
    learner = Counting()
    return of_persons(learner, made, learner.evaluate(learner.fit(made), made))


def test_the_one_who_moves_the_score_most_comes_first() -> None:
    worst = measured(taught(attacker=90))[0]

    assert worst.questions == 90
    assert worst.change == pytest.approx(-0.5)
    assert worst.excessive


def test_nobody_decides_too_much_where_all_teach_the_same() -> None:
    made = lesson(wanting("title_overlap", 180, noise=0.2), wanting("title_overlap", 90, seed=3, noise=0.2))

    found = of_persons(ranker, made, ranker.evaluate(ranker.fit(made), made))

    assert len(found) == 9
    assert not any(one.excessive for one in found)


def test_only_those_who_judged_most_are_left_out() -> None:
    many = [replace(one, person=f"person {n % 30}") for n, one in enumerate(wanting("rrf", 90))]

    assert len(measured(lesson(many, wanting("rrf", 40, seed=3)))) == influence.MOST


def test_the_persons_own_held_out_questions_do_not_count() -> None:
    made = lesson(
        [*wanting("rrf", 90), *by("attacker", wanting("rrf", 90, seed=2))], by("attacker", wanting("rrf", 60, seed=3))
    )

    assert all(one.change == 0 for one in measured(made) if one.questions == 90)


def test_nothing_is_left_to_learn_from_what_a_person_judged() -> None:
    fewer = without(taught(attacker=20), "attacker")

    assert len(fewer.parts.train) == 90
    assert "attacker" not in {one.person for one in fewer.examples.groups}


def test_the_objection_names_nobody_and_gives_the_numbers() -> None:
    said = objection([Influence(3, 80, -0.04, -3.6)])

    assert "80 training questions" in said
    assert "+0.040" in said
    assert "3.6 standard errors" in said


def test_an_influence_within_the_limit_is_no_objection() -> None:
    assert objection([Influence(3, 80, -0.04, -1.9)]) == ""


def test_an_influence_without_any_error_to_compare_with_is_plain_json() -> None:
    assert told([Influence(None, 3, 0.1, float("inf"))])[0]["errors"] is None
