"""An encoder that remembers: a turn asks for the same questions' vectors many times, and most are stored already."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from flywheel.ports import Encoder, Vectors


class RememberingEncoder:
    """Encode each text once; `known` maps texts to vectors of the same encoder, shape (dimensions,)."""

    def __init__(self, encoder: Encoder, known: Mapping[str, NDArray[np.float32]]) -> None:
        """Stand in for an encoder."""
        self._encoder = encoder
        self._known = dict(known)

    @property
    def name(self) -> str:
        """Return the encoder's identity: the vectors are its."""
        return self._encoder.name

    @property
    def dimensions(self) -> int:
        """Return the length of a vector."""
        return self._encoder.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, in order; only those not seen before are encoded."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            self._known.update(zip(missing, self._encoder.encode(missing), strict=True))
        rows = [self._known[text] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dimensions)
