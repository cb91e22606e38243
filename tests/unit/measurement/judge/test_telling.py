"""What the report says of a judge: scores only of one that agrees with people, and money only where it is known."""

from flywheel.measurement.judge.calibration import Calibration
from flywheel.measurement.judge.marks import OVERALL
from flywheel.measurement.judge.scores import Score
from flywheel.measurement.judge.telling import Told, costs, section
from flywheel.measurement.kappa import Agreement
from flywheel.measurement.section import Section
from flywheel.measurement.week import share

SPENT = {"model": "m", "calls": 1, "unreported": 0, "prompt_tokens": 1_000, "completion_tokens": 20, "cost": 0.5}


def told(kappa: float | None) -> Told:
    agreement = None if kappa is None else Agreement(share(40, 50), kappa, kappa - 0.1, kappa + 0.1)
    one = Calibration(100, 0.6, agreement)
    scores = {"faithfulness": Score(0.91, 0.8, 0.96, ("a1", "a2"))}
    calibrations = {OVERALL: one, "faithfulness": one}
    return Told("model m", ("a1", "a2"), ("a3",), scores, calibrations, ("a1",), ("a2",), 0, share(9, 10))


def words(one: Section) -> str:
    return " ".join(line.text for line in one.lines)


def test_without_a_model_it_says_so_in_one_line() -> None:
    made = section([], [], has_model=False)

    assert len(made.lines) == 1
    assert "No language model is configured" in made.lines[0].text


def test_a_model_that_judged_nothing_is_not_said_to_be_missing() -> None:
    assert "No language model" not in words(section([], [], has_model=True))


def test_a_trusted_judge_shows_its_scores_with_n_and_interval() -> None:
    assert "Faithfulness 0.91 of 1 (95 % 0.80–0.96, n = 2" in words(section([told(0.6)], [SPENT], has_model=True))


def test_the_scores_of_a_judge_below_moderate_are_not_shown() -> None:
    said = words(section([told(0.39)], [SPENT], has_model=True))

    assert "not to be trusted" in said
    assert "0.91" not in said


def test_a_judge_without_a_comparison_shows_no_scores() -> None:
    said = words(section([told(None)], [SPENT], has_model=True))

    assert "cannot be compared" in said
    assert "0.91" not in said


def test_lines_name_the_answers_they_count() -> None:
    lines = section([told(0.6)], [SPENT], has_model=True).lines

    assert [line.answers for line in lines if "otherwise" in line.text] == [("a2",)]


def test_the_cost_is_the_sum_of_all_calls() -> None:
    assert costs([SPENT, SPENT])["cost"] == 1.0


def test_a_fraction_of_a_cent_is_not_told_as_nothing() -> None:
    assert "1,020 tokens, $0.0025, besides" in words(section([told(0.6)], [{**SPENT, "cost": 0.00252}], has_model=True))


def test_one_call_without_a_price_makes_the_cost_unknown() -> None:
    found = costs([SPENT, {**SPENT, "cost": None}])

    assert (found["cost"], found["prompt_tokens"]) == (None, 2_000)
