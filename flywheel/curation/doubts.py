"""Find what was probably said by mistake: labels that the trusted others would not have given.

Confident learning's idea (Northcutt, Jiang and Chuang 2021): a label is judged by a model that has not seen it, against
how sure that model is elsewhere, here with a mixture in the place of class thresholds, which took away right labels of
rare targets. What is found waits for a person; meanwhile it trains nothing.
"""

from collections.abc import Sequence

from flywheel.curation.opinions import Asked, Opinion, beliefs
from flywheel.curation.trust import Trust

BELOW = 0.5
"""The belief below which a label is more likely a mistake than not."""


def doubted(opinions: Sequence[Opinion], asked: Asked, trust: Trust) -> dict[str, float]:
    """Return the opinions of trusted persons that are probably mistakes: key to belief, in [0, `BELOW`)."""
    trusted = [one for one in opinions if not one.person or not trust.is_quarantined(one.person)]
    weights = {person: standing.value for person, standing in trust.standings.items()}
    return {key: belief for key, belief in sorted(beliefs(trusted, asked, weights).items()) if belief < BELOW}
