"""Which of the passages on a page a person reads: from the top, until one satisfies, with ever less patience.

The cascade model (Craswell, Zoeter, Taylor and Ramsey, WSDM 2008) with abandonment (Chapelle and Zhang, WWW 2009). The
patience is set so that passage r is read with probability (1 / r) ** steepness where none before it satisfied, which is
the position bias of Joachims, Swaminathan and Schnabel (WSDM 2017). Pure.
"""

from collections.abc import Collection, Sequence
from random import Random


def examined(shown: Sequence[str], wanted: Collection[str], steepness: float, rng: Random) -> list[str]:
    """Return what is read, in order; the last one is wanted, or the person gave up after it."""
    read: list[str] = []
    for rank, one in enumerate(shown, 1):
        if rank > 1 and rng.random() >= ((rank - 1) / rank) ** steepness:
            break
        read.append(one)
        if one in wanted:
            break
    return read
