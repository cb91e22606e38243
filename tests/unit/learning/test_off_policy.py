"""Estimates of a policy's value from another one's log, where the value is known."""

from dataclasses import replace

import numpy as np
import pytest

from flywheel.learning.off_policy import Logged, estimates

WORTH = {("easy", "left"): 0.9, ("easy", "right"): 0.3, ("hard", "left"): 0.2, ("hard", "right"): 0.6}
TARGET = {"easy": {"left": 0.9, "right": 0.1}, "hard": {"left": 0.2, "right": 0.8}}
VALUE = 0.5 * (0.9 * 0.9 + 0.1 * 0.3) + 0.5 * (0.2 * 0.2 + 0.8 * 0.6)
"""What the target earns: contexts come equally often."""


def log(n: int, *, left: float = 0.5, seed: int = 1, person: str = "") -> list[Logged]:
    """Return n choices of a policy that goes left with a fixed probability."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        context = "easy" if rng.random() < 0.5 else "hard"
        choice = "left" if rng.random() < left else "right"
        reward = float(rng.random() < WORTH[context, choice])
        rows.append(Logged(choice, reward, left if choice == "left" else 1 - left, TARGET[context], context, person))
    return rows


def rng() -> np.random.Generator:
    """Return a generator for the bootstrap."""
    return np.random.default_rng(2)


@pytest.mark.parametrize("left", [0.5, 0.1, 0.9])
def test_both_estimates_find_the_value_in_closed_form(left: float) -> None:
    for one in estimates(log(4_000, left=left), rng()):
        assert one.value == pytest.approx(VALUE, abs=0.04)
        assert one.low < VALUE < one.high


def test_the_interval_covers_the_value_about_95_times_in_100() -> None:
    found = [estimates(log(300, seed=seed), rng())[1] for seed in range(24)]

    assert sum(one.low <= VALUE <= one.high for one in found) >= 20


def test_the_mean_of_the_log_itself_is_not_the_targets_value() -> None:
    one, _ = estimates(log(4_000, left=0.1), rng())

    assert abs(one.logged - VALUE) > 0.1


def test_a_log_by_the_target_itself_has_its_full_size() -> None:
    rows = [Logged("a", 1.0, 0.5, {"a": 0.5, "b": 0.5}), Logged("b", 0.0, 0.5, {"a": 0.5, "b": 0.5})] * 50

    assert estimates(rows, rng())[0].effective == pytest.approx(100)


def test_a_log_far_from_the_target_says_little() -> None:
    snips, _ = estimates(log(400, left=0.02), rng())

    assert snips.effective < 100


def test_large_weights_are_clipped_at_the_root_of_n_and_counted() -> None:
    rows = [Logged("a", 0.0, 1.0, {"a": 1.0})] * 99 + [Logged("b", 1.0, 0.001, {"b": 1.0})]

    snips, _ = estimates(rows, rng())

    assert snips.clipped == 1
    assert snips.value == pytest.approx(10 / (99 + 10))


def test_choices_that_the_log_never_made_are_told_as_unsupported() -> None:
    rows = [Logged("a", 1.0, 1.0, {"a": 0.3, "never": 0.7})] * 40

    assert estimates(rows, rng())[0].supported == pytest.approx(0.3)


def test_one_persons_rows_are_drawn_together_so_that_they_say_less() -> None:
    rows = [Logged("a", float(n < 100), 1.0, {"a": 1.0}, person=f"p{n // 20}") for n in range(200)]
    alone = estimates([replace(one, person="") for one in rows], rng())[0]

    together = estimates(rows, rng())[0]

    assert together.high - together.low > 2 * (alone.high - alone.low)


@pytest.mark.parametrize(
    "rows",
    [[], [Logged("a", 1.0, 0.0, {"a": 1.0})], [Logged("a", 1.0, 1.5, {"a": 1.0})], [Logged("a", 1.0, 1.0, {"b": 1.0})]],
)
def test_a_log_that_tells_nothing_of_the_target_is_refused(rows: list[Logged]) -> None:
    with pytest.raises(ValueError, match=r"logged|propensity|choice"):
        estimates(rows, rng())
