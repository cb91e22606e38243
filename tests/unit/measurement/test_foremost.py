"""Which route an answer counts for."""

import pytest

from flywheel.measurement.baselines import foremost


@pytest.mark.parametrize(
    ("chances", "route"),
    [
        ({"documents": 0.2, "code": 0.7}, "code"),
        ({"documents": 0.25, "code": 0.25, "tables": 0.25, "images": 0.25}, ""),  # before a router was trained
        ({}, ""),
    ],
)
def test_an_answer_counts_for_a_route_only_where_one_stands_out(chances: dict[str, float], route: str) -> None:
    assert foremost(chances) == route
