"""US dollars in words: a week of a small model costs a fraction of a cent, which must not read as nothing."""

import math

_CENTS = 2


def decimals(dollars: float) -> int:
    """Return how many decimals an amount takes: cents, and two significant digits of what is less than a dollar."""
    if dollars <= 0 or dollars >= 1:
        return _CENTS
    return max(_CENTS, 1 - math.floor(math.log10(dollars)))


def written(dollars: float) -> str:
    """Return an amount of zero or more in words, such as $1,204.50 or $0.0025."""
    return f"${dollars:,.{decimals(dollars)}f}"
