"""Arrays inside artefacts: base64 of little-endian numbers behind a shape that is known beforehand.

Half precision is a thousandth of a number: far below what votes pin down, and too coarse for the last bit of a
processor to change an artefact's hash.
"""

import base64
import binascii

import numpy as np
from numpy.typing import NDArray

from flywheel.errors import ArtefactError

Array = NDArray[np.float32]


def packed(array: NDArray[np.floating]) -> str:
    """Return an array as text, in half precision."""
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f2").tobytes()).decode("ascii")


def unpacked(text: object, shape: tuple[int, int]) -> Array:
    """Return the array that `packed` wrote.

    Raises:
        ArtefactError: the text is no such array, of another shape, or holds a number that is not finite.
    """
    try:
        values = np.frombuffer(base64.b64decode(str(text), validate=True), dtype="<f2")
    except (binascii.Error, ValueError) as error:
        raise ArtefactError("an array of the artefact is not base64 of half-precision numbers") from error
    if values.size != shape[0] * shape[1] or not np.isfinite(values).all():
        raise ArtefactError(f"an array of the artefact is not {shape[0]} by {shape[1]} finite numbers")
    return np.ascontiguousarray(values.reshape(shape), dtype=np.float32)


def count(value: object) -> int:
    """Return a size that an artefact names.

    Raises:
        ArtefactError: it is not a whole number of 0 or more.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ArtefactError(f"the artefact names {value!r} where a count belongs")
    return value


def number(value: object, low: float, high: float) -> float:
    """Return a number that an artefact names.

    Raises:
        ArtefactError: it is no number between `low` and `high`.
    """
    if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
        raise ArtefactError(f"the artefact names {value!r} where a number from {low:g} to {high:g} belongs")
    return float(value)
