"""What the gate lets pass, and what it says when it does not."""

import numpy as np

from flywheel.learning.gate import Decision, Trial, judge


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
    assert "without the one person" in verdict.reason


def test_a_loss_on_unseen_targets_stops_a_gain_on_seen_ones() -> None:
    (verdict,) = judge([trial([0.3] * 260 + [-0.2] * 40, unseen=40)], seed=1)

    assert verdict.decision is Decision.HELD
    assert "unseen targets" in verdict.reason


def test_too_few_unseen_targets_to_tell_are_said() -> None:
    (verdict,) = judge([trial(wavering(0.1, 300), unseen=4)], seed=1)

    assert verdict.decision is Decision.RELEASED
    assert any("unseen targets: 4" in note for note in verdict.notes)


def test_two_challengers_of_a_turn_share_one_error_rate() -> None:
    alone = judge([trial(wavering(0.02, 300))], seed=1)[0]
    paired = judge([trial(wavering(0.02, 300)), trial(wavering(0.02, 300), learner="fusion")], seed=1)[0]

    assert paired.p_adjusted == 2 * (alone.p_adjusted or 0)


def test_the_same_trial_and_seed_give_the_same_verdict() -> None:
    assert judge([trial(wavering(0.05, 100))], seed=9) == judge([trial(wavering(0.05, 100))], seed=9)
