"""Exact tails of counts: how likely at least so many are by chance. Pure, and of the standard library alone."""

import math


def binomial(count: int, total: int, rate: float) -> float:
    """Return the probability of `count` or more among `total` independent ones of probability `rate`."""
    if count <= 0:
        return 1.0
    if rate <= 0:
        return 0.0
    if rate >= 1:
        return 1.0
    logs = (_choose(total, k) + k * math.log(rate) + (total - k) * math.log1p(-rate) for k in range(count, total + 1))
    return min(1.0, math.fsum(map(math.exp, logs)))


def fisher(now: tuple[int, int], before: tuple[int, int]) -> float:
    """Return the one-sided p of a share being larger now than before, each (count, total): Fisher's exact test.

    It is 1 where either has no values.
    """
    (a, n), (b, m) = now, before
    if n == 0 or m == 0:
        return 1.0
    marked, whole = a + b, _choose(n + m, a + b)
    most = min(marked, n)
    logs = (_choose(n, k) + _choose(m, marked - k) - whole for k in range(max(a, marked - m), most + 1))
    return min(1.0, math.fsum(map(math.exp, logs)))


def _choose(n: int, k: int) -> float:
    """Return the logarithm of the number of ways to choose k of n."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
