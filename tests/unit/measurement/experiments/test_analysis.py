"""What follows from exposures and what people did: a winner, no difference, harm, nothing."""

from dataclasses import replace
from datetime import timedelta

from flywheel.learning.confidence_sequence import Difference
from flywheel.measurement.experiments import outcomes
from flywheel.measurement.experiments.analysis import Analysis, Finding, is_hurt, judge
from flywheel.measurement.experiments.conclusion import sentence, standing
from flywheel.model import SignalKind
from flywheel.store.experiments import Experiment, Exposed
from tests.parts import MOMENT
from tests.unit.measurement.experiments.made import EXPERIMENT, LATER, exposures, stopped, voted

UP, DOWN, AGAIN = SignalKind.THUMBS_UP, SignalKind.THUMBS_DOWN, SignalKind.FOLLOW_UP


def looked(share: float, *, persons: int = 80, each: int = 5, days: float = 20) -> Analysis:
    """Return what is found where this share of B's answers and one in five of A's got a yes."""
    shown = exposures({"A": persons, "B": persons}, each)
    return judge(EXPERIMENT, shown, voted(shown, {"A": 0.2, "B": share}, UP), MOMENT + timedelta(days=days))


def test_the_better_arm_wins() -> None:
    found = looked(0.4)

    assert (found.finding, found.winner, found.is_final) == (Finding.WINNER, "B", True)


def test_the_control_wins_where_the_other_is_worse() -> None:
    assert looked(0.05).winner == "A"


def test_equal_arms_show_no_difference_that_matters() -> None:
    assert looked(0.2, persons=150).finding is Finding.NO_DIFFERENCE


def test_a_few_answers_leave_it_undecided() -> None:
    found = looked(0.3, persons=20)

    assert (found.finding, found.is_final) == (Finding.UNDECIDED, False)


def test_nothing_is_decided_within_the_first_week() -> None:
    assert looked(0.9, days=6.9).finding is Finding.UNDECIDED


def test_eight_weeks_are_the_end() -> None:
    found = looked(0.3, persons=20, days=56)

    assert (found.finding, found.is_final) == (Finding.UNDECIDED, True)


def test_a_winner_that_makes_people_ask_again_does_harm() -> None:
    shown = exposures({"A": 80, "B": 80})
    about = voted(shown, {"B": 0.5}, UP)
    for answer, done in voted(shown, {"A": 0.05, "B": 0.5}, AGAIN).items():
        about[answer] = [*about.get(answer, ()), *done]

    assert judge(EXPERIMENT, shown, about, LATER).finding is Finding.HARM


def test_slow_answers_in_one_arm_are_harm() -> None:
    shown = [replace(one, ms=30_000.0) if one.arm == "B" else one for one in exposures({"A": 40, "B": 40})]

    assert judge(EXPERIMENT, shown, {}, LATER).finding is Finding.HARM


def test_more_feedback_that_says_no_is_harm() -> None:
    shown = exposures({"A": 80, "B": 80})
    about = {**voted([one for one in shown if one.arm == "A"], {"A": 0.3}, UP),
             **voted([one for one in shown if one.arm == "B"], {"B": 0.6}, DOWN)}  # fmt: skip

    assert judge(EXPERIMENT, shown, about, LATER).finding is Finding.HARM


def test_a_planted_mismatch_blocks_every_conclusion() -> None:
    shown = exposures({"A": 140, "B": 60})

    found = judge(EXPERIMENT, shown, voted(shown, {"A": 0.1, "B": 0.6}, UP), LATER)

    assert (found.finding, found.winner) == (Finding.UNBALANCED, None)
    assert "not the people they should have" in sentence(EXPERIMENT, found)


def test_a_person_who_met_two_arms_blocks_every_conclusion() -> None:
    shown = exposures({"A": 50, "B": 50})
    shown.append(Exposed("A1", "B", "x", MOMENT, None))

    assert judge(EXPERIMENT, shown, {}, LATER).finding is Finding.UNBALANCED


def test_what_is_not_a_day_old_does_not_count_yet() -> None:
    shown = [Exposed("A1", "A", "a", MOMENT, None), Exposed("B1", "B", "b", MOMENT + timedelta(hours=2), None)]

    assert judge(EXPERIMENT, shown, {}, MOMENT + timedelta(hours=25)).ripe == 1


def test_a_vote_after_a_day_does_not_count() -> None:
    shown = exposures({"A": 40, "B": 40})
    late = {answer: [replace(done[0], at=done[0].at + timedelta(days=2))]
            for answer, done in voted(shown, {"A": 1.0, "B": 1.0}, UP).items()}  # fmt: skip

    assert judge(EXPERIMENT, shown, late, LATER).compared["B"].treated == 0.0


def test_the_plain_words_hold_the_numbers() -> None:
    told = standing(EXPERIMENT, looked(0.4))

    assert "800 answers to 160 people" in told
    assert "answers with feedback 40 % of 400 in B, 20 % of 400 in A: +20.0 points" in told


def test_one_that_was_stopped_says_so() -> None:
    found = looked(0.3, persons=20)

    assert sentence(stopped(), found).startswith("Stopped early. Undecided: answers with feedback 30 % of 100 in B")


def test_one_that_never_ran_was_given_up() -> None:
    draft: Experiment = replace(EXPERIMENT, started_at=None)

    assert sentence(draft, None) == "It was given up before it started."


def test_it_is_plain_json() -> None:
    found = looked(0.4).as_json()

    assert found["finding"] == "winner"
    assert abs(found["compared"]["B"]["estimate"] - 0.2) < 0.001


def test_a_little_worse_is_tolerated() -> None:
    harmed = Difference(0.6, 0.7, (400, 400), (60, 60), low=-0.15, high=-0.04)

    assert not is_hurt(outcomes.named("satisfaction"), harmed)
    assert is_hurt(outcomes.named("satisfaction"), replace(harmed, high=-0.06))
