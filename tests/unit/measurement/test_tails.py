"""Exact tails are SciPy's."""

import pytest
from scipy.stats import binom, fisher_exact  # type: ignore[import-untyped]

from flywheel.measurement import tails


@pytest.mark.parametrize(("count", "total", "rate"), [(3, 10, 0.2), (0, 5, 0.3), (90, 100, 0.8), (40, 40, 0.7)])
def test_the_binomial_tail_is_the_textbook_s(count: int, total: int, rate: float) -> None:
    assert tails.binomial(count, total, rate) == pytest.approx(float(binom.sf(count - 1, total, rate)))


@pytest.mark.parametrize(
    ("now", "before"), [((8, 10), (30, 60)), ((0, 10), (5, 60)), ((120, 140), (400, 560)), ((1, 3), (1, 4))]
)
def test_fisher_s_test_is_the_textbook_s(now: tuple[int, int], before: tuple[int, int]) -> None:
    table = [[now[0], now[1] - now[0]], [before[0], before[1] - before[0]]]

    assert tails.fisher(now, before) == pytest.approx(float(fisher_exact(table, alternative="greater")[1]))


def test_nothing_is_no_evidence() -> None:
    assert (tails.fisher((0, 0), (3, 4)), tails.binomial(0, 0, 0.5)) == (1.0, 1.0)
