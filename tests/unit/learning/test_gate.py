"""What the gate lets pass, and what it says when it does not."""

from dataclasses import replace

import numpy as np
import pytest

from flywheel.learning.gate import Beside, Decision, judge
from flywheel.learning.guardrails import Guard, Watched
from flywheel.learning.spending import Allowance, level
from flywheel.learning.trial import Trial


def trial(differences: list[float], *, persons: int = 20, unseen: int = 0, learner: str = "reranker") -> Trial:
    """Return a trial with these differences; the last `unseen` questions have targets not seen in training."""
    numbers = np.arange(len(differences)) % persons
    seen = np.arange(len(differences)) < len(differences) - unseen
    champion = np.full(len(differences), 0.4)
    return Trial(learner, champion, champion + np.array(differences), numbers, seen)


def wavering(mean: float, n: int) -> list[float]:
    """Return n differences that waver around a mean as similar rankers do."""
    return [float(one) for one in np.random.default_rng(11).normal(mean, 0.19, n)]


def carried_by_one(*, prolific: int, others: int) -> Trial:
    """Return a trial in which one person's questions gain and twenty others' change nothing."""
    made = trial([0.6] * prolific + [0.0] * others)
    persons = np.array([0] * prolific + [1 + n % 20 for n in range(others)])
    return Trial("reranker", made.champion, made.challenger, persons, made.seen)


def test_a_clear_gain_on_many_questions_is_released() -> None:
    (verdict,) = judge([trial(wavering(0.1, 300))], seed=1)

    assert verdict.decision is Decision.RELEASED


def test_a_clear_gain_on_some_questions_is_released_provisionally() -> None:
    (verdict,) = judge([trial(wavering(0.1, 100))], seed=1)

    assert verdict.decision is Decision.PROVISIONAL


def test_chance_is_held_and_the_reason_gives_p() -> None:
    (verdict,) = judge([trial(wavering(0.0, 300))], seed=1)

    assert verdict.decision is Decision.HELD
    assert f"p = {verdict.p_adjusted:.4f}" in verdict.reason


def test_too_few_questions_are_held_with_what_could_have_been_seen() -> None:
    (verdict,) = judge([trial([0.5, 0.4] * 10)], seed=1)

    assert verdict.decision is Decision.HELD
    assert f"{verdict.overall.smallest:.3f}" in verdict.reason


def test_four_persons_cannot_release_anything() -> None:
    (verdict,) = judge([trial(wavering(0.3, 300), persons=4)], seed=1)

    assert verdict.decision is Decision.HELD
    assert "4 of the 5 persons" in verdict.reason


def test_a_single_prolific_person_cannot_carry_a_release() -> None:
    (verdict,) = judge([carried_by_one(prolific=150, others=60)], seed=1)

    assert verdict.decision is Decision.HELD


def test_a_single_person_cannot_carry_a_provisional_release_either() -> None:
    (verdict,) = judge([carried_by_one(prolific=60, others=60)], seed=1)

    assert verdict.decision is Decision.HELD
    assert "too few persons saw any difference" in verdict.reason


def test_a_loss_on_unseen_targets_stops_a_gain_on_seen_ones() -> None:
    (verdict,) = judge([trial([0.3] * 260 + [-0.2] * 40, unseen=40)], seed=1)

    assert verdict.decision is Decision.HELD
    assert "unseen targets" in verdict.reason


def test_too_few_unseen_targets_to_tell_are_said() -> None:
    (verdict,) = judge([trial(wavering(0.1, 300), unseen=4)], seed=1)

    assert verdict.decision is Decision.RELEASED
    assert any("unseen targets: 4" in note for note in verdict.notes)


def test_two_challengers_for_one_slot_share_one_error_rate() -> None:
    alone = judge([trial(wavering(0.02, 300))], seed=1)[0]
    place = Beside(Allowance(slot="reranker"))
    two = [trial(wavering(0.02, 300)), trial(wavering(0.02, 300), learner="lambdamart")]
    paired = judge(two, seed=1, beside={"reranker": place, "lambdamart": place})[0]

    assert paired.p_adjusted == 2 * (alone.p_adjusted or 0)


