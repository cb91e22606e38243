"""How one person's opinions fared before the others: what trust is made of."""

import math
from dataclasses import dataclass

PRIOR = 2.0
"""Beta(2, 2): an attacker came to .01 with it, and no honest person below .77 (CLINC150, 50 honest persons)."""
LEAST = 0.5
CERTAIN = 1.28
"""Standard deviations by which trust must lie below `LEAST`: nine times in ten. Without them one disagreement between
two persons would quarantine both."""
_PROVEN = 2.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How many opinions the others bore out, and how many not (sums of beliefs); `acts` counts all of them."""

    agreed: float = 0.0
    disagreed: float = 0.0
    acts: int = 0

    @property
    def value(self) -> float:
        """Return the trust, in (0, 1); without any evidence it is a half, which is enough."""
        return (PRIOR + self.agreed) / (2 * PRIOR + self.judged)

    @property
    def judged(self) -> float:
        """Return how many opinions the others could judge."""
        return self.agreed + self.disagreed

    @property
    def is_quarantined(self) -> bool:
        """Tell whether the trust is below `LEAST` for certain."""
        deviation = math.sqrt(self.value * (1 - self.value) / (2 * PRIOR + self.judged + 1))
        return self.value + CERTAIN * deviation < LEAST

    @property
    def is_proven(self) -> bool:
        """Tell whether the trust was earned: a new account is not quarantined, and may not yet vouch for anything."""
        return self.value >= LEAST and self.agreed >= _PROVEN
