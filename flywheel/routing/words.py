"""The words of a question as numbers: hashed words and word pairs, for the router's linear part.

The first word makes a pair with the beginning, because how a question begins says much about what it wants.

A *bucket* is a place in [0, BUCKETS) that a word or a pair of neighbouring words falls into by its CRC-32. There is no
vocabulary to keep, and two words that share a bucket do little harm among 4,096 (Weinberger et al., 2009, "Feature
hashing for large scale multitask learning").
"""

import itertools
import re
import zlib
from collections import Counter

import numpy as np
from numpy.typing import NDArray

BUCKETS = 4_096
WEIGHT = 0.6
"""The length of a question's words beside its vector of length 1; chosen on train questions of banking77, clinc150
and handbook_wiki, nl2bash and fetaqa together (0.4 to 1.0 serve nearly as well)."""
_WORD = re.compile(r"\w+")


def buckets(text: str) -> dict[int, float]:
    """Return how often each bucket is hit, dampened: 1 + ln(count)."""
    words = _WORD.findall(text.casefold())
    terms = [*words, *(f"{one} {other}" for one, other in itertools.pairwise(["^", *words]))]
    counted = Counter(zlib.crc32(term.encode()) % BUCKETS for term in terms)
    return {bucket: 1.0 + float(np.log(count)) for bucket, count in counted.items()}


def weighed(text: str, rarity: NDArray[np.float32]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the buckets of a text and their values, a row of length `WEIGHT`; `rarity` has one weight per bucket."""
    found = buckets(text)
    places = np.fromiter(found, dtype=np.int64, count=len(found))
    values = np.fromiter(found.values(), dtype=np.float32, count=len(found)) * rarity[places]
    length = float(np.linalg.norm(values))
    return places, values * np.float32(WEIGHT / length if length else 0.0)