def test_the_same_trial_and_seed_give_the_same_verdict() -> None:
    assert judge([trial(wavering(0.05, 100))], seed=9) == judge([trial(wavering(0.05, 100))], seed=9)


def routed(gains: dict[str, float], count: int) -> Trial:
    """Return a trial of as many questions of each route, which gains so much on each."""
    made = trial([one for gain in gains.values() for one in wavering(gain, count)])
    return replace(made, segments={"route": tuple(route for route in gains for _ in range(count))})


def released(count: int, n: int, gain: float, *, sd: float = 0.19) -> int:
    """Return how many of `count` challengers that gain so much are released, or provisionally."""
    rng = np.random.default_rng(n)
    trials = [trial([float(one) for one in rng.normal(gain, sd, n)], persons=12) for _ in range(count)]
    return sum(judge([one], seed=n)[0].decision is not Decision.HELD for one in trials)


@pytest.mark.parametrize("n", [50, 220])
def test_of_challengers_that_are_no_better_one_in_twenty_at_most_is_released(n: int) -> None:
    assert released(60, n, 0.0) <= 3


def test_nor_of_those_that_hardly_differ_from_the_champion() -> None:
    assert released(60, 100, 0.0, sd=0.01) <= 3


@pytest.mark.parametrize("n", [50, 220])
def test_of_truly_better_ones_by_twice_what_can_be_detected_nearly_all_are(n: int) -> None:
    assert released(10, n, 2 * 2.8 * 0.19 / n**0.5) >= 9


def test_a_harmful_one_is_never_released() -> None:
    assert released(20, 100, -0.05) == 0


def test_a_gain_that_passes_at_the_first_try_is_held_at_the_fiftieth() -> None:
    late = {"reranker": Beside(Allowance(50, level(50)))}
    made = trial(wavering(0.03, 300))

    assert judge([made], seed=1)[0].decision is Decision.RELEASED
    assert judge([made], seed=1, beside=late)[0].decision is Decision.HELD


def test_the_verdict_says_which_try_it_was_and_at_what_level() -> None:
    (verdict,) = judge([trial(wavering(0.0, 300))], seed=1, beside={"reranker": Beside(Allowance(7, level(7)))})

    assert "0.0010, the level of try 7 since the last release" in verdict.reason


def test_only_what_could_have_passed_is_a_try() -> None:
    (tested,) = judge([trial(wavering(0.0, 100))], seed=1)
    (unlike_nothing,) = judge([trial([0.0] * 100)], seed=1)

    assert tested.tested
    assert not unlike_nothing.tested


def test_a_route_that_loses_stops_a_gain_on_the_others() -> None:
    (verdict,) = judge([routed({"documents": 0.2, "tables": 0.2, "code": -0.1}, 80)], seed=1)

    assert verdict.decision is Decision.HELD
    assert "80 questions with route code" in verdict.reason


def test_routes_that_all_gain_stop_nothing() -> None:
    (verdict,) = judge([routed({"documents": 0.1, "tables": 0.1, "code": 0.1}, 80)], seed=1)

    assert verdict.decision is Decision.RELEASED


def test_a_broken_guardrail_holds_whatever_is_gained() -> None:
    slow = Beside(watched=(Watched(Guard.LATENCY, 300, 700, 100),))

    (verdict,) = judge([trial(wavering(0.1, 300))], seed=1, beside={"reranker": slow})

    assert verdict.decision is Decision.HELD
    assert "700 ms instead of 300 ms" in verdict.reason


def test_an_objection_of_the_learners_own_holds() -> None:
    (verdict,) = judge([replace(trial(wavering(0.1, 300)), objection="It is too slow.")], seed=1)

    assert verdict.decision is Decision.HELD
    assert verdict.reason.startswith("It is too slow.")


def test_a_challenger_that_cannot_pass_takes_nothing_from_the_others() -> None:
    alone = judge([trial(wavering(0.02, 300))], seed=1)[0]
    beside_nothing = judge([trial(wavering(0.02, 300)), trial([0.0] * 300, learner="fusion")], seed=1)[0]

    assert beside_nothing.p_adjusted == alone.p_adjusted
