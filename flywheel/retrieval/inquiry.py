"""A question as both indexes are asked it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from flywheel.model import Audience
from flywheel.ports import Kinds
from flywheel.store.passages import FoundPassage


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question on its way through retrieval, with its vector, shape (dimensions,), length 1.

    `kinds` are the kinds of passages to look among; None means all. `route` says of each kind how near its retriever's
    probability is to the likeliest one's, in [0, 1]; a kind it does not name counts as the likeliest. `sources` are
    the only ones that passages may be of; none mean all.
    """

    text: str
    vector: NDArray[np.float32]
    audience: Audience
    k: int
    kinds: Kinds = None
    route: Mapping[str, float] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()

    def wants(self, found: FoundPassage) -> bool:
        """Tell whether a passage is of a wanted kind and source."""
        is_kind = self.kinds is None or found.kind in self.kinds
        return is_kind and (not self.sources or found.source in self.sources)
