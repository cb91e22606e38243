"""Whether the arms have the persons they should have."""

import numpy as np
import pytest

from flywheel.measurement.experiments.balance import weigh

HALVES = (0.5, 0.5)


def test_a_lost_part_of_one_arm_is_found() -> None:
    assert weigh((140, 60), HALVES).is_broken


def test_equal_arms_are_balanced() -> None:
    assert weigh((96, 104), HALVES).p == 1.0


def test_unequal_shares_are_no_mismatch() -> None:
    assert not weigh((180, 20), (0.9, 0.1)).is_broken


def test_a_third_arm_that_is_missing_is_found() -> None:
    assert weigh((60, 62, 15), (1 / 3, 1 / 3, 1 / 3)).is_broken


def test_looking_after_each_few_persons_raises_no_false_alarm() -> None:
    rng = np.random.default_rng(5)

    def is_found() -> bool:
        treated = np.cumsum(rng.random(300) < 0.5)
        return any(weigh((int(treated[n]), n + 1 - int(treated[n])), HALVES).is_broken for n in range(5, 300, 10))

    assert sum(is_found() for _ in range(200)) <= 1


def test_readers_see_the_chi_square_they_know() -> None:
    assert weigh((60, 40), HALVES).chi_square_p == pytest.approx(0.0455, abs=1e-4)


def test_nobody_is_balanced() -> None:
    assert weigh((0, 0), HALVES).p == 1.0
