"""Money in words."""

import pytest

from flywheel.measurement import money


@pytest.mark.parametrize(
    ("dollars", "words"),
    [(0, "$0.00"), (0.00252, "$0.0025"), (0.0126, "$0.013"), (0.1, "$0.10"), (0.999, "$1.00"), (1204.5, "$1,204.50")],
)
def test_an_amount_that_is_something_reads_as_something(dollars: float, words: str) -> None:
    assert money.written(dollars) == words
