"""Whether the arms have the persons they should have: the check for a sample ratio mismatch.

Where persons are lost on the way into one arm, the arms are not alike any more and their difference says nothing. The
test looks at persons, since exposures of one person come together, and it may be looked at after each of them: it is
the sequential multinomial test of Lindon and Malek (2022, "Anytime-valid inference for multinomial count data"), which
weighs the planned shares against shares drawn from a Dirichlet distribution around them. By Ville's inequality the
chance that the weight ever passes 1 / α where nothing is wrong is at most α. The chi-square of the same counts is
shown beside it, because readers know it; it decides nothing, as it may be looked at once only.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

ALPHA = 0.001
CONCENTRATION = 20.0
"""How many persons' worth the Dirichlet distribution is drawn together around the planned shares. With 20, people lost
at random so that 70 : 30 come where 50 : 50 should are found after 105 persons and 60 : 40 after 375 (medians of 60
runs); with 1 after 115 and 463, with 100 after 155 and 495."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Persons per arm, the planned shares, and the probability bound that holds at all looks together.

    `p` is at most 1 and never too small, however often it was looked at; `chi_square_p` holds for one look.
    """

    persons: tuple[int, ...]
    shares: tuple[float, ...]
    p: float
    chi_square_p: float

    @property
    def is_broken(self) -> bool:
        """Tell whether the arms have not the persons they should have."""
        return self.p < ALPHA


def weigh(persons: Sequence[int], shares: Sequence[float]) -> Balance:
    """Compare the number of persons per arm with the planned shares, which sum to 1."""
    from scipy.stats import chi2  # type: ignore[import-untyped]  # noqa: PLC0415 - slow, for analyses only, no types

    total = sum(persons)
    prior = [CONCENTRATION * share for share in shares]
    weight = _log_beta([a + n for a, n in zip(prior, persons, strict=True)]) - _log_beta(prior)
    weight -= sum(n * math.log(share) for n, share in zip(persons, shares, strict=True))
    expected = [total * share for share in shares]
    squares = sum((n - e) ** 2 / e for n, e in zip(persons, expected, strict=True)) if total else 0.0
    chi_square_p = float(chi2.sf(squares, len(shares) - 1))
    return Balance(tuple(persons), tuple(shares), min(1.0, math.exp(-max(weight, 0.0))), chi_square_p)


def _log_beta(parts: Sequence[float]) -> float:
    return sum(math.lgamma(part) for part in parts) - math.lgamma(sum(parts))
